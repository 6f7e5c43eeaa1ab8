package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

// adviseUpdate words the refusals of an update; no text for others. Which there are is from Cosmos' error types.
func (s *session) adviseUpdate(e *client.CosmosError) advice {
	switch e.Type {
	case "AppIdChanged":
		return advice{
			text: fmt.Sprintf("the name of a service cannot change (from %q to %q)", e.Data.OldAppID, e.Data.NewAppID),
			try:  []string{fmt.Sprintf("Set service.name to %q in the options.", e.Data.OldAppID)},
		}
	case "BadVersionUpdate":
		try := "There is no version that it can change to."
		if len(e.Data.ValidVersions) > 0 {
			try = "It can change to: " + strings.Join(e.Data.ValidVersions, ", ")
		}
		return advice{text: "the service cannot change to this version of the package", answer: e.Message, try: []string{try}}
	case "JsonSchemaMismatch":
		return advice{
			text:   "the options do not fit the package",
			answer: schemaErrors(e),
			try:    []string{"See which options there are: dcos package describe --config " + module},
		}
	}
	return advice{}
}

// schemaErrors is a table of all faults, or Cosmos' message when it names none.
func schemaErrors(e *client.CosmosError) string {
	if len(e.Data.Errors) == 0 {
		return e.Message
	}
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FIELD\tERROR")
	for _, fault := range e.Data.Errors {
		field := strings.ReplaceAll(strings.Trim(fault.Instance.Pointer, "/"), "/", ".")
		if field == "" {
			field = "(all)"
		}
		fmt.Fprintf(table, "%s\t%s\n", field, fault.Message)
	}
	table.Flush()
	return strings.TrimSpace(out.String())
}
