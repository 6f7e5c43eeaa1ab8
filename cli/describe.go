package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// errNoOptions: older or open DC/OS may answer a description without options.
var errNoOptions = errors.New("this cluster does not tell the options of its services")

func newDescribe(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "describe",
		Short:   "Show the options that the service runs with, as DC/OS has them",
		Example: "  " + s.program + " describe > options.json",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			cosmos, err := s.connect()
			if err != nil {
				return err
			}
			d, err := cosmos.Describe(c.Context())
			if err != nil {
				return err
			}
			if d.ResolvedOptions == nil || string(d.ResolvedOptions) == "null" {
				return errNoOptions
			}
			return s.printRaw(d.ResolvedOptions)
		},
	}
}
