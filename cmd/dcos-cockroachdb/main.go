// Command dcos-cockroachdb is the plug-in behind "dcos cockroachdb". It also
// works alone, with the address of a scheduler in --url.
package main

import (
	"context"
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
)

// version is set by the build: -ldflags "-X main.version=1.0.0".
var version = "development"

func main() {
	os.Exit(cli.Run(context.Background(), cli.Process{
		Args:    os.Args,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Env:     os.LookupEnv,
		Version: version,
	}))
}
