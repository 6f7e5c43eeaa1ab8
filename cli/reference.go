package cli

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// referenceProse is the hand-written beginning of the page that reference makes.
//
//go:embed reference.txt
var referenceProse string

// newReference is for those who build the plug-in: "make generate" writes docs/reference/cli.md with it.
func newReference(s *session) *cobra.Command {
	return &cobra.Command{
		Use:    "reference",
		Short:  "Print the page docs/reference/cli.md",
		Hidden: true,
		Args:   noArguments,
		RunE: func(*cobra.Command, []string) error {
			// The page has the commands as they are typed with dcos, however it is made.
			page := &session{program: "dcos " + module, stdout: s.stdout, stderr: s.stderr}
			return s.print(func(w io.Writer) error { return writeReference(w, newRoot(page)) })
		},
	}
}

// writeReference writes the prose, a table of all commands, the options that all share, and a section a command.
func writeReference(w io.Writer, root *cobra.Command) error {
	var out strings.Builder
	out.WriteString(referenceProse)
	commands := leaves(root)
	out.WriteString("\n## Commands\n\n| command | what it does |\n|---|---|\n")
	for _, c := range commands {
		name := "`" + words(c) + "`"
		if detailed(c) {
			name = "[" + name + "](#" + anchor(c) + ")"
		}
		fmt.Fprintf(&out, "| %s | %s |\n", name, cell(c.Short))
	}
	out.WriteString("\nGroups have other names too: " + aliases(groups(root)...) + "\n")
	out.WriteString("\n## Options of all commands\n\n")
	flags(&out, root.PersistentFlags())
	for _, c := range commands {
		if !detailed(c) {
			continue
		}
		section := "\n## " + words(c) + "\n\n"
		out.WriteString(section + paragraphs(c) + "\n\n```\n" + root.Annotations[cobra.CommandDisplayNameAnnotation] + " " + usage(c) + "\n```\n")
		if names := aliases(c); names != "" {
			out.WriteString("\nAlso: " + names + "\n")
		}
		if c.LocalNonPersistentFlags().HasAvailableFlags() {
			out.WriteString("\n")
			flags(&out, c.LocalNonPersistentFlags())
		}
		if c.Example != "" {
			out.WriteString("\n```\n" + unindent(c.Example) + "\n```\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// detailed says that there is more to tell of a command than its line in the table.
func detailed(c *cobra.Command) bool {
	return c.Long != "" || c.LocalNonPersistentFlags().HasAvailableFlags() || strings.Contains(c.Use, " ") || len(c.Aliases) > 0
}

// groups are the commands that hold others, in the order of help.
func groups(c *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, child := range c.Commands() {
		if child.HasSubCommands() {
			list = append(append(list, child), groups(child)...)
		}
	}
	return list
}

// leaves are the commands that do something, in the order of help.
func leaves(c *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, child := range c.Commands() {
		switch {
		case child.Hidden:
		case child.HasSubCommands():
			if strings.Contains(child.Use, " ") { // it does something itself
				list = append(list, child)
			}
			list = append(list, leaves(child)...)
		default:
			list = append(list, child)
		}
	}
	return list
}
