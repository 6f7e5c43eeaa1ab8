package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func newDiff(s *session) *cobra.Command {
	var options string
	c := &cobra.Command{
		Use:   "diff [NAME=VALUE]...",
		Short: "Show what a change of settings would restart, in which order, and why",
		Long: `Ask the scheduler what it would do with other settings. Nothing is changed. Settings
are given as the variables of its environment, as options of the package in a file,
or both; what is not given stays as it is. Settings that would be refused are listed
with what is wrong, all at once, and the exit status is 1.`,
		Example: "  " + s.program + " diff NODE_MEM=4000 NODE_COUNT=5\n  " + s.program + " diff --options=options.json",
		RunE: func(c *cobra.Command, args []string) error {
			wanted, err := s.wantedSettings(options, args)
			if err != nil {
				return err
			}
			for name, value := range wanted {
				if client.SecretName(name) {
					s.hide(value)
				}
			}
			answer, err := s.tell(c.Context(), client.Path("diff"), wanted)
			if err != nil {
				return s.older(err)
			}
			diff, err := client.Decode[wire.Diff](answer)
			if err != nil {
				return err
			}
			if len(diff.Faults) > 0 && !s.json {
				return refusedSettings(diff.Faults)
			}
			if err := showTree(s, answer, render.Diff); err != nil {
				return err
			}
			if len(diff.Faults) > 0 {
				return refusedSettings(diff.Faults)
			}
			return nil
		},
	}
	c.Flags().StringVar(&options, "options", "", "`file` with options of the package as JSON, or stdin")
	return c
}

// wantedSettings joins those of the file with those of the command line, which win.
func (s *session) wantedSettings(file string, definitions []string) (map[string]string, error) {
	if file == "" && len(definitions) == 0 {
		return nil, &usageError{"Either NAME=VALUE or --options must be given"}
	}
	wanted := map[string]string{}
	if file != "" {
		text, err := s.readOptions(file)
		if err != nil {
			return nil, err
		}
		if wanted, err = variables(text, file); err != nil {
			return nil, err
		}
	}
	given, err := parameters(definitions)
	if err != nil {
		return nil, err
	}
	for name, value := range given {
		wanted[name] = value
	}
	return wanted, nil
}

// refusedError is settings that the scheduler would not take.
type refusedError struct{ faults []wire.Fault }

func refusedSettings(faults []wire.Fault) error { return &refusedError{faults} }

// Error says how many there are.
func (e *refusedError) Error() string {
	if len(e.faults) == 1 {
		return "the scheduler would refuse this setting, and go on with those in force"
	}
	return fmt.Sprintf("the scheduler would refuse %d of these settings, and go on with those in force", len(e.faults))
}

func adviseRefused(e *refusedError) advice { return advice{text: e.Error(), try: faultLines(e.faults)} }

// faultLines are faults that the scheduler found, one a line.
func faultLines(faults []wire.Fault) []string {
	var lines []string
	for _, f := range faults {
		fault := cluster.Fault{Field: f.Field, Value: f.Value, Message: f.Message, Remedy: render.Sentence(f.Remedy)}
		lines = append(lines, strings.ReplaceAll(fault.Error(), "\n", " "))
	}
	return lines
}
