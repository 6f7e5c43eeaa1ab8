package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// SessionRequest opens a session: every request that goes by SQL in the real
// program carries it.
type SessionRequest struct {
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
}

// SQLRequest is one batch of statements in the session's database.
type SQLRequest struct {
	SessionRequest
	Database string `json:"database"`
	Safe     bool   `json:"safe,omitempty"` // sql_safe_updates
	Text     string `json:"-"`
}

// Blob and SetBlob carry the text.
func (q SQLRequest) Blob() []byte      { return []byte(q.Text) }
func (q *SQLRequest) SetBlob(b []byte) { q.Text = string(b) }

// SQLReply gives the results in order, and the session's database afterwards.
type SQLReply struct {
	Results  []sqlstore.Result `json:"results"`
	Database string            `json:"database"`
}

// session lets a client in: it waits for the node to serve, and refuses while
// the node is drained. Source: 01-start-uninitialised, 06-quit-drain.
func (n *Node) session(ctx context.Context, q SessionRequest) error {
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
	return n.logIn(ctx, q)
}

// sql runs one batch. A syntax error anywhere runs none of it; any other error
// ends it, and what came before stays.
func (n *Node) sql(ctx context.Context, q SQLRequest) (any, error) {
	if err := n.session(ctx, q.SessionRequest); err != nil {
		return nil, err
	}
	sts, err := sqlstore.Parse(q.Text)
	if err != nil {
		return nil, redacted(err)
	}
	r := SQLReply{Database: q.Database}
	for _, st := range sts {
		res, err := n.statement(ctx, st, r.Database, q.User, q.Safe)
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

func (n *Node) statement(ctx context.Context, st sqlstore.Statement, database, user string, safe bool) (sqlstore.Result, error) {
	if what, ok := sqlstore.Safe(st.Node); safe && !ok {
		return sqlstore.Result{}, &wire.Fault{SQLState: "01000", Message: "rejected: " + what + " without WHERE clause (sql_safe_updates = true)"}
	}
	switch st.Node.(type) {
	case sqlstore.Backup, sqlstore.Restore, sqlstore.ShowBackup, sqlstore.ShowBackups, sqlstore.CancelJob:
		r, err := n.bulk(ctx, st, user)
		return r, redacted(err)
	}
	if inner, ok := sqlstore.Bracketed(st.Node); ok {
		given, err := n.bulk(ctx, sqlstore.Statement{SQL: "SHOW BACKUP", Node: inner}, user)
		if err != nil {
			return given, redacted(err)
		}
		return n.read(sqlstore.Over(st, given), sqlstore.Context{Database: database, User: user, Now: time.Now().UnixNano()})
	}
	switch {
	case st.Writes():
		return n.write(ctx, st, database, user)
	case st.Reads():
		var r sqlstore.Result
		q := SQLRequest{SessionRequest: SessionRequest{User: user}, Database: database, Text: st.SQL}
		err := n.atLeader(ctx, opRead, q, func(ctx context.Context) (any, error) { return n.readHere(ctx, q) }, &r)
		return r, err
	}
	return n.read(st, sqlstore.Context{Database: database, User: user, Now: time.Now().UnixNano()})
}

// write proposes a statement. An INSERT from a long series goes in parts: one
// would keep every node from answering its peers for as long as it takes.
func (n *Node) write(ctx context.Context, st sqlstore.Statement, database, user string) (sqlstore.Result, error) {
	parts, rows := sqlstore.Parts(st), 0
	for _, part := range parts {
		n.state.Parsed(part.SQL, part.Node)
		o, err := n.proposeText(ctx, cluster.KindSQL, cluster.SQL{Database: database, User: user, Secure: n.cfg.Certs != nil}, []byte(part.SQL), false)
		if err != nil {
			return sqlstore.Result{}, err
		}
		if o.Fault != nil {
			return sqlstore.Result{}, o.Fault
		}
		if len(parts) == 1 {
			return *o.Result, nil
		}
		k, _ := strconv.Atoi(strings.TrimPrefix(o.Result.Tag, "INSERT "))
		rows += k
	}
	return sqlstore.Result{Tag: fmt.Sprintf("INSERT %d", rows)}, nil
}

func (n *Node) read(st sqlstore.Statement, c sqlstore.Context) (sqlstore.Result, error) {
	r, err := n.state.Read(st.Node, c)
	if err != nil {
		return r, cluster.FaultOf(err)
	}
	return r, nil
}

// readHere runs one reading statement on this node, as the leader. The moment is
// taken first: what is written from then on is later.
func (n *Node) readHere(ctx context.Context, q SQLRequest) (any, error) {
	now := time.Now().UnixNano()
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
	return n.read(sts[0], sqlstore.Context{Database: q.Database, User: q.User, Now: now})
}
