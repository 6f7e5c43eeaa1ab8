package server

import (
	"context"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/dump"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// DumpRequest asks for a piece of a dump of a database, or of some of its tables.
// The first piece has no cursor; the others have that of the reply before.
type DumpRequest struct {
	SessionRequest
	Database string       `json:"database"`
	Tables   []string     `json:"tables,omitempty"`
	Mode     string       `json:"mode"`
	AsOf     string       `json:"asOf,omitempty"`
	Faults   dump.Faults  `json:"faults"`
	Cursor   *dump.Cursor `json:"cursor,omitempty"`
}

// DumpReply is a piece: whole statements. Fault is what ended the dump after it.
// Rate is how many bytes a second the client is to write, 0 for all it can.
type DumpReply struct {
	Cursor *dump.Cursor `json:"cursor,omitempty"` // nil: this was the last piece
	Fault  *wire.Fault  `json:"fault,omitempty"`
	Rate   int          `json:"rate,omitempty"`
	text   []byte
}

// Blob and SetBlob carry the text.
func (r DumpReply) Blob() []byte      { return r.text }
func (r *DumpReply) SetBlob(b []byte) { r.text = b }

// Text gives the statements.
func (r DumpReply) Text() []byte { return r.text }

// dump serves one piece. Only the first one opens a session: a dump goes on while
// its gateway is drained. Source: 09d-dump-during-failures.
func (n *Node) dump(ctx context.Context, q DumpRequest) (any, error) {
	if q.Cursor == nil {
		if err := n.session(ctx, q.SessionRequest); err != nil {
			return nil, err
		}
		q.Faults = q.Faults.Or(n.cfg.Dump)
	}
	var r DumpReply
	err := n.atLeader(ctx, opDumpAt, q, func(ctx context.Context) (any, error) { return n.dumpHere(ctx, q) }, &r)
	r.Rate = q.Faults.Rate
	return r, err
}

// dumpHere dumps as the leader. A database that does not exist gives an empty
// dump and no error: so does the real program.
func (n *Node) dumpHere(ctx context.Context, q DumpRequest) (any, error) {
	now := time.Now().UnixNano()
	if q.Cursor == nil {
		at := now
		if q.AsOf != "" {
			t, ok := sqlstore.ParseTime(q.AsOf)
			if m, isNumber := sqlstore.Moment(q.AsOf, 0); !ok && isNumber && m > 0 && q.AsOf[0] != '-' {
				// dump itself asks with such a number; its flag takes a timestamp alone.
				ok = false
			}
			if !ok {
				return nil, &wire.Fault{SQLState: "22007", Message: "parsing as type timestamp: could not parse \"" + q.AsOf + "\""}
			}
			if at = t.UnixNano(); at > now {
				return nil, cluster.FaultOf(sqlstore.Future(at, now))
			}
		}
		q.Cursor = &dump.Cursor{At: at, Faults: q.Faults}
	}
	if err := n.current(ctx); err != nil {
		return nil, err
	}
	var r DumpReply
	err := n.state.SQL(func(s *sqlstore.Store) (err error) {
		c := sqlstore.Context{Database: q.Database, User: q.User, At: q.Cursor.At, Now: now}
		r.text, r.Cursor, err = dump.Page(s, c, q.Tables, q.Mode, *q.Cursor)
		return err
	})
	if err != nil {
		r.Fault = cluster.FaultOf(err)
	}
	return r, nil
}
