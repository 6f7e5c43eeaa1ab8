package cli

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

func planStart(s *session) *cobra.Command {
	var definitions []string
	c := &cobra.Command{
		Use:   "start <plan>",
		Short: "Start a plan, from its beginning when it is complete",
		Long: `Let a plan go on. One that is complete is done again from its beginning, which
restarts its tasks, one node at a time and behind the readiness check.`,
		Example:           "  " + s.program + " plan start deploy",
		Args:              oneName("name of the plan"),
		ValidArgsFunction: s.completeNames("plans"),
		RunE: func(c *cobra.Command, args []string) error {
			params, err := parameters(definitions)
			if err != nil {
				return err
			}
			for name, value := range params {
				if client.SecretName(name) {
					s.hide(value) // the answer may repeat the parameters
				}
			}
			answer, err := s.tell(c.Context(), client.Path("plans", args[0], "start"), params)
			if err != nil {
				err = meaning(err, http.StatusBadRequest, "the parameters were refused",
					"Leave -p out where a plan takes no parameters. A name has letters, digits and _ only, and begins with no digit.")
				return s.planRefused(err, planPart{plan: args[0]})
			}
			return s.tellPlan(answer, fmt.Sprintf("%s has been started.\nFollow it: %s plan status %s", planPart{plan: args[0]}, s.program, args[0]))
		},
	}
	// Not a slice that splits at commas: a value may hold some.
	c.Flags().StringArrayVarP(&definitions, "params", "p", nil, "a parameter as `NAME=VALUE`, a variable for the tasks of plans that take some (deploy and recovery take none); may be repeated")
	return c
}

// parameters reads NAME=VALUE definitions; the first = splits, the last definition of a name counts.
func parameters(definitions []string) (map[string]string, error) {
	all := map[string]string{}
	for _, definition := range definitions {
		name, value, found := strings.Cut(definition, "=")
		if !found || name == "" {
			return nil, &usageError{fmt.Sprintf("%q: Must have one variable name and one variable value per definition", definition)}
		}
		all[name] = value
	}
	return all, nil
}

func planStop(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "stop <plan>",
		Short: "Stop a plan and set it back to its beginning",
		Long: `Stop a plan and set it back to its beginning. Tasks that run go on running. When the
plan is resumed, its steps are done again, which restarts their tasks; to stop and
later go on from where it was, use "plan pause".`,
		Example:           "  " + s.program + " plan stop deploy",
		Args:              oneName("name of the plan"),
		ValidArgsFunction: s.completeNames("plans"),
		RunE: func(c *cobra.Command, args []string) error {
			answer, err := s.tell(c.Context(), client.Path("plans", args[0], "stop"), nil)
			if err != nil {
				return s.planRefused(err, planPart{plan: args[0]})
			}
			return s.tellPlan(answer, fmt.Sprintf("%s has been stopped; its steps are done again once it is resumed: %s plan resume %s",
				planPart{plan: args[0]}, s.program, args[0]))
		},
	}
}

// tellPlan prints the answer as JSON, as the SDK's plug-in does for start and stop alone, and says it in words on stderr.
func (s *session) tellPlan(answer client.Answer, words string) error {
	if err := s.printJSON(answer); err != nil {
		return err
	}
	s.note(words)
	return nil
}
