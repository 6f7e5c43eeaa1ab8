package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// words are a command's words behind the program: "plan status".
func words(c *cobra.Command) string {
	if !c.Parent().HasParent() {
		return c.Name()
	}
	return words(c.Parent()) + " " + c.Name()
}

func usage(c *cobra.Command) string {
	line := c.Use
	if c.Parent().HasParent() {
		line = words(c.Parent()) + " " + line
	}
	return line
}

func anchor(c *cobra.Command) string { return strings.ReplaceAll(words(c), " ", "-") }

func paragraphs(c *cobra.Command) string {
	if c.Long == "" {
		return strings.TrimSuffix(escape(c.Short), ".") + "."
	}
	return escape(c.Long)
}

// aliases are the other words for commands.
func aliases(commands ...*cobra.Command) string {
	var names []string
	for _, c := range commands {
		for _, alias := range c.Aliases {
			names = append(names, fmt.Sprintf("`%s` for `%s`", strings.TrimSuffix(words(c), c.Name())+alias, words(c)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + "."
}

// flags is a table of options; help is left out, as each command has it.
func flags(out *strings.Builder, set *pflag.FlagSet) {
	out.WriteString("| option | standard | meaning |\n|---|---|---|\n")
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "`--" + f.Name
		if kind, _ := pflag.UnquoteUsage(f); kind != "" && f.Value.Type() != "count" {
			name += " <" + strings.ReplaceAll(kind, "|", "\\|") + ">"
		}
		name += "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		standard := ""
		switch f.DefValue {
		case "", "0", "0s", "false", "[]":
		default:
			standard = "`" + f.DefValue + "`"
		}
		fmt.Fprintf(out, "| %s | %s | %s |\n", name, standard, cell(f.Usage))
	})
}

// cell is text that can stand in a table of Markdown.
func cell(text string) string { return strings.ReplaceAll(escape(text), "|", "\\|") }

// escape keeps <plan> from being taken for HTML.
func escape(text string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(text)
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n")
}
