package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// group is a command that only holds others. Without RunE cobra would print
// help for an unknown sub-command and report success.
func group(c *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	c.Args = cobra.ArbitraryArgs
	c.RunE = needCommand
	c.AddCommand(commands...)
	return c
}

// needCommand refuses a command line that stops at a group or goes on with a
// word that the group does not know.
func needCommand(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknown(c, args[0])
	}
	what := "a command is missing"
	if c.HasParent() {
		what = fmt.Sprintf("a command is missing after %q", c.Name())
	}
	return &usageError{fmt.Sprintf("%s (one of: %s)", what, strings.Join(verbs(c), ", "))}
}

func unknown(c *cobra.Command, word string) error {
	text := fmt.Sprintf("unknown command %q", word)
	if c.HasParent() {
		text += fmt.Sprintf(" after %q", c.Name())
	}
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(word); len(near) > 0 {
		return &usageError{fmt.Sprintf("%s (did you mean %s?)", text, strings.Join(near, ", "))}
	}
	return &usageError{fmt.Sprintf("%s (one of: %s)", text, strings.Join(verbs(c), ", "))}
}

func verbs(c *cobra.Command) []string {
	var names []string
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() {
			names = append(names, child.Name())
		}
	}
	return names
}
