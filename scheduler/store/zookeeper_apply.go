package store

import (
	"context"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// commit makes the change one multi, led by the step of the head.
func (z *zooBackend) commit(ctx context.Context, before map[string][]byte, c change) error {
	has := dirs(c.after(before))
	if err := z.advance(ctx, z.operations(before, c, has)); err != nil {
		return err
	}
	z.dirs = has
	return nil
}

// operations turns a change into ZooKeeper's operations, in an order that works inside one multi: nodes go before their
// parents, parents come before their nodes. The nodes above keys are made so that they become those in has.
func (z *zooBackend) operations(before map[string][]byte, c change, has []string) []zkconn.Op {
	had := z.dirs
	var ops []zkconn.Op
	for _, key := range c.delete {
		ops = append(ops, zkconn.Delete(z.node(key), zkconn.AnyVersion))
	}
	for _, dir := range slices.Backward(had) {
		if _, stays := slices.BinarySearch(has, dir); !stays {
			ops = append(ops, zkconn.Delete(z.node(dir), zkconn.AnyVersion))
		}
	}
	for _, dir := range has {
		if _, there := slices.BinarySearch(had, dir); !there {
			ops = append(ops, zkconn.Create(z.node(dir), nil))
		}
	}
	for _, key := range sortedKeys(c.set) {
		if _, there := before[key]; there {
			ops = append(ops, zkconn.Set(z.node(key), c.set[key], zkconn.AnyVersion))
		} else {
			ops = append(ops, zkconn.Create(z.node(key), c.set[key]))
		}
	}
	return ops
}

// dirs lists all nodes above keys, sorted: a parent always stands before what lies under it.
func dirs(values map[string][]byte) []string {
	seen := map[string]bool{}
	var all []string
	for key := range values {
		for _, dir := range parents(key) {
			if !seen[dir] {
				seen[dir] = true
				all = append(all, dir)
			}
		}
	}
	slices.Sort(all)
	return all
}
