package cli

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// patience is how long a person who presses Tab waits for names.
const patience = 2 * time.Second

// completeNames offers the names that the scheduler lists at a path, for the first argument.
func (s *session) completeNames(segments ...string) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return offer(begun, askForNames[wire.Names](c, s, client.Path(segments...)))
	}
}

// completePlanParts offers plans, then phases, then steps, up to most of them; before are those that the command fixes.
func (s *session) completePlanParts(most int, before ...string) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		named := append(slices.Clone(before), args...)
		if len(named) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if len(named) == 0 {
			return offer(begun, askForNames[wire.Names](c, s, client.Path("plans")))
		}
		plan := askForNames[wire.Plan](c, s, client.Path("plans", named[0]))
		var names []string
		for _, phase := range plan.Phases {
			if len(named) == 1 {
				names = append(names, phase.Name)
			} else if phase.Name == named[1] || phase.ID == named[1] {
				for _, step := range phase.Steps {
					names = append(names, step.Name)
				}
			}
		}
		return offer(begun, names)
	}
}

// askForNames asks what a completion needs. Out of reach gives nothing: an error message would spoil the line being typed.
func askForNames[T any](c *cobra.Command, s *session, path string) T {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), patience)
	defer cancel()
	var none T
	answer, err := s.ask(ctx, path, http.StatusExpectationFailed)
	if err != nil {
		return none
	}
	value, err := client.Decode[T](answer)
	if err != nil {
		return none
	}
	return value
}

// offer keeps the names that begin as the word being typed.
func offer(begun string, names []string) ([]string, cobra.ShellCompDirective) {
	var fitting []string
	for _, name := range names {
		if strings.HasPrefix(name, begun) {
			fitting = append(fitting, name)
		}
	}
	return fitting, cobra.ShellCompDirectiveNoFileComp
}
