package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// pages keeps the SQL store's pages in the node's folder.
type pages struct{ f *store.Folder }

// Put writes a page.
func (p pages) Put(b []byte) (sqlstore.Ref, error) {
	at, sum, err := p.f.PutPage(b)
	return sqlstore.Ref{At: at, Len: len(b), Sum: sum}, err
}

// Get reads a page.
func (p pages) Get(r sqlstore.Ref) ([]byte, error) { return p.f.GetPage(r.At, r.Len, r.Sum) }

// Free gives a page up.
func (p pages) Free(r sqlstore.Ref) { p.f.FreePage(r.At, r.Len) }

// pageReply is a page on its way to another node.
type pageReply struct{ b []byte }

// Blob and SetBlob carry the page.
func (r pageReply) Blob() []byte      { return r.b }
func (r *pageReply) SetBlob(b []byte) { r.b = b }

func (n *Node) page(r sqlstore.Ref) (any, error) {
	b, err := pages{n.folder}.Get(r)
	return pageReply{b}, err
}

// take makes a leader's snapshot one of this node's own: the pages that it refers
// to are fetched first. It goes on when the leader has long stopped waiting, and
// answers when the leader asks again.
func (n *Node) take(q *replog.AppendRequest) error {
	if !n.taking.TryLock() {
		return errors.New("a snapshot is being taken")
	}
	defer n.taking.Unlock()
	if n.taken == nil || n.from != q.Snapshot.Index || n.taken.Term != q.Snapshot.Term {
		own := *q.Snapshot
		var err error
		own.State, err = cluster.Translate(own.State, func(r sqlstore.Ref) (sqlstore.Ref, error) { return n.fetch(q.Leader, r) })
		if err != nil {
			return fmt.Errorf("take the leader's snapshot: %w", err)
		}
		n.taken, n.from = &own, own.Index
	}
	q.Snapshot = n.taken
	return nil
}

func (n *Node) fetch(from int, r sqlstore.Ref) (sqlstore.Ref, error) {
	ctx, cancel := context.WithTimeout(n.ctx, 10*n.cfg.Times.Election)
	defer cancel()
	var p pageReply
	if err := n.send(ctx, n.pool.Call, from, opPage, "", r, &p); err != nil {
		return r, err
	}
	return pages{n.folder}.Put(p.b)
}
