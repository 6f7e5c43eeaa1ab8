// Command dcos-cockroachdb is the plug-in behind "dcos cockroachdb". It also
// works alone, with the address of a scheduler in --url.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
)

// version is set by the build: -ldflags "-X main.version=1.0.0".
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, cli.Process{
		Args:    os.Args,
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Env:     os.LookupEnv,
		Version: version,
	})
	stop()
	os.Exit(code)
}
