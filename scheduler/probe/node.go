package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// answerLimit is the time that a node has for its whole answer. A real one takes some 20 ms, with its quorum lost too.
const answerLimit = 3 * time.Second

// httpPort is the name of a node's port for HTTP.
const httpPort = "http"

// node asks one node.
func (p Prober) node(ctx context.Context, way via, record tasks.Record) plans.NodeView {
	view := plans.NodeView{Task: record.Task, TaskID: record.TaskID, At: time.Now()}
	found, err := p.ask(ctx, way, record)
	if err != nil {
		view.Error = err.Error()
		return view
	}
	view.Live, view.UnderReplicated, view.Unavailable, view.NodeID = found.live, found.underReplicated, found.unavailable, found.nodeID
	return view
}

func (p Prober) ask(ctx context.Context, way via, record tasks.Record) (counts, error) {
	port := record.Ports[httpPort]
	if port == 0 {
		return counts{}, errors.New("the task was launched without a port for HTTP")
	}
	limit := cmp.Or(p.Limit, answerLimit)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := way.get(ctx, pageURL(way.scheme, record.Address(), port))
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		// The library's words for it depend on how far the answer had come.
		return counts{}, fmt.Errorf("no answer from %s within %s", net.JoinHostPort(record.Address(), strconv.FormatUint(port, 10)), limit)
	}
	return found, err
}

func (v via) get(ctx context.Context, page string) (counts, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return counts{}, fmt.Errorf("ask the node: %w", err)
	}
	// Newer releases choose the form by this header.
	request.Header.Set("Accept", "text/plain;version=0.0.4")
	response, err := v.client.Do(request)
	if err != nil {
		return counts{}, fmt.Errorf("ask the node: %w", err) // names method and address
	}
	defer response.Body.Close()
	switch cockroach.ReadMembership(response.StatusCode) {
	case cockroach.Member:
	case cockroach.NotMember:
		return counts{}, fmt.Errorf("%s answers 404: the node is in no cluster yet", page)
	default:
		return counts{}, fmt.Errorf("%s answers %s", page, response.Status)
	}
	found, err := read(response.Body)
	if err != nil {
		return counts{}, fmt.Errorf("read %s: %w", page, err)
	}
	return found, nil
}

// pageURL is the address of a node's metrics; an IPv6 address is put in brackets.
func pageURL(scheme, host string, port uint64) string {
	page := url.URL{Scheme: scheme, Host: net.JoinHostPort(host, strconv.FormatUint(port, 10)), Path: cockroach.MetricsPath}
	return page.String()
}
