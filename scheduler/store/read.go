package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// ErrMemory says that state in memory cannot be read by another process.
var ErrMemory = errors.New("the state is in the memory of the scheduler and no other process can read it; ask the scheduler's API (POST /v1/diff)")

// Read looks at what is stored and neither claims nor locks nor writes anything, so that it may be done beside a running
// scheduler: Open takes the lock of a file, and Load shuts a running scheduler out. An empty map means that nothing is
// stored. What it returns is one state that was stored, never a mixture of two.
//
// Errors are those of Open, and ErrMemory.
func Read(ctx context.Context, url, root string, opts ...Option) (map[string][]byte, error) {
	o := options{log: slog.New(slog.DiscardHandler), operation: defaultOperation}
	for _, opt := range opts {
		opt(&o)
	}
	place, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	if problem := segmentProblem(root); problem != "" {
		return nil, &URLError{Value: root, Problem: "the service's root " + problem, Remedy: "use one path segment, as dcos-service-cockroachdb"}
	}
	switch place.Kind {
	case KindZooKeeper:
		return readZooKeeper(ctx, place.ZooKeeper, root, o)
	case KindFile:
		// The file is replaced whole, so one reading of it is one state.
		return (&fileBackend{dir: place.Dir, path: filepath.Join(place.Dir, root+".json")}).read()
	default:
		return nil, ErrMemory
	}
}

func readZooKeeper(ctx context.Context, address zkconn.Address, root string, o options) (map[string][]byte, error) {
	conn, err := zkconn.Dial(ctx, zkconn.Settings{Servers: address.Servers, Session: o.session, Connect: o.connect, Log: o.log})
	if err != nil {
		return nil, fmt.Errorf("reading the state store: %w", err)
	}
	defer conn.Close()
	z := &zooBackend{conn: conn, root: address.Join(root), operation: o.operation, log: o.log}
	if err := z.patiently(ctx, func(ctx context.Context) error { return z.inspect(ctx, root) }); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.operation)
	defer cancel()
	for {
		values, whole, err := z.glance(ctx)
		switch {
		case err != nil && !transient(err):
			return nil, err
		case err == nil && whole:
			return values, nil
		}
		if !pause(ctx) {
			return nil, errors.Join(fmt.Errorf("reading the state store: it changed, or could not be reached, for %s; try again", o.operation), err)
		}
	}
}

// glance reads everything once. It is whole when no batch was stored meanwhile: each moves the head on.
func (z *zooBackend) glance(ctx context.Context) (values map[string][]byte, whole bool, err error) {
	var before, after int32
	err = z.attempt(ctx, func(ctx context.Context) (err error) {
		_, before, err = z.readHead(ctx)
		return err
	})
	if errors.Is(err, zkconn.ErrNoNode) {
		return map[string][]byte{}, true, nil // nothing was ever stored
	}
	if err != nil {
		return nil, false, err
	}
	var found contents
	err = z.attempt(ctx, func(ctx context.Context) (err error) {
		if found, err = z.readAll(ctx); err != nil {
			return err
		}
		_, after, err = z.readHead(ctx)
		return err
	})
	if errors.Is(err, zkconn.ErrNoNode) {
		return nil, false, nil // a key was removed while we read
	}
	return found.values, before == after, err
}
