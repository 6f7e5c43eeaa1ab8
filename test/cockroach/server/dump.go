package server

import (
	"context"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/dump"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// DumpRequest asks for a database, or some tables of it, as statements.
type DumpRequest struct {
	SessionRequest
	Database string   `json:"database"`
	Tables   []string `json:"tables,omitempty"`
	Mode     string   `json:"mode"`
}

// DumpReply is the dump.
type DumpReply struct {
	Text string `json:"text"`
}

func (n *Node) dump(ctx context.Context, q DumpRequest) (any, error) {
	if err := n.session(ctx, q.User); err != nil {
		return nil, err
	}
	var r DumpReply
	err := n.atLeader(ctx, opDumpAt, q, func(ctx context.Context) (any, error) { return n.dumpHere(ctx, q) }, &r)
	return r, err
}

// dumpHere dumps as the leader. A database that does not exist gives an empty
// dump and no error: so does the real program.
func (n *Node) dumpHere(ctx context.Context, q DumpRequest) (any, error) {
	if err := n.current(ctx); err != nil {
		return nil, err
	}
	var r DumpReply
	var missing string
	n.state.Tables(q.Database, func(all []*sqlstore.Table, _ bool) {
		chosen := all
		if len(q.Tables) > 0 {
			chosen = nil
		}
		for _, name := range q.Tables {
			i := slices.IndexFunc(all, func(t *sqlstore.Table) bool { return t.Name == name })
			if i < 0 {
				missing = name
				return
			}
			chosen = append(chosen, all[i])
		}
		r.Text = dump.Write(chosen, q.Mode)
	})
	if missing != "" {
		return nil, &wire.Fault{Message: "getBasicMetadata: relation " + q.Database + ".public." + missing + " does not exist"}
	}
	return r, nil
}
