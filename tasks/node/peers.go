package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// peerAnswer is what one other node of the join list said about its cluster.
type peerAnswer struct {
	// address is host:port of its HTTP port.
	address    string
	membership cockroach.Membership
	// clusterID is set when membership is Member and the node tells which.
	clusterID string
	err       error
}

// peers lists the HTTP addresses of the other nodes: as given one by one, else the hosts of the join list with our own HTTP
// port. This node's own entry is left out.
func peers(s Settings) []string {
	var out []string
	if len(s.JoinHTTP) > 0 {
		for _, a := range s.JoinHTTP {
			if a.Port != s.HTTP.Port || (a.Host != s.Advertise.Host && a.Host != s.AgentIP) {
				out = append(out, a.String())
			}
		}
		return out
	}
	for _, a := range s.Join {
		if a != s.Advertise {
			out = append(out, cockroach.Address{Host: a.Host, Port: s.HTTP.Port}.String())
		}
	}
	return out
}

// askPeers asks all addresses at once, each within the client's time limit. The answers are in the order of the addresses.
func (w web) askPeers(ctx context.Context, addresses []string) []peerAnswer {
	answers := make([]peerAnswer, len(addresses))
	var wait sync.WaitGroup
	for i, address := range addresses {
		wait.Go(func() {
			membership, id, err := w.askCluster(ctx, address)
			answers[i] = peerAnswer{address, membership, id, err}
		})
	}
	wait.Wait()
	return answers
}

// isTimeout tells a peer that may be there but slow from one that is not there (refused, unknown name).
func isTimeout(err error) bool {
	var netErr net.Error
	return errors.As(err, &netErr) && netErr.Timeout()
}

// foreign lists peers that are in another cluster than id.
func foreign(answers []peerAnswer, id string) []string {
	var out []string
	for _, a := range answers {
		if a.membership == cockroach.Member && a.clusterID != "" && a.clusterID != id {
			out = append(out, fmt.Sprintf("%s is in cluster %s", a.address, a.clusterID))
		}
	}
	return out
}

// refuseForeignPeers keeps a node without data from joining a wrong cluster: it would become a member there for good. Only
// possible when the cluster's id is known.
func (w web) refuseForeignPeers(ctx context.Context, s Settings) error {
	if others := foreign(w.askPeers(ctx, peers(s)), s.ClusterID); len(others) > 0 {
		return &Fault{Code: tasks.ExitIdentity,
			Problem: fmt.Sprintf("this node has no data yet and is to join cluster %s, but of its join list %s", s.ClusterID, strings.Join(others, ", and ")),
			Remedy:  "The database is not started. Find out which service owns that address, and restart the pod once the join list is right"}
	}
	return nil
}
