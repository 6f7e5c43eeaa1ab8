package server

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/bulk"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
)

// Sizes in bytes: of a data file, and of the rows that one log entry restores.
const (
	fileSize = 1 << 20
	fillSize = 256 << 10
)

// backup writes the data files, one after the other, and the manifest at the end.
// What it wrote goes when it does not come that far.
func (t *task) backup() (err error) {
	m := bulk.Manifest{Database: t.name, Version: t.state.Version(), End: t.at}
	defer func() {
		if err == nil {
			return
		}
		// The job's own context may be over; the bucket is to be left clean all the same.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		for _, f := range m.Files {
			t.bucket.Remove(ctx, t.sub+"/"+f.Name)
		}
	}()
	var all, rows int64
	err = t.state.SQL(func(s *sqlstore.Store) error {
		m.Objects, _ = s.Objects(t.name, sqlstore.Context{User: "root", At: t.at})
		for _, o := range m.Objects {
			k, err := s.Count(o, t.at)
			if err != nil {
				return err
			}
			all += k
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range m.Objects {
		if o.Kind == sqlstore.KindView {
			continue
		}
		for after, more := []byte(nil), true; more; {
			var body []byte
			var k int
			err := t.state.SQL(func(s *sqlstore.Store) (err error) {
				body, k, after, err = s.Export(o, t.at, after, fileSize)
				return err
			})
			if err != nil {
				return err
			}
			if more = after != nil; k == 0 {
				continue
			}
			counted := int64(k)
			if o.Kind == sqlstore.KindSequence {
				counted = 0
			}
			f := bulk.Seal(bulk.DataName(len(m.Files)+1), o.ID, counted, body)
			m.Files = append(m.Files, f)
			if err := t.bucket.Put(t.ctx, t.sub+"/"+f.Name, body); err != nil {
				return err
			}
			rows += counted
			if err := t.moves(f.Bytes, rows, all); err != nil {
				return err
			}
		}
	}
	return t.bucket.Finish(t.ctx, t.sub, m)
}

// restore fills the tables file by file and shows the database at the end.
func (t *task) restore() (err error) {
	defer func() {
		if err != nil {
			t.propose(t.ctx, cluster.KindRestore, cluster.Restore{Job: t.job.ID, Step: cluster.StepAbandon}, true)
		}
	}()
	var all, rows int64
	for _, f := range t.source.Files {
		all += f.Rows
	}
	for _, f := range t.source.Files {
		body, err := t.bucket.Data(t.ctx, t.sub, f)
		if err != nil {
			return err
		}
		for len(body) > 0 {
			n := 0
			for n < len(body) && n < fillSize {
				size, k := binary.Uvarint(body[n:])
				n += k + int(size)
			}
			if err := t.step(cluster.Restore{Job: t.job.ID, Step: cluster.StepFill, Object: f.Object}, body[:n]); err != nil {
				return err
			}
			body = body[n:]
		}
		rows += f.Rows
		if err := t.moves(f.Bytes, rows, all); err != nil {
			return err
		}
	}
	return t.step(cluster.Restore{Job: t.job.ID, Step: cluster.StepPublish}, nil)
}
