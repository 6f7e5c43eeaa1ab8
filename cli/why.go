package cli

import (
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

func newWhy(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "why",
		Short: "Show what does not move, why, until when, and what to do",
		Long: `Show everything that waits: settings that were refused, steps without an offer that
fits (how many agents were refused for which cause, and the nearest miss), restarts
and replacements that wait until the other nodes are well, delays after crashes,
what people have paused, nodes that run and are not ready, and agents that are away
or announced to be. Things that wait are no failure: the exit status is 0.`,
		Example: "  " + s.program + " why",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			answer, err := s.ask(c.Context(), client.Path("debug", "why"))
			if err != nil {
				return s.older(err)
			}
			return showTree(s, answer, render.Why)
		},
	}
}

// older is the meaning of a 404 to a question that schedulers of the SDK do not know.
func (s *session) older(err error) error {
	return meaning(err, http.StatusNotFound, "the scheduler does not know this question: it is older than this plug-in",
		"See the reasons of open steps: "+s.program+" plan status deploy")
}
