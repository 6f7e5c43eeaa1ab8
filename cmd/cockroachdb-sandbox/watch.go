package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"golang.org/x/term"
)

// glance is the time between two looks at the plan.
const glance = 300 * time.Millisecond

// watch shows the deploy plan while it moves, until it is complete. On a terminal the tree is drawn over itself, so
// that it stands still while its statuses change; elsewhere it is printed again whenever a status changes.
func (b *sandbox) watch(ctx context.Context, out io.Writer) error {
	if b.check {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, b.timeout,
			fmt.Errorf("the deploy plan was not complete after %s", b.timeout))
		defer cancel()
	}
	drawn := drawing{out: out}
	look := time.NewTicker(glance)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-b.ended:
			b.ended <- err
			return fmt.Errorf("the scheduler ended: %v", err)
		case <-look.C:
		}
		plan, err := b.plan(ctx)
		if err != nil {
			// The API is not open yet, or just now busy; the next look tells.
			continue
		}
		drawn.show(plan)
		switch plan.Status {
		case wire.StatusComplete:
			return nil
		case wire.StatusError:
			return errors.New("the deploy plan has errors")
		}
	}
}

func (b *sandbox) plan(ctx context.Context) (wire.Plan, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url()+"/v1/plans/deploy", nil)
	if err != nil {
		return wire.Plan{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return wire.Plan{}, err
	}
	defer response.Body.Close()
	var plan wire.Plan
	return plan, json.NewDecoder(response.Body).Decode(&plan)
}

// drawing is the tree as it stands on the screen.
type drawing struct {
	out   io.Writer
	last  string
	lines int
}

func (d *drawing) show(plan wire.Plan) {
	var tree bytes.Buffer
	width := screenWidth(d.out)
	if err := render.Plan(&tree, "deploy", plan, render.Options{Width: width}); err != nil {
		return
	}
	text := tree.String()
	if text == d.last {
		return
	}
	if width > 0 && d.lines > 0 {
		// Up to the first line of the old tree, and clear from there (ECMA-48: CPL, ED).
		fmt.Fprintf(d.out, "\x1b[%dF\x1b[J", d.lines)
	} else if d.last != "" {
		fmt.Fprintln(d.out)
	}
	fmt.Fprint(d.out, text)
	d.last, d.lines = text, strings.Count(text, "\n")
}

// screenWidth is the width of the terminal in columns, 0 when nobody watches. Lines are folded to it, so that a tree has
// as many rows on the screen as it has lines.
func screenWidth(out io.Writer) int {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}
