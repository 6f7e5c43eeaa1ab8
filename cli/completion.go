package cli

import (
	_ "embed"
	"io"

	"github.com/spf13/cobra"
)

// dcosCompletion is what dcos 1.0 and later sources from the folder
// completion/bash of a plug-in.
//
//go:embed completion_dcos.sh
var dcosCompletion string

func newCompletion(s *session) *cobra.Command {
	root := func(c *cobra.Command) *cobra.Command { return c.Root() }
	return group(&cobra.Command{
		Use:   "completion",
		Short: "Print what makes a shell complete the commands",
	},
		s.script("bash", "for bash, when "+binary+" is run without dcos", "  source <("+binary+" completion bash)",
			func(c *cobra.Command, w io.Writer) error { return root(c).GenBashCompletionV2(w, true) }),
		s.script("zsh", "for zsh, when "+binary+" is run without dcos", "  source <("+binary+" completion zsh)",
			func(c *cobra.Command, w io.Writer) error { return root(c).GenZshCompletion(w) }),
		s.script("fish", "for fish, when "+binary+" is run without dcos", "  "+binary+" completion fish | source",
			func(c *cobra.Command, w io.Writer) error { return root(c).GenFishCompletion(w, true) }),
		s.script("dcos", "for bash, as part of the completion of dcos itself",
			"  source <(dcos completion bash)\n  source <(dcos "+module+" completion dcos)",
			func(_ *cobra.Command, w io.Writer) error { _, err := io.WriteString(w, dcosCompletion); return err }),
	)
}

func (s *session) script(shell, short, example string, write func(*cobra.Command, io.Writer) error) *cobra.Command {
	return &cobra.Command{
		Use:     shell,
		Short:   "Print a script " + short,
		Example: example,
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.print(func(w io.Writer) error { return write(c, w) })
		},
	}
}
