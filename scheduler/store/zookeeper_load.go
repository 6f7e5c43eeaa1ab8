package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// load makes the store if it is new, claims it, reads it, and makes sure that nobody claimed it in between.
func (z *zooBackend) load(ctx context.Context) (map[string][]byte, error) {
	if err := z.patiently(ctx, z.ensure); err != nil {
		return nil, err
	}
	err := z.patiently(ctx, func(ctx context.Context) (err error) {
		_, z.version, err = z.readHead(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	// The claim: the head goes on without any change. What a former writer still has on its way demands an older version.
	if err := z.advance(ctx, nil); err != nil {
		return nil, fmt.Errorf("claiming the state store: %w", err)
	}
	var found contents
	err = z.patiently(ctx, func(ctx context.Context) (err error) {
		var unread error
		found, unread = z.readAll(ctx)
		if unread != nil && !errors.Is(unread, zkconn.ErrNoNode) {
			return unread
		}
		by, version, err := z.readHead(ctx)
		switch {
		case err != nil:
			return err
		case version != z.version:
			return &ConflictError{Where: z.node(), By: by.Writer}
		}
		return unread // a node that went away while we read, and not by another scheduler's hand
	})
	if err != nil {
		return nil, err
	}
	z.dirs = found.dirs
	return found.values, nil
}

// contents is what lies under the store node.
type contents struct {
	values map[string][]byte
	dirs   []string
}

// ensure creates root and store where they are missing. The store's own nodes come in one multi: there is never a store
// without a schema.
func (z *zooBackend) ensure(ctx context.Context) error {
	if err := z.conn.MakePath(ctx, z.root); err != nil {
		return fmt.Errorf("making the service's root: %w", err)
	}
	err := z.conn.Multi(ctx,
		zkconn.Create(z.node(), nil),
		zkconn.Create(z.node(schemaKey), []byte(schema)),
		zkconn.Create(z.node(headKey), []byte("{}")),
	)
	if err != nil && !errors.Is(err, zkconn.ErrNodeExists) {
		return fmt.Errorf("making the state store: %w", err)
	}
	return z.checkSchema(ctx)
}

// readAll reads every key, level by level. A node without children is a key if it has data, and a left-over if it has none.
func (z *zooBackend) readAll(ctx context.Context) (contents, error) {
	found := contents{values: map[string][]byte{}}
	todo := []string{""}
	for len(todo) > 0 {
		dir := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		names, err := z.conn.Children(ctx, strings.TrimSuffix(z.node(dir), "/"))
		if err != nil {
			return contents{}, fmt.Errorf("reading the state store: %w", err)
		}
		for _, name := range names {
			key := strings.TrimPrefix(dir+"/"+name, "/")
			if slices.Contains(reserved, key) {
				continue
			}
			value, stat, err := z.conn.Get(ctx, z.node(key))
			if err != nil {
				return contents{}, fmt.Errorf("reading the state store: %w", err)
			}
			if stat.Children == 0 && len(value) > 0 {
				found.values[key] = value
				continue
			}
			found.dirs = append(found.dirs, key)
			if stat.Children > 0 {
				todo = append(todo, key)
			}
		}
	}
	slices.Sort(found.dirs)
	return found, nil
}
