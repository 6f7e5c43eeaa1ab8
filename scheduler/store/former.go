package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// Former is the state of a scheduler built on the Java DC/OS SDK under the root that is to be ours: read, put aside, brought back.
//
// The former nodes are copied to <root>/java-state-<time>, and then deleted in the one multi that makes our store: at every
// moment the root holds the whole state of one of the two schedulers, and a copy counts only once its own node says that it is
// complete. The node servicename stays where it is, both kinds of scheduler may see it; SchemaVersion stays with a value that keeps
// a former scheduler from starting.
//
// Designs weighed: moving node by node (a crash leaves half of each), and keeping both layouts side by side (a former scheduler
// that is started by mistake would take the cluster for its own). docs/adr/0016-takeover.md has the rest.
type Former struct {
	z *zooBackend
	// interrupt is for tests: it ends the work before a write, as a crash does.
	interrupt func() error
}

// FormerState is what a root holds.
type FormerState struct {
	// Nodes are the former scheduler's nodes with their content, by path relative to the root.
	Nodes map[string][]byte
	// Holders are those who hold its lock or wait for it.
	Holders []string
	// Own says that there is state of ours.
	Own bool
	// Kept are the names of complete copies, oldest first; Broken those that were begun, or are half removed.
	Kept, Broken []string
	versions     map[string]int32
}

// Foreign says that the state is a former scheduler's, and none of ours is there.
func (s FormerState) Foreign() bool {
	return !s.Own && slices.ContainsFunc(sdkNodes, func(name string) bool { _, there := s.Nodes[name]; return there })
}

const (
	keptPrefix  = "java-state-"
	serviceNode = "servicename"
	lockNode    = "lock"
	schemaNode  = "SchemaVersion"
	// takenSchema stands in the former scheduler's SchemaVersion once its state was taken over. Every release of the SDK refuses to
	// start on a version that it does not know (its class SchemaVersionStore); without the node it would install the service anew.
	takenSchema = "1000"
	// copying, complete and removing are the content of a copy's own node.
	copying, complete, removing = "copying", "complete", "removing"
)

// KeptName is the name of a copy that is made at this time, such as 20260102T120000Z.
func KeptName(at string) string { return keptPrefix + at }

// ErrNotZooKeeper says that only ZooKeeper can hold a former scheduler's state.
var ErrNotZooKeeper = errors.New("only a state store in ZooKeeper (zk://) can hold the state of a former scheduler")

// OpenFormer connects. It writes nothing. Errors: those of ParseURL, ErrNotZooKeeper, *UnreachableError.
func OpenFormer(ctx context.Context, url, root string, opts ...Option) (*Former, error) {
	o := options{log: slog.New(slog.DiscardHandler), operation: defaultOperation}
	for _, opt := range opts {
		opt(&o)
	}
	place, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	if place.Kind != KindZooKeeper {
		return nil, ErrNotZooKeeper
	}
	conn, err := zkconn.Dial(ctx, zkconn.Settings{Servers: place.ZooKeeper.Servers, Session: o.session, Connect: o.connect, Log: o.log})
	if err != nil {
		return nil, fmt.Errorf("looking for the state of a former scheduler: %w", err)
	}
	return &Former{z: &zooBackend{conn: conn, root: place.ZooKeeper.Join(root), operation: o.operation, log: o.log}}, nil
}

// Close gives the connection back.
func (f *Former) Close() { f.z.conn.Close() }

// Read looks at everything under the root and writes nothing. What it returns may be a mixture of two moments; TakeOver refuses
// what has changed since.
func (f *Former) Read(ctx context.Context) (FormerState, error) {
	var state FormerState
	err := f.z.patiently(ctx, func(ctx context.Context) (err error) {
		state, err = f.read(ctx)
		return err
	})
	if err != nil {
		return FormerState{}, fmt.Errorf("reading the state of a former scheduler: %w", err)
	}
	return state, nil
}

func (f *Former) read(ctx context.Context) (FormerState, error) {
	state := FormerState{Nodes: map[string][]byte{}, versions: map[string]int32{}}
	if err := f.z.conn.Sync(ctx, "/"); err != nil {
		return state, err
	}
	names, err := f.z.conn.Children(ctx, f.z.root)
	if errors.Is(err, zkconn.ErrNoNode) {
		return state, nil
	}
	if err != nil {
		return state, err
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case name == storeNode:
			state.Own = true
		case name == lockNode:
			state.Holders, err = f.holders(ctx, lockNode)
		case strings.HasPrefix(name, keptPrefix):
			var mark []byte
			if mark, _, err = f.z.conn.Get(ctx, f.path(name)); string(mark) == complete {
				state.Kept = append(state.Kept, name)
			} else {
				state.Broken = append(state.Broken, name)
			}
		case name == serviceNode || slices.Contains(sdkNodes, name):
			err = f.walk(ctx, name, state.Nodes, state.versions)
		}
		if err != nil {
			return state, err
		}
	}
	return state, nil
}

func (f *Former) path(relative string) string { return f.z.root + "/" + relative }

// walk reads a node and all that lies under it. Nodes above others have content too: Curator writes its address there.
func (f *Former) walk(ctx context.Context, top string, nodes map[string][]byte, versions map[string]int32) error {
	todo := []string{top}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		text, stat, err := f.z.conn.Get(ctx, f.path(at))
		if err != nil {
			return err
		}
		nodes[at], versions[at] = text, stat.Version
		if stat.Children == 0 {
			continue
		}
		names, err := f.z.conn.Children(ctx, f.path(at))
		if err != nil {
			return err
		}
		for _, name := range names {
			todo = append(todo, at+"/"+name)
		}
	}
	return nil
}

// holders are those under the lock who are no scheduler of ours. Older releases of the SDK queue right there as we do, newer ones
// under leases and locks; both leave their address.
func (f *Former) holders(ctx context.Context, at string) ([]string, error) {
	names, err := f.z.conn.Children(ctx, f.path(at))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var list []string
	for _, name := range names {
		if at == lockNode && (name == "leases" || name == "locks") {
			more, err := f.holders(ctx, at+"/"+name)
			if err != nil && !errors.Is(err, zkconn.ErrNoNode) {
				return nil, err
			}
			list = append(list, more...)
			continue
		}
		text, _, err := f.z.conn.Get(ctx, f.path(at+"/"+name))
		if errors.Is(err, zkconn.ErrNoNode) {
			continue // it left meanwhile
		}
		if err != nil {
			return nil, err
		}
		if ours := json.Valid(text) && strings.HasPrefix(string(text), "{"); !ours {
			list = append(list, strings.TrimSpace(name+" "+string(text)))
		}
	}
	return list, nil
}

func sortedPaths(nodes map[string][]byte) []string { return slices.Sorted(maps.Keys(nodes)) }
