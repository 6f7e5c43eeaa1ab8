package server

import (
	"context"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// SessionRequest opens a session: every request that goes by SQL in the real
// program carries it.
type SessionRequest struct {
	User string `json:"user,omitempty"`
}

// SQLRequest is one batch of statements in the session's database.
type SQLRequest struct {
	SessionRequest
	Database string `json:"database"`
	Text     string `json:"text"`
	Safe     bool   `json:"safe,omitempty"` // sql_safe_updates
}

// SQLReply gives the results in order, and the session's database afterwards.
type SQLReply struct {
	Results  []sqlstore.Result `json:"results"`
	Database string            `json:"database"`
}

// session lets a client in: it waits for the node to serve, and refuses while
// the node is drained. Source: 01-start-uninitialised, 06-quit-drain.
func (n *Node) session(ctx context.Context, user string) error {
	select {
	case <-n.serving:
	case <-ctx.Done():
		return ctx.Err()
	}
	n.mu.Lock()
	refusing := n.refusing
	n.mu.Unlock()
	if refusing {
		return &wire.Fault{Message: "server is not accepting clients", SQLState: "57P01"}
	}
	if user != "" && user != "root" {
		return &wire.Fault{Message: "password authentication failed for user " + user}
	}
	return nil
}

// sql runs one batch. A syntax error anywhere runs none of it; any other error
// ends it, and what came before stays.
func (n *Node) sql(ctx context.Context, q SQLRequest) (any, error) {
	if err := n.session(ctx, q.User); err != nil {
		return nil, err
	}
	sts, err := sqlstore.Parse(q.Text)
	if err != nil {
		return nil, cluster.FaultOf(err)
	}
	r := SQLReply{Database: q.Database}
	for _, st := range sts {
		res, err := n.statement(ctx, st, r.Database, q.Safe)
		if err != nil {
			return nil, err
		}
		if s, ok := st.Node.(sqlstore.SetDatabase); ok {
			r.Database = s.Name
		}
		r.Results = append(r.Results, res)
	}
	return r, nil
}

func (n *Node) statement(ctx context.Context, st sqlstore.Statement, database string, safe bool) (sqlstore.Result, error) {
	switch node := st.Node.(type) {
	case sqlstore.Delete:
		if safe && len(node.Where) == 0 {
			return sqlstore.Result{}, &wire.Fault{SQLState: "01000", Message: "rejected: DELETE without WHERE clause (sql_safe_updates = true)"}
		}
	case sqlstore.Update:
		if safe && len(node.Where) == 0 {
			return sqlstore.Result{}, &wire.Fault{SQLState: "01000", Message: "rejected: UPDATE without WHERE clause (sql_safe_updates = true)"}
		}
	}
	switch {
	case st.Writes():
		o, err := n.propose(ctx, cluster.KindSQL, cluster.SQL{Database: database, Text: st.SQL}, false)
		if err != nil {
			return sqlstore.Result{}, err
		}
		if o.Fault != nil {
			return sqlstore.Result{}, o.Fault
		}
		return *o.Result, nil
	case st.Reads():
		var r sqlstore.Result
		q := SQLRequest{Database: database, Text: st.SQL}
		err := n.atLeader(ctx, opRead, q, func(ctx context.Context) (any, error) { return n.readHere(ctx, q) }, &r)
		return r, err
	}
	return n.read(st, database)
}

func (n *Node) read(st sqlstore.Statement, database string) (sqlstore.Result, error) {
	r, err := n.state.Read(st, database)
	if err != nil {
		return r, cluster.FaultOf(err)
	}
	return r, nil
}

// readHere runs one reading statement on this node, as the leader.
func (n *Node) readHere(ctx context.Context, q SQLRequest) (any, error) {
	if err := n.current(ctx); err != nil {
		return nil, err
	}
	sts, err := sqlstore.Parse(q.Text)
	if err != nil {
		return nil, cluster.FaultOf(err)
	}
	if len(sts) != 1 || sts[0].Writes() {
		return nil, &wire.Fault{Message: "not one statement that reads: " + q.Text}
	}
	return n.read(sts[0], q.Database)
}
