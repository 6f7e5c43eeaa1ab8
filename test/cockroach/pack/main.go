// Command pack builds the stand-in database and packs it as the vendor packs
// CockroachDB, so that a Mesos agent can fetch it by file://.
//
//	go run ./test/cockroach/pack -version v24.1.6 -o dist/
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/archive"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

func main() {
	tag := flag.String("version", "v24.1.6", "the CockroachDB version that the stand-in behaves as")
	folder := flag.String("o", "dist", "the folder to put the archive in")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "pack takes no arguments, but %q was given; see -help\n", flag.Args())
		os.Exit(2)
	}
	v, err := version.Parse(*tag)
	if err != nil {
		fmt.Fprintf(os.Stderr, "-version: %v\n", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path, err := archive.Make(ctx, v, *folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(path)
}
