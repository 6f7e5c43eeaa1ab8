// Command build makes the DC/OS package; `make universe` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/universe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var b universe.Build
	var from, to string
	flag.StringVar(&b.Release, "release", "", "release of the programs, such as v1.0.0")
	flag.StringVar(&b.Database, "database", "", "release of CockroachDB, such as v24.1.6")
	flag.StringVar(&b.URL, "url", "", "where the folder files will be served")
	flag.StringVar(&b.Archive, "archive", "", "file with the archive of CockroachDB, to be served too; empty leaves it to the vendor's site")
	flag.StringVar(&from, "upgrades-from", "", "versions of the package that can be updated to this one, with commas")
	flag.StringVar(&to, "downgrades-to", "", "versions of the package that this one can be changed back to, with commas")
	flag.StringVar(&b.Root, "root", ".", "folder of the repository")
	flag.StringVar(&b.Out, "o", "dist/universe", "where the folders package and files are written")
	flag.Parse()
	b.UpgradesFrom, b.DowngradesTo = list(from), list(to)
	result, err := b.Make(ctx)
	if err != nil {
		return err
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(os.Stderr, "warning:", warning)
	}
	fmt.Printf("package cockroachdb %s is in %s/package, its files are in %s/files; an agent downloads %.1f MB to run the scheduler\n",
		result.Version, b.Out, b.Out, float64(result.Download)/1e6)
	return nil
}

// list splits at commas; nothing is no entry.
func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
