package cli

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// versions is what "version --json" prints.
type versions struct {
	Plugin    string `json:"plugin"`
	Scheduler string `json:"scheduler,omitempty"`
	Database  string `json:"database,omitempty"`
}

func newVersion(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the versions of the plug-in, the scheduler and the database",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			running, err := s.running(c.Context())
			// The plug-in's own version is the one to report when the rest is
			// out of reach, so it is printed all the same.
			printed := s.printVersions(versions{s.version, running.Scheduler, running.Database})
			if err != nil {
				return meaning(err, http.StatusNotFound, "the scheduler does not tell its version: it is older than this plug-in",
					"Its configuration names the database: "+s.program+" debug config target")
			}
			return printed
		},
	}
}

func (s *session) running(ctx context.Context) (wire.Version, error) {
	answer, err := s.ask(ctx, client.Path("version"))
	if err != nil {
		return wire.Version{}, err
	}
	return client.Decode[wire.Version](answer)
}

func (s *session) printVersions(v versions) error {
	if s.json {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return s.printRaw(raw)
	}
	pairs := []render.Pair{{Word: "plug-in", Value: v.Plugin}}
	if v.Scheduler != "" || v.Database != "" {
		pairs = append(pairs,
			render.Pair{Word: "scheduler", Value: v.Scheduler},
			render.Pair{Word: "database", Value: v.Database})
	}
	return s.print(func(w io.Writer) error { return render.Pairs(w, pairs) })
}
