package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// noArguments refuses words after a command that takes none.
func noArguments(_ *cobra.Command, args []string) error {
	return count(args, 0, 0, "")
}

// oneName wants the name of a thing: a plan, a pod.
func oneName(thing string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error { return count(args, 1, 1, thing) }
}

// names wants the names of the needed things, and takes those of the optional ones: a plan, perhaps a phase, perhaps a step.
func names(needed []string, optional ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < len(needed) {
			return count(nil, 1, 1, needed[len(args)])
		}
		for i, thing := range append(slices.Clone(needed), optional...) {
			if i < len(args) {
				if err := count(args[i:i+1], 1, 1, thing); err != nil {
					return err
				}
			}
		}
		return count(args, 0, len(needed)+len(optional), "")
	}
}

// perhapsName takes the name of a thing or nothing.
func perhapsName(thing string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error { return count(args, 0, 1, thing) }
}

func count(args []string, least, most int, thing string) error {
	if len(args) < least {
		return &usageError{fmt.Sprintf("the %s is missing", thing)}
	}
	if len(args) > most {
		return &usageError{fmt.Sprintf("unexpected argument %q", args[most])}
	}
	for _, arg := range args {
		if thing == "" {
			break // counted alone
		}
		// As a part of a path these would lead to another question.
		if arg == "" || arg == "." || arg == ".." {
			return &usageError{fmt.Sprintf("%q cannot be the %s", arg, thing)}
		}
	}
	return nil
}
