package cli

import (
	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// newRoot puts the commands together. A new group of commands is one line here.
func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:         binary,
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: s.program},
		Short:       description,
		Long: description + `

Shows what a CockroachDB service does and where its clients reach it. It finds
the service through the DC/OS cluster that dcos is attached to, or, without
DC/OS, at the address of a scheduler given with --url.`,
		Example:       "  " + s.program + " plan status deploy\n  " + s.program + " endpoints pg",
		Version:       s.version,
		SilenceErrors: true, // complain words them
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true, // ours knows dcos too
		},
	}
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err.Error()} })

	flags := root.PersistentFlags()
	flags.StringVar(&s.name, "name", "", "name of the `service` (standard: the one configured, else cockroachdb)")
	flags.StringVar(&s.url, "url", "", "`address` of the scheduler, http://host:port, to work without DC/OS; --name is not used then (standard: "+cluster.DirectURL+")")
	flags.StringVar(&s.tokenFile, "api-token-file", "", "`file` with the token of the scheduler itself, where its settings have an API_TOKEN (standard: "+cluster.APIToken+")")
	flags.StringVar(&s.caFile, "api-ca-file", "", "`file` with the CA of the scheduler's certificate, in PEM, for --url with https (standard: "+cluster.DirectCA+", else this machine's CAs)")
	flags.BoolVar(&s.json, "json", false, "print the answer as JSON")
	flags.CountVarP(&s.verbose, "verbose", "v", "show the HTTP queries; twice, their bodies too")

	s.custom.register(flags)

	root.AddCommand(
		newBackup(s),
		newCerts(s),
		newCompletion(s),
		newDebug(s),
		newDescribe(s),
		newDiff(s),
		newEndpoints(s),
		newEvents(s),
		newPlan(s),
		newPod(s),
		newReference(s),
		newRestore(s),
		newUpdate(s),
		newVersion(s),
		newWhy(s),
	)
	root.SetHelpCommand(newHelp(s))
	runInfo(root, s)
	return root
}
