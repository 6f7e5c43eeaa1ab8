package metrics

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

const (
	// burst packets are sent without a pause, so that the receiver's socket buffer does not overflow.
	burst = 16
	pause = time.Millisecond
	// sayAgain lies between two lines about the same lasting trouble.
	sayAgain = 5 * time.Minute
)

// Forwarder reads all nodes every so often and sends what they say to StatsD.
type Forwarder struct {
	settings Settings
	journal  *node.Journal
	// scheduler and client ask the scheduler and the nodes, these by scheme; trust is nil for nodes without certificates.
	scheduler *http.Client
	client    *http.Client
	scheme    string
	trust     *trust
	interval  time.Duration
	nodes     []string
	// converters is kept by address, as histograms need the reading before.
	converters map[string]*converter
	// trouble is when it was last said that a subject is in trouble, so that it is not said every ten seconds.
	trouble map[string]time.Time
}

// New makes a Forwarder that reads every interval; production uses Interval.
func New(s Settings, journal *node.Journal, interval time.Duration) *Forwarder {
	transport := &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}
	f := &Forwarder{settings: s, journal: journal, scheduler: s.Scheduler.Client(readLimit), client: &http.Client{Timeout: readLimit, Transport: transport}, scheme: "http",
		interval: interval, converters: map[string]*converter{}, trouble: map[string]time.Time{}}
	if s.TLS {
		f.scheme, f.trust = "https", &trust{client: f.scheduler, url: s.Scheduler.URL + certs.CAPath + onlyNodes, roots: &certs.Roots{}}
		transport.TLSClientConfig = f.trust.roots.Client("") // any node of the cluster: addresses come and go
	}
	return f
}

// Run goes on until ctx ends. Without a StatsD address it says so once and only waits: the task stays up, so that the plan
// does not depend on how an agent is set up.
func (f *Forwarder) Run(ctx context.Context) {
	if f.settings.StatsD == "" {
		f.journal.Say("STATSD_UDP_HOST and STATSD_UDP_PORT are not set: no metrics are sent. They stay readable at each node's /_status/vars")
		<-ctx.Done()
		return
	}
	f.journal.Say("sending the metrics of service %s to StatsD at %s every %s", f.settings.Service, f.settings.StatsD, f.interval)
	ticker := time.NewTicker(f.interval)
	defer ticker.Stop()
	for {
		f.round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round is one reading of all nodes.
func (f *Forwarder) round(ctx context.Context) {
	f.note(ctx, "authorities", f.trust.refresh(ctx))
	nodes, err := listNodes(ctx, f.scheduler, f.settings.Scheduler.URL)
	f.note(ctx, "scheduler", err)
	if err == nil {
		f.nodes = nodes // else those of the last time
	}
	for address := range f.converters {
		if !slices.Contains(f.nodes, address) {
			delete(f.converters, address)
			delete(f.trouble, address)
		}
	}
	pages := make([][]string, len(f.nodes))
	errs := make([]error, len(f.nodes))
	var wait sync.WaitGroup
	for i, address := range f.nodes {
		c, known := f.converters[address]
		if !known {
			c = newConverter(tag{"service", f.settings.Service}, tag{"node", address})
			f.converters[address] = c
		}
		wait.Go(func() { pages[i], errs[i] = f.page(ctx, address, c) })
	}
	wait.Wait()
	for i, address := range f.nodes {
		f.note(ctx, address, errs[i])
		if certs.IsUnverified(errs[i]) {
			f.trust.doubt()
		}
	}
	f.note(ctx, "StatsD", f.send(ctx, slices.Concat(pages...)))
}

// page reads one node. Whether it answered is a metric too, so an unreachable node gives one line and the error.
func (f *Forwarder) page(ctx context.Context, address string, c *converter) ([]string, error) {
	families, err := scrape(ctx, f.client, f.scheme, address)
	if err != nil {
		return gauge("up", 0, c.own), err
	}
	return append(gauge("up", 1, c.own), c.lines(families)...), nil
}

// send writes lines to StatsD. The address is looked up anew each time: agents' names may move.
func (f *Forwarder) send(ctx context.Context, lines []string) error {
	out, tooLong := packets(lines)
	conn, err := (&net.Dialer{Timeout: readLimit}).DialContext(ctx, "udp", f.settings.StatsD)
	if err != nil {
		return fmt.Errorf("reach StatsD: %w", err)
	}
	defer conn.Close()
	lost := 0
	for i, packet := range out {
		if i > 0 && i%burst == 0 {
			time.Sleep(pause)
		}
		if _, writeErr := conn.Write([]byte(packet)); writeErr != nil { // refused: nobody listened to the packet before
			lost, err = lost+1, writeErr
		}
	}
	switch {
	case lost > 0:
		return fmt.Errorf("send to StatsD: packets are lost: %w", err)
	case tooLong > 0:
		return fmt.Errorf("send to StatsD: %d metrics with too many tags for one packet are left out", tooLong)
	}
	return nil
}

// note says that something went wrong, again after sayAgain, and when it is well again.
func (f *Forwarder) note(ctx context.Context, subject string, err error) {
	if ctx.Err() != nil {
		return // the task ends: what fails now fails because of that
	}
	said, troubled := f.trouble[subject]
	switch {
	case err != nil && time.Since(said) >= sayAgain:
		f.trouble[subject] = time.Now()
		f.journal.Say("WARNING: %s: %v", subject, err)
	case err == nil && troubled:
		delete(f.trouble, subject)
		f.journal.Say("%s: well again", subject)
	}
}
