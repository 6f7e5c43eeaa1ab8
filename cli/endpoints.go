package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

func newEndpoints(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "endpoints [name]",
		Aliases:           []string{"endpoint"},
		Short:             "Show where clients reach the service",
		Long:              "Without a name: list the endpoints. With one: its addresses, DNS names and virtual address.",
		Example:           "  " + s.program + " endpoints pg",
		Args:              perhapsName("name of the endpoint"),
		ValidArgsFunction: s.completeNames("endpoints"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return s.showJSON(c.Context(), client.Path("endpoints"))
			}
			answer, err := s.ask(c.Context(), client.Path("endpoints", args[0]))
			if err != nil {
				return s.notThere(err, fmt.Sprintf("there is no endpoint %q", args[0]), "endpoints")
			}
			return s.printEndpoint(answer)
		},
	}
}

// printEndpoint prints JSON indented; a custom endpoint may be plain text.
func (s *session) printEndpoint(answer client.Answer) error {
	text, err := answer.Text()
	if err != nil {
		return err
	}
	if json.Valid(answer.Body) {
		return s.printRaw(answer.Body)
	}
	return s.printText(strings.TrimRight(render.Text(text), "\n") + "\n")
}
