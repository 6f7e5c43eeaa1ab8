// Command cockroach is the stand-in database of the service's tests and sandbox:
// it behaves as the CockroachDB of the version that was linked in, as far as the
// service can notice. It is not a database to keep data in.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cli"
	release "github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// version is the tag that the program behaves as. It is set when linking
// (-ldflags "-X main.version=v20.1.5") and nowhere else.
var version = "v24.1.6"

func main() {
	v, err := release.Parse(version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the stand-in was linked with a bad version:", err)
		os.Exit(1)
	}
	fi, err := os.Stdout.Stat()
	terminal := err == nil && fi.Mode()&os.ModeCharDevice != 0
	os.Exit(cli.Run(context.Background(), v, os.Args[1:], cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Terminal: terminal,
	}))
}
