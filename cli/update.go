package cli

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

func newUpdate(s *session) *cobra.Command {
	c := group(&cobra.Command{
		Use:   "update",
		Short: "Change the options or the package of the service, and watch the rollout",
	}, updateStart(s), updateVersions(s), &cobra.Command{
		Use:     "status",
		Aliases: []string{"show"},
		Short:   "Show how far the rollout is: the plan deploy",
		Example: "  " + s.program + " update status",
		Args:    noArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return s.showPlan(c.Context(), deployPlan) },
	})
	for _, verb := range planVerbs {
		c.AddCommand(verb.command(s, "update", deployPlan))
	}
	return c
}

// noUpdates words why there are no updates: no Cosmos at all, or one that does not know the operation. The open DC/OS has a
// package manager, but it changes no installed service.
func (s *session) noUpdates(err error) error {
	if errors.Is(err, client.ErrNoCosmos) {
		return errNoUpdate
	}
	e, ok := errors.AsType[*client.StatusError](err)
	if !ok || e.Status != http.StatusNotFound {
		return err
	}
	return &meantError{
		text:   "This command requires Enterprise DC/OS 1.10 or newer.",
		remedy: "Without it, change the scheduler's environment: dcos marathon app update " + s.target.Service + "\nSee before what that does: " + s.program + " diff NAME=VALUE …",
		err:    &client.StatusError{Query: e.Query, Status: e.Status},
	}
}

// packageVersions is what "update package-versions --json" prints.
type packageVersions struct {
	Current    string   `json:"current"`
	Downgrades []string `json:"downgradesTo"`
	Upgrades   []string `json:"upgradesTo"`
}

func updateVersions(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "package-versions",
		Short:   "Show the versions of the package that the service can change to",
		Example: "  " + s.program + " update package-versions",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			cosmos, err := s.connect()
			if err != nil {
				return err
			}
			d, err := cosmos.Describe(c.Context())
			if err != nil {
				return s.noUpdates(err)
			}
			v := packageVersions{d.Package.Version, listOf(d.DowngradesTo), listOf(d.UpgradesTo)}
			if s.json {
				raw, err := json.Marshal(v)
				if err != nil {
					return err
				}
				return s.printRaw(raw)
			}
			var out strings.Builder
			out.WriteString("Current package version is: " + v.Current + "\n")
			change(&out, "downgrade", v.Downgrades)
			change(&out, "upgrade", v.Upgrades)
			return s.printClean(out.String())
		},
	}
}

func listOf(versions []string) []string { return append([]string{}, versions...) }

func change(out *strings.Builder, direction string, versions []string) {
	if len(versions) == 0 {
		out.WriteString("No valid package " + direction + " versions.\n")
		return
	}
	out.WriteString("Package can be " + direction + "d to:\n")
	for _, version := range versions {
		out.WriteString("- " + version + "\n")
	}
}
