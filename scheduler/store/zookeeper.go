package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// The layout under the root: store/schema holds the version of the layout, store/head names the last batch, and every other
// path under store/ is a key. Beside it stand lock/ (scheduler/leader) and nothing else of ours.
const (
	storeNode = "store"
	schemaKey = "schema"
	headKey   = "head"
	// schema is the layout this code reads and writes.
	schema = "1"
)

// sdkNodes are the nodes that the Java DC/OS SDK (its classes SchemaVersionStore, ConfigStore, StateStore, FrameworkStore)
// keeps directly under the root. "lock" is not among them: both have it.
var sdkNodes = []string{"SchemaVersion", "ConfigTarget", "Configurations", "Tasks", "FrameworkID", "Properties", "Services"}

// attemptsPerOperation is into how many waits the time of an operation is divided. A server that is silent for that long
// is left for the next one.
const attemptsPerOperation = 4

// retryPause lies between two attempts, so that a refusing server is not asked in a tight loop.
const retryPause = 100 * time.Millisecond

// zooBackend keeps each key in a node of its own and makes each batch one multi.
type zooBackend struct {
	conn      *zkconn.Conn
	root      string // absolute, chroot included
	operation time.Duration
	log       *slog.Logger
	version   int32    // of the head node, as this writer knows it
	dirs      []string // nodes above keys that are there, sorted; also empty ones that somebody left behind
}

// openZooKeeper connects and looks whose state the root holds. It writes nothing.
func openZooKeeper(ctx context.Context, address zkconn.Address, root string, o options) (Store, error) {
	conn, err := zkconn.Dial(ctx, zkconn.Settings{Servers: address.Servers, Session: o.session, Connect: o.connect, Log: o.log})
	if err != nil {
		return nil, fmt.Errorf("opening the state store: %w", err)
	}
	z := &zooBackend{conn: conn, root: address.Join(root), operation: o.operation, log: o.log}
	err = z.patiently(ctx, func(ctx context.Context) error { return z.inspect(ctx, root) })
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &ledger{back: z}, nil
}

// inspect refuses a root that is not ours or not of this version.
func (z *zooBackend) inspect(ctx context.Context, root string) error {
	if err := z.conn.Sync(ctx, "/"); err != nil {
		return fmt.Errorf("opening the state store: %w", err)
	}
	names, err := z.conn.Children(ctx, z.root)
	if errors.Is(err, zkconn.ErrNoNode) {
		return nil // a new service
	}
	if err != nil {
		return fmt.Errorf("opening the state store: %w", err)
	}
	if slices.Contains(names, storeNode) {
		return z.checkSchema(ctx)
	}
	var found []string
	for _, name := range names {
		if slices.Contains(sdkNodes, name) {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		slices.Sort(found)
		return &ForeignLayoutError{Service: ServiceName(root), Path: z.root, Found: found}
	}
	return nil
}

func (z *zooBackend) checkSchema(ctx context.Context) error {
	text, _, err := z.conn.Get(ctx, z.node(schemaKey))
	if errors.Is(err, zkconn.ErrNoNode) {
		return &CorruptError{Where: z.node(), Problem: "the node " + schemaKey + " is missing",
			Remedy: "create it with the value " + schema + " if this is the state of a CockroachDB service; if it is not, set FRAMEWORK_NAME to another name"}
	}
	if err != nil {
		return fmt.Errorf("reading the schema of the state store: %w", err)
	}
	if string(text) != schema {
		return &SchemaError{Where: z.node(schemaKey), Found: string(text), Want: schema}
	}
	return nil
}

func (z *zooBackend) close() error {
	z.conn.Close()
	return nil
}

// node is the absolute path of a key; without one, of the store.
func (z *zooBackend) node(key ...string) string {
	path := z.root + "/" + storeNode
	for _, k := range key {
		path += "/" + k
	}
	return path
}

// attempt runs one try with its share of the operation's time. A server that let it run out is left for another.
func (z *zooBackend) attempt(ctx context.Context, try func(context.Context) error) error {
	short, cancel := context.WithTimeout(ctx, z.operation/attemptsPerOperation)
	defer cancel()
	err := try(short)
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		z.conn.Redial()
	}
	return err
}

// patiently repeats something that may be repeated without harm, until it gets a plain answer or the operation's time is up.
func (z *zooBackend) patiently(ctx context.Context, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, z.operation)
	defer cancel()
	for {
		err := z.attempt(ctx, try)
		if err == nil || !transient(err) {
			return err
		}
		if !pause(ctx) {
			return fmt.Errorf("%w (gave up after %s)", err, z.operation)
		}
	}
}

// transient tells whether a failure comes from connection or session. Our own typed errors are answers.
func transient(err error) bool {
	for _, answer := range []error{ErrForeignLayout, ErrSchema, ErrCorrupt, ErrConflict, ErrDoubt} {
		if errors.Is(err, answer) {
			return false
		}
	}
	return zkconn.InDoubt(err)
}

// pause waits a moment; false when the context ended.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(retryPause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
