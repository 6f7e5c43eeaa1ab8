package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// description is the line that dcos shows beside the command's name.
const description = "CockroachDB DC/OS CLI Module"

// configSchema is for dcos before 0.7, which asks a plug-in for the settings
// that "dcos config set cockroachdb.…" may write.
const configSchema = `{
  "$schema": "http://json-schema.org/schema#",
  "additionalProperties": false,
  "properties": {
    "api_token": {
      "description": "Token of the scheduler itself, where its settings have an API_TOKEN. It is kept in clear in dcos.toml.",
      "title": "Token of the scheduler",
      "type": "string"
    },
    "service_name": {
      "description": "Name of the CockroachDB service that the commands talk to.",
      "title": "Service name",
      "type": "string"
    }
  },
  "type": "object"
}
`

// runInfo answers the two questions that dcos asks when it installs a plug-in;
// both work without a cluster. Any other command line without a command fails.
func runInfo(root *cobra.Command, s *session) {
	var info, schema bool
	flags := root.Flags()
	flags.BoolVar(&info, "info", false, "print what this plug-in is")
	flags.BoolVar(&schema, "config-schema", false, "print the settings this plug-in has")
	for _, name := range []string{"info", "config-schema"} {
		flags.Lookup(name).Hidden = true
	}
	root.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case info && len(args) == 0:
			return s.printText(description + "\n")
		case schema && len(args) == 0:
			return s.printText(configSchema)
		}
		return needCommand(c, args)
	}
}

// printClean prints text that came over the network.
func (s *session) printClean(text string) error { return s.printText(render.Text(text)) }

func (s *session) printText(text string) error {
	return s.print(func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
