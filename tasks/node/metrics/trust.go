package metrics

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// trustAgain is how old the cluster's authorities may be, bundleLimit how many bytes they may have.
const (
	trustAgain  = 10 * time.Minute
	bundleLimit = 1 << 20
)

// onlyNodes leaves out what clients get beside the authorities that nodes are verified with: those above a given authority, which sign for
// others too.
const onlyNodes = "?nodes=true"

// trust keeps the cluster's authorities as the scheduler tells them. One goroutine at a time uses it; the roots may be used by all.
type trust struct {
	client *http.Client
	url    string
	roots  *certs.Roots
	got    time.Time // zero: ask
}

// refresh asks the scheduler where that is due. Those of before stay in use when it fails, and it is due again.
func (t *trust) refresh(ctx context.Context) error {
	if t == nil || time.Since(t.got) < trustAgain {
		return nil
	}
	body, err := get(ctx, t.client, t.url)
	if err != nil {
		return fmt.Errorf("ask the scheduler for the cluster's authorities: %w", err)
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, bundleLimit))
	if err != nil {
		return fmt.Errorf("ask the scheduler for the cluster's authorities: %w", err)
	}
	if err := t.roots.Set(string(text)); err != nil {
		return err
	}
	t.got = time.Now()
	return nil
}

// doubt has the next refresh ask: a node could not be verified.
func (t *trust) doubt() {
	if t != nil {
		t.got = time.Time{}
	}
}
