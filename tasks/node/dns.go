package node

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// dnsLimit is how long a new task's name may take to appear; the DC/OS SDK's bootstrap waits as long.
	dnsLimit = 5 * time.Minute
	// dnsPause lies between two look-ups, noticeEvery between two lines about a wait.
	dnsPause    = time.Second
	noticeEvery = 15 * time.Second
)

// nameWait waits until a name points at this container. A node that advertises a name which others cannot resolve yet, or
// which still points at its predecessor, confuses the cluster.
type nameWait struct {
	// lookup resolves a name to IP addresses in text form.
	lookup func(ctx context.Context, host string) ([]string, error)
	// own lists the container's addresses.
	own     func() ([]string, error)
	limit   time.Duration
	pause   time.Duration
	journal *Journal
}

// run returns when one of host's addresses is one of ours, or also, for containers behind the agent's address.
func (w nameWait) run(ctx context.Context, host string, also ...string) error {
	own, err := w.own()
	if err != nil {
		return &Fault{Code: tasks.ExitDNS, Problem: "cannot list this container's addresses", Err: err}
	}
	own = append(own, also...)
	began := time.Now()
	noticed := began
	for {
		found, err := w.lookup(ctx, host)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if slices.ContainsFunc(found, func(a string) bool { return slices.Contains(own, a) }) {
			w.journal.Say("%s resolves to this container after %.1f s", host, time.Since(began).Seconds())
			return nil
		}
		state := fmt.Sprintf("it resolves to %s, and this container has %s", strings.Join(found, ", "), strings.Join(own, ", "))
		if err != nil {
			state = err.Error()
		}
		if time.Since(began) >= w.limit {
			return &Fault{Code: tasks.ExitDNS, Problem: fmt.Sprintf("%s does not point at this container after %s: %s", host, w.limit, state),
				Remedy: "Check the cluster's DNS and the DISCOVERY setting; the task will be started again"}
		}
		if time.Since(noticed) >= noticeEvery {
			noticed = time.Now()
			w.journal.Say("waiting for %s to point at this container: %s", host, state)
		}
		if !sleep(ctx, w.pause) {
			return ctx.Err()
		}
	}
}

// ownAddresses lists the addresses of the container's network interfaces, loopback included.
func ownAddresses() ([]string, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range addrs {
		if ip, _, err := net.ParseCIDR(a.String()); err == nil {
			out = append(out, ip.String())
		}
	}
	return out, nil
}

// sleep waits for d and reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
