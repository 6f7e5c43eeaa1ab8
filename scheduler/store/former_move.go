package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// batchOps and batchBytes bound one multi of a copy. A single node may be larger: the SDK stores up to a million bytes in one.
const (
	batchOps   = 400
	batchBytes = 500_000
)

// ErrTooLarge says that our facts and the former nodes do not go into one multi.
var ErrTooLarge = errors.New("the service is too large to be taken over at once")

// ErrChanged says that the former state changed while it was taken over. Our own state was not made.
var ErrChanged = errors.New("the former scheduler's state changed while it was taken over; it is begun again at the next start")

// TakeOver puts the former state aside under the name and makes our store with these values, the facts of the takeover. It
// is for a process that holds the lock. A crash leaves the former state as it was, or our store whole.
func (f *Former) TakeOver(ctx context.Context, state FormerState, name string, values map[string][]byte) error {
	ops, size := f.switchOps(state, values)
	if size > MaxBatch {
		return fmt.Errorf("%w: it counts %d bytes, more than %d", ErrTooLarge, size, MaxBatch)
	}
	for _, broken := range append(slices.Clone(state.Broken), name) {
		if err := f.remove(ctx, broken); err != nil {
			return fmt.Errorf("removing an unfinished copy of the former state: %w", err)
		}
	}
	if err := f.copy(ctx, state, name); err != nil {
		return fmt.Errorf("putting the former state aside: %w", err)
	}
	if err := f.switchOver(ctx, ops); err != nil {
		return fmt.Errorf("taking the former state over: %w", err)
	}
	return nil
}

// multi is each write of this type.
func (f *Former) multi(ctx context.Context, ops ...zkconn.Op) error {
	if f.interrupt != nil {
		if err := f.interrupt(); err != nil {
			return err
		}
	}
	return f.z.conn.Multi(ctx, ops...)
}

// moved are the former nodes that go aside, sorted.
func moved(state FormerState) []string {
	return slices.DeleteFunc(sortedPaths(state.Nodes), func(path string) bool { return path == serviceNode })
}

func (f *Former) copy(ctx context.Context, state FormerState, name string) error {
	if err := f.apply(ctx, []zkconn.Op{zkconn.Create(f.path(name), []byte(copying))}, zkconn.ErrNodeExists); err != nil {
		return err
	}
	ops, size := []zkconn.Op{}, 0
	flush := func() error {
		if len(ops) == 0 {
			return nil
		}
		err := f.apply(ctx, ops, zkconn.ErrNodeExists)
		ops, size = nil, 0
		return err
	}
	for _, path := range moved(state) {
		if len(ops) == batchOps || size+len(state.Nodes[path]) > batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		ops = append(ops, zkconn.Create(f.path(name+"/"+path), state.Nodes[path]))
		size += opOverhead + len(path) + len(state.Nodes[path])
	}
	if err := flush(); err != nil {
		return err
	}
	return f.apply(ctx, []zkconn.Op{zkconn.Set(f.path(name), []byte(complete), zkconn.AnyVersion)}, nil)
}

// apply does operations that were not done before, also when an answer was lost: done is the answer to doing them twice. The
// operations of one multi are done together, so the first tells for all.
func (f *Former) apply(ctx context.Context, ops []zkconn.Op, done error) error {
	lost := false
	return f.z.patiently(ctx, func(ctx context.Context) error {
		err := f.multi(ctx, ops...)
		if lost && done != nil && errors.Is(err, done) {
			return nil
		}
		lost = lost || err != nil && transient(err)
		return err
	})
}

// switchOps are the multi that deletes the former nodes as they were read and makes our store, and its size in bytes.
func (f *Former) switchOps(state FormerState, values map[string][]byte) ([]zkconn.Op, int) {
	var ops []zkconn.Op
	size := 3 * opOverhead
	for _, path := range slices.Backward(moved(state)) {
		if path == schemaNode {
			ops = append(ops, zkconn.Set(f.path(path), []byte(takenSchema), state.versions[path]))
			continue
		}
		ops = append(ops, zkconn.Delete(f.path(path), state.versions[path]))
		size += opOverhead/2 + len(path)
	}
	ops = append(ops, zkconn.Create(f.z.node(), nil), zkconn.Create(f.z.node(schemaKey), []byte(schema)))
	for key, value := range values {
		size += opOverhead + len(key) + len(value)
	}
	return append(ops, f.z.operations(nil, change{set: values}, dirs(values))...), size
}

// switchOver does it, and finds out what happened when the answer is lost: our head tells.
func (f *Former) switchOver(ctx context.Context, ops []zkconn.Op) error {
	next, text, err := newHead()
	if err != nil {
		return err
	}
	ops = append(ops, zkconn.Create(f.z.node(headKey), text))
	return f.z.patiently(ctx, func(ctx context.Context) error {
		err := f.multi(ctx, ops...)
		if !contradicts(err) {
			return err
		}
		now, _, unread := f.z.readHead(ctx)
		switch {
		case unread == nil && now.Batch == next.Batch:
			return nil
		case unread != nil && !errors.Is(unread, zkconn.ErrNoNode):
			return unread
		}
		return fmt.Errorf("%w (%w)", ErrChanged, err)
	})
}

// Undo brings a copy back and removes our store. It is for a process that holds the lock, while no scheduler runs. Our state is in
// force until all of the former is back.
func (f *Former) Undo(ctx context.Context, name string) error {
	copied, versions := map[string][]byte{}, map[string]int32{}
	err := f.z.patiently(ctx, func(ctx context.Context) error {
		clear(copied)
		mark, _, err := f.z.conn.Get(ctx, f.path(name))
		if err != nil {
			return err
		}
		if string(mark) != complete {
			return &CorruptError{Where: f.path(name), Problem: "the copy is not complete", Remedy: "bring it back from a copy of ZooKeeper"}
		}
		return f.walk(ctx, name, copied, versions)
	})
	if err != nil {
		return fmt.Errorf("reading the copy of the former state: %w", err)
	}
	for _, path := range sortedPaths(copied) {
		if path == name {
			continue
		}
		if err := f.bring(ctx, path[len(name)+1:], copied[path]); err != nil {
			return fmt.Errorf("bringing the former state back: %w", err)
		}
	}
	if err := f.removeStore(ctx); err != nil {
		return fmt.Errorf("removing the state of this scheduler: %w", err)
	}
	if err := f.remove(ctx, name); err != nil {
		return fmt.Errorf("the former state is back; removing its copy: %w", err)
	}
	return nil
}

// bring makes a node as it was, whether or not an earlier try made it.
func (f *Former) bring(ctx context.Context, path string, text []byte) error {
	return f.z.patiently(ctx, func(ctx context.Context) error {
		err := f.multi(ctx, zkconn.Create(f.path(path), text))
		if errors.Is(err, zkconn.ErrNodeExists) {
			return f.multi(ctx, zkconn.Set(f.path(path), text, zkconn.AnyVersion))
		}
		return err
	})
}

// removeStore deletes our store in one multi.
func (f *Former) removeStore(ctx context.Context) error {
	return f.z.patiently(ctx, func(ctx context.Context) error {
		nodes := map[string][]byte{}
		versions := map[string]int32{}
		err := f.walk(ctx, storeNode, nodes, versions)
		if errors.Is(err, zkconn.ErrNoNode) && len(nodes) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		var ops []zkconn.Op
		for _, path := range slices.Backward(sortedPaths(nodes)) {
			ops = append(ops, zkconn.Delete(f.path(path), versions[path]))
		}
		return f.multi(ctx, ops...)
	})
}

// Confirm removes all copies, and gives their names.
func (f *Former) Confirm(ctx context.Context) ([]string, error) {
	state, err := f.Read(ctx)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(state.Kept, state.Broken)
	for _, name := range all {
		if err := f.remove(ctx, name); err != nil {
			return nil, fmt.Errorf("removing the copy of the former state: %w", err)
		}
	}
	return all, nil
}

// Clear removes all that a takeover left beside our store: copies, and what keeps a former scheduler from starting. It is for a
// service that was uninstalled, so that its name can be used by anybody.
func (f *Former) Clear(ctx context.Context) error {
	if _, err := f.Confirm(ctx); err != nil {
		return err
	}
	state, err := f.Read(ctx)
	if err != nil {
		return err
	}
	if string(state.Nodes[schemaNode]) != takenSchema {
		return nil
	}
	err = f.apply(ctx, []zkconn.Op{zkconn.Delete(f.path(schemaNode), zkconn.AnyVersion)}, zkconn.ErrNoNode)
	if _, there := state.Nodes[serviceNode]; err == nil && there {
		err = f.apply(ctx, []zkconn.Op{zkconn.Delete(f.path(serviceNode), zkconn.AnyVersion)}, zkconn.ErrNoNode)
	}
	if err != nil {
		return fmt.Errorf("removing what a takeover left: %w", err)
	}
	return nil
}

// remove deletes a copy, after its own node says that it is not complete any more.
func (f *Former) remove(ctx context.Context, name string) error {
	return f.z.patiently(ctx, func(ctx context.Context) error {
		err := f.multi(ctx, zkconn.Set(f.path(name), []byte(removing), zkconn.AnyVersion))
		if errors.Is(err, zkconn.ErrNoNode) {
			return nil
		}
		if err != nil {
			return err
		}
		nodes := map[string][]byte{}
		if err := f.walk(ctx, name, nodes, map[string]int32{}); err != nil {
			return err
		}
		paths := sortedPaths(nodes)
		slices.Reverse(paths)
		for batch := range slices.Chunk(paths, batchOps) {
			ops := make([]zkconn.Op, len(batch))
			for i, path := range batch {
				ops[i] = zkconn.Delete(f.path(path), zkconn.AnyVersion)
			}
			if err := f.multi(ctx, ops...); err != nil {
				return err
			}
		}
		return nil
	})
}
