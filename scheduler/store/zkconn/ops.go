package zkconn

import (
	"context"
	"errors"
	"fmt"

	"github.com/samuel/go-zookeeper/zk"
)

// AnyVersion in Set, Delete and Check matches every version.
const AnyVersion int32 = -1

// Stat is what callers need of a node's metadata.
type Stat struct {
	// Version counts the changes of the node's data, from 0.
	Version int32
	// Children is the number of direct children.
	Children int32
}

// Op is one operation of a Multi; made by Create, Set, Delete and Check.
type Op struct{ request any }

// Create makes a persistent node, open to everyone, as the Java SDK does without credentials.
func Create(path string, data []byte) Op {
	return Op{&zk.CreateRequest{Path: path, Data: data, Acl: zk.WorldACL(zk.PermAll)}}
}

// Set replaces a node's data if it has that version.
func Set(path string, data []byte, version int32) Op {
	return Op{&zk.SetDataRequest{Path: path, Data: data, Version: version}}
}

// Delete removes a node without children if it has that version.
func Delete(path string, version int32) Op {
	return Op{&zk.DeleteRequest{Path: path, Version: version}}
}

// Check refuses the whole Multi unless the node exists in that version. A Multi of a Check alone changes nothing and wakes
// no watch, but goes through the leader and a quorum, which also makes sure that our session is alive: a read proves neither.
func Check(path string, version int32) Op {
	return Op{&zk.CheckVersionRequest{Path: path, Version: version}}
}

// Multi does all operations or none. The error is that of the first operation refused.
func (c *Conn) Multi(ctx context.Context, ops ...Op) error {
	requests := make([]any, len(ops))
	for i, op := range ops {
		requests[i] = op.request
	}
	_, err := run(ctx, c, "changing", fmt.Sprintf("%d nodes", len(ops)), func() (struct{}, error) {
		_, err := c.lib.Multi(requests...)
		return struct{}{}, err
	})
	return err
}

// Get reads a node.
func (c *Conn) Get(ctx context.Context, path string) ([]byte, Stat, error) {
	type node struct {
		data []byte
		stat Stat
	}
	n, err := run(ctx, c, "reading", path, func() (node, error) {
		data, stat, err := c.lib.Get(path)
		if err != nil {
			return node{}, err
		}
		return node{data, Stat{stat.Version, stat.NumChildren}}, nil
	})
	return n.data, n.stat, err
}

// Children lists the names of a node's children, in no order.
func (c *Conn) Children(ctx context.Context, path string) ([]string, error) {
	return run(ctx, c, "listing", path, func() ([]string, error) {
		names, _, err := c.lib.Children(path)
		return names, err
	})
}

// Exists tells whether a node is there.
func (c *Conn) Exists(ctx context.Context, path string) (bool, error) {
	return run(ctx, c, "looking for", path, func() (bool, error) {
		there, _, err := c.lib.Exists(path)
		return there, err
	})
}

// Wake is the channel of a watch.
type Wake = <-chan zk.Event

// Watch is Exists that also leaves a watch. The channel wakes at most once, also for no reason (the library wakes more
// watches than it should) or because the session ended: look again after each wake.
func (c *Conn) Watch(ctx context.Context, path string) (bool, Wake, error) {
	type watch struct {
		there bool
		wake  Wake
	}
	w, err := run(ctx, c, "watching", path, func() (watch, error) {
		there, _, wake, err := c.lib.ExistsW(path)
		return watch{there, wake}, err
	})
	return w.there, w.wake, err
}

// CreateEphemeral makes a node that goes with our session, its name being the path followed by ten digits that count up
// under the parent. It returns the path made.
func (c *Conn) CreateEphemeral(ctx context.Context, path string, data []byte) (string, error) {
	return run(ctx, c, "creating", path, func() (string, error) {
		return c.lib.Create(path, data, zk.FlagEphemeral|zk.FlagSequence, zk.WorldACL(zk.PermAll))
	})
}

// Sync makes the server we are connected to catch up with the leader, so that the next read is not an old one.
func (c *Conn) Sync(ctx context.Context, path string) error {
	_, err := run(ctx, c, "catching up at", path, func() (string, error) { return c.lib.Sync(path) })
	return err
}

// MakePath creates a persistent node and its parents where they are missing.
func (c *Conn) MakePath(ctx context.Context, path string) error {
	for i := 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		part := path[:i]
		there, err := c.Exists(ctx, part)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		_, err = run(ctx, c, "creating", part, func() (string, error) {
			made, err := c.lib.Create(part, nil, 0, zk.WorldACL(zk.PermAll))
			if err == zk.ErrNodeExists {
				return part, nil // another scheduler was a moment faster
			}
			return made, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// run does one call of the library under a context. The library's calls cannot be cancelled: one that is given up goes on in
// the background and ends with the connection at the latest.
func run[T any](ctx context.Context, c *Conn, doing, what string, call func() (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, fmt.Errorf("%s %s in ZooKeeper: %w", doing, what, err)
	}
	if !c.begin() {
		return none, ErrClosed
	}
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		defer c.running.Done()
		value, err := call()
		answered <- answer{value, err}
	}()
	select {
	case a := <-answered:
		if errors.Is(a.err, zk.ErrNoAuth) {
			return none, fmt.Errorf("%s %s in ZooKeeper: %w; the access list of the node keeps us out: allow world all rights there, "+
				"or use another FRAMEWORK_NAME", doing, what, a.err)
		}
		if a.err != nil {
			return none, fmt.Errorf("%s %s in ZooKeeper: %w", doing, what, a.err)
		}
		return a.value, nil
	case <-ctx.Done():
		return none, fmt.Errorf("%s %s in ZooKeeper: %w", doing, what, ctx.Err())
	case <-c.closed:
		// Not ErrClosed alone: the operation was already on its way.
		return none, fmt.Errorf("%s %s in ZooKeeper: %w", doing, what, errCutShort)
	}
}

// begin counts an operation as running, or says that the connection is closed.
func (c *Conn) begin() bool {
	c.gate.Lock()
	defer c.gate.Unlock()
	if c.ended {
		return false
	}
	c.running.Add(1)
	return true
}
