package cli

import (
	"context"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// version is `cockroach version`.
func (c *session) version(context.Context) error {
	b := version.BuildOf(c.v)
	if c.p.Bool("build-tag") {
		fmt.Fprintln(c.Out, b.Tag)
		return nil
	}
	revision, width := "Build SHA-1:", 14
	if c.v.AtLeast(20, 2, 0) {
		revision, width = "Build Commit ID:", 18
	}
	for _, l := range [][2]string{
		{"Build Tag:", b.Tag}, {"Build Time:", b.Time}, {"Distribution:", b.Distribution}, {"Platform:", b.Platform + " (" + b.Target + ")"},
		{"Go Version:", b.Go}, {"C Compiler:", b.Compiler}, {revision, b.Revision}, {"Build Type:", b.Type},
	} {
		fmt.Fprintf(c.Out, "%-*s%s\n", width, l[0], l[1])
	}
	return nil
}
