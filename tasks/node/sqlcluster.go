package node

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/google/uuid"
)

// clusterAsker asks the node whose HTTP port is at address for its cluster's id, by SQL.
type clusterAsker func(ctx context.Context, address string) (string, error)

// sqlClusterLimit bounds one question: with the quorum lost, SQL never answers.
const sqlClusterLimit = 10 * time.Second

// askBySQL asks with the database's own client. One runs at a time: each takes a share of the task's memory.
func askBySQL(s Settings, commands client) clusterAsker {
	commands.limit = sqlClusterLimit
	var one sync.Mutex
	return func(ctx context.Context, address string) (string, error) {
		at, known := sqlAddress(s, address)
		if !known {
			return "", fmt.Errorf("the SQL port of the node at %s is not known", address)
		}
		one.Lock()
		defer one.Unlock()
		allow, tags := cockroach.AllowInternals(s.Version)
		result, err := commands.tell(ctx, cockroach.SQLCommand(s.Version, s.access(at), "", cockroach.CSV), allow+cockroach.ClusterQuery())
		if err != nil {
			return "", err
		}
		if result.code != 0 {
			return "", fmt.Errorf("ask %s for its cluster: %s", at, explained(result.stdout+result.stderr))
		}
		text, err := cockroach.ReadCluster(result.stdout, tags)
		if err != nil {
			return "", fmt.Errorf("ask %s for its cluster: %w", at, err)
		}
		id, err := uuid.Parse(text)
		if err != nil {
			return "", fmt.Errorf("ask %s for its cluster: it names %q, which is no UUID", at, text)
		}
		return id.String(), nil
	}
}

// sqlAddress is the SQL port of the node whose HTTP port is at address: our own, or that of the join list's entry it stands for.
func sqlAddress(s Settings, address string) (cockroach.Address, bool) {
	if address == s.HTTP.Dial().String() {
		return s.Listen.Dial(), true
	}
	if len(s.JoinHTTP) == len(s.Join) {
		for i, a := range s.JoinHTTP {
			if a.String() == address {
				return s.Join[i], true
			}
		}
	}
	at, err := cockroach.ParseAddress(address)
	if err != nil {
		return cockroach.Address{}, false
	}
	for _, a := range s.Join {
		if a.Host == at.Host && a != s.Advertise {
			return a, true
		}
	}
	return cockroach.Address{}, false
}

// access is how the helper's commands get to a node.
func (s Settings) access(at cockroach.Address) cockroach.Access {
	to := cockroach.Access{At: at}
	if s.TLS.On {
		to.CertsDir = s.TLS.Place.ClientDir()
	}
	return to
}

// explained is the last line of a client's output, and what it means where it speaks of certificates.
func explained(output string) string {
	line := lastLine(output)
	if means := cockroach.CertTrouble(output); means != "" {
		return line + " (" + means + ")"
	}
	return line
}
