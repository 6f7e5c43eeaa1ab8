package zkconn

import (
	"context"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// lookupWait bounds one name look-up, so that a dead resolver cannot stop the client's loop.
const lookupWait = 2 * time.Second

// resolver hands out addresses in turn (the library's HostProvider). After each full round it resolves the names again.
type resolver struct {
	lookup func(ctx context.Context, host string) ([]string, error)
	failed func(error)

	mu      sync.Mutex
	servers []string
	round   []string
	next    int
	lonely  bool // no connection since the round began
}

// Init takes the "host:port" list; nothing is resolved yet, so a name that does not exist is no error at start.
func (r *resolver) Init(servers []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.servers = servers
	return nil
}

// Len returns the number of addresses in this round.
func (r *resolver) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(len(r.round), len(r.servers))
}

// Next returns the address to try, and true when a whole round went by without a connection (the library then pauses).
func (r *resolver) Next() (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	pause := false
	if r.next >= len(r.round) {
		pause = r.lonely
		r.round, r.next, r.lonely = r.resolve(), 0, true
	}
	server := r.round[r.next]
	r.next++
	return server, pause
}

// Connected is called when a session was made.
func (r *resolver) Connected() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lonely = false
}

// resolve looks every name up. A name that does not resolve stays in the list as it is, so that there is always something to
// try; the dialer refuses it.
func (r *resolver) resolve() []string {
	ctx, cancel := context.WithTimeout(context.Background(), lookupWait)
	defer cancel()
	var found []string
	for _, server := range r.servers {
		host, port, err := net.SplitHostPort(server)
		if err != nil {
			r.failed(err)
			continue
		}
		ips := []string{host}
		if net.ParseIP(host) == nil {
			ips, err = r.lookup(ctx, host)
		}
		if err != nil {
			r.failed(err)
			found = append(found, server)
			continue
		}
		for _, ip := range ips {
			found = append(found, net.JoinHostPort(ip, port))
		}
	}
	// A random order spreads the clients over the ensemble.
	rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	if len(found) == 0 {
		return r.servers
	}
	return found
}
