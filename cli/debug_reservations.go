package cli

import (
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func debugReservations(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "reservations",
		Short: "Show what is reserved for the service, by agent",
		Long: `Show what is reserved for the service, by agent: for which pod, whether for its task
or for the executor beside it, how much of what, and the id that the reservation has
in Mesos. With --json, print the ids alone, as DC/OS SDK services do.`,
		Example: "  " + s.program + " debug reservations",
		Args:    noArguments,
		RunE: func(c *cobra.Command, args []string) error {
			plain := look(s, "reservations", render.ReservationIDs)
			if s.json {
				return plain(c, args)
			}
			answer, err := s.ask(c.Context(), client.Path("debug", "reservations")+"?details=true", http.StatusBadRequest)
			if err != nil {
				return s.older(err)
			}
			details, err := client.Decode[wire.ReservationDetails](answer)
			if err != nil {
				// A scheduler that knows no details refuses to tell them, or tells the ids alone.
				return plain(c, args)
			}
			return s.print(func(w io.Writer) error { return render.Reservations(w, details) })
		},
	}
}
