package cli

import "github.com/spf13/cobra"

// newHelp is cobra's help command, except that a word it does not know is a
// failure.
func newHelp(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Show help about a command",
		Args:  cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			about := c.Root()
			for _, word := range args {
				next := child(about, word)
				if next == nil {
					return unknown(about, word)
				}
				about = next
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}

func child(c *cobra.Command, word string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == word || sub.HasAlias(word) {
			return sub
		}
	}
	return nil
}
