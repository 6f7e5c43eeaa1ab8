package store

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// Batch is one atomic change. Keys are slash-separated paths relative to the service's root, for example
// "records/cockroachdb-0-node-init". A key may not be in Set and Delete at once. Deleting a key that is not there is no
// error. A value has at least one byte: in ZooKeeper an empty node is what is left above keys that were deleted by hand.
type Batch struct {
	Set    map[string][]byte
	Delete []string
}

// Store keeps keys and values. Its methods may be called from several goroutines; they are carried out one at a time.
type Store interface {
	// Load claims the store for this process and returns everything in it. It has to come before the first Apply. The map
	// and its values are the caller's.
	Load(ctx context.Context) (map[string][]byte, error)
	// Apply does all of the batch or nothing. A *BatchError means that the batch was refused and the store is as
	// usable as before; any other error means that this process has to end (or Load again): see ConflictError,
	// DoubtError, ErrNotLoaded, ErrClosed.
	Apply(ctx context.Context, b Batch) error
	// Close gives connection and lock back. It may be called more than once. It waits for a running Load or Apply, which
	// take up to the operation time-out: cancel their context first when leadership was lost.
	Close() error
}

// Option changes how Open works.
type Option func(*options)

type options struct {
	log       *slog.Logger
	session   time.Duration
	connect   time.Duration
	operation time.Duration
}

// defaultOperation bounds a Load or Apply: long enough for a ZooKeeper server to be restarted or an election to end.
const defaultOperation = 15 * time.Second

// WithLogger gives a logger; without it nothing is logged.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// WithSessionTimeout asks ZooKeeper for this session time-out instead of 20 s.
func WithSessionTimeout(d time.Duration) Option { return func(o *options) { o.session = d } }

// WithConnectTimeout bounds the wait for the first ZooKeeper session instead of 30 s.
func WithConnectTimeout(d time.Duration) Option { return func(o *options) { o.connect = d } }

// WithOperationTimeout bounds each Load and Apply, retries included, instead of 15 s.
func WithOperationTimeout(d time.Duration) Option { return func(o *options) { o.operation = d } }

// Open opens the store at url (see ParseURL) for the service whose root is given, for example "dcos-service-cockroachdb".
//
// It writes nothing but the file store's folder and lock file. Errors: joined *URLError and *zkconn.AddressError for a bad url,
// *UnreachableError, *ForeignLayoutError, *SchemaError, *LockedError, *CorruptError.
func Open(ctx context.Context, url, root string, opts ...Option) (Store, error) {
	o := options{log: slog.New(slog.DiscardHandler), operation: defaultOperation}
	for _, opt := range opts {
		opt(&o)
	}
	place, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	if problem := segmentProblem(root); problem != "" {
		return nil, &URLError{Value: root, Problem: "the service's root " + problem,
			Remedy: "use one path segment, as dcos-service-cockroachdb"}
	}
	switch place.Kind {
	case KindZooKeeper:
		return openZooKeeper(ctx, place.ZooKeeper, root, o)
	case KindFile:
		return openFile(place.Dir, root)
	default:
		return NewMemory().Open(), nil
	}
}

// ServiceName is the service that a root belongs to: "dcos-service-cockroachdb" gives "cockroachdb".
func ServiceName(root string) string { return strings.TrimPrefix(root, "dcos-service-") }

// UnreachableError says that no ZooKeeper server gave us a session in time.
type UnreachableError = zkconn.UnreachableError

// ErrUnreachable matches every *UnreachableError (errors.Is).
var ErrUnreachable = zkconn.ErrUnreachable
