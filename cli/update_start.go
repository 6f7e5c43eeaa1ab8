package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

func updateStart(s *session) *cobra.Command {
	var options string
	var wanted client.Update
	c := &cobra.Command{
		Use:   "start",
		Short: "Give the service other options, or another version of its package",
		Long: `Ask DC/OS to start the scheduler with other options, with another version of the
package, or both. The scheduler then restarts one node after the other, and only
those whose settings change; "update status" shows how far it is.

The options are laid over those in force; with --replace they take their place, and
what they leave out gets its standard value. "diff" shows beforehand what a change
would restart. Enterprise DC/OS 1.10 or newer is needed.`,
		Example: "  " + s.program + " describe > options.json\n  " + s.program + " update start --options=options.json\n  " +
			s.program + " update start --package-version=1.1.0-24.1.6",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if options == "" && wanted.PackageVersion == "" {
				return &usageError{"Either --options and/or --package-version must be specified"}
			}
			if options != "" {
				text, err := s.readOptions(options)
				if err != nil {
					return err
				}
				wanted.Options = text
			}
			return s.startUpdate(c, wanted)
		},
	}
	flags := c.Flags()
	flags.StringVar(&options, "options", "", "`file` with options as JSON, or stdin")
	flags.StringVar(&wanted.PackageVersion, "package-version", "", "`version` of the package to change to")
	flags.BoolVar(&wanted.Replace, "replace", false, "take the options alone, without those in force")
	return c
}

func (s *session) startUpdate(c *cobra.Command, wanted client.Update) error {
	cosmos, err := s.connect()
	if err != nil {
		return err
	}
	answer, err := cosmos.Update(c.Context(), wanted)
	if err != nil {
		return s.noUpdates(err)
	}
	if s.json {
		return s.printJSON(answer)
	}
	return s.printText(fmt.Sprintf("Update started. Please use `%s --name=%s update status` to view progress.\n", s.program, s.target.Service))
}

// errNoUpdate: a scheduler that is addressed directly has its options from whoever starts it.
var errNoUpdate = errors.New("there are no updates with --url: whoever starts the scheduler gives it its options")

// fromStdin is the word that stands for standard input in place of a file.
const fromStdin = "stdin"

// readOptions reads a file of options, which is a JSON object. Errors: *cluster.Fault.
func (s *session) readOptions(path string) (json.RawMessage, error) {
	fault := func(message string) error {
		return &cluster.Fault{
			Field: "--options", Value: path, Message: message,
			Remedy: "Give a file with a JSON object, as it is printed by: " + s.program + " describe",
		}
	}
	text, err := s.read(path)
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, fault("cannot be read: " + err.Error())
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fault("is not a JSON object: " + err.Error())
	}
	if object == nil {
		return nil, fault("is not a JSON object")
	}
	return text, nil
}

// longestFile is how many bytes of options are read. The package's own have about 20 kB.
const longestFile = 1 << 20

func (s *session) read(path string) ([]byte, error) {
	in := s.stdin
	if path != fromStdin {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	if in == nil {
		return nil, errors.New("there is no standard input")
	}
	text, err := io.ReadAll(io.LimitReader(in, longestFile+1))
	if err == nil && len(text) > longestFile {
		err = fmt.Errorf("it is longer than %d bytes", longestFile)
	}
	return text, err
}
