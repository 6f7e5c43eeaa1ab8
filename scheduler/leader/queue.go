package leader

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// place is one node under the lock. ZooKeeper ends its name with ten digits that count up.
type place struct {
	name   string
	number int
}

// parseQueue sorts the children of the lock by number. Names without one were made by hand and do not count.
func parseQueue(names []string) []place {
	var queue []place
	for _, name := range names {
		i := strings.LastIndexByte(name, '-')
		number, err := strconv.Atoi(name[i+1:])
		if err != nil || len(name)-i-1 != 10 {
			continue
		}
		queue = append(queue, place{name, number})
	}
	slices.SortFunc(queue, func(a, b place) int { return cmp.Compare(a.number, b.number) })
	return queue
}

// enqueue makes our node. Its name holds a random id (as Curator's protected mode does), by which it is found again when
// the answer to its creation is lost.
func (w *waiter) enqueue(ctx context.Context) error {
	if err := w.conn.MakePath(ctx, w.path); err != nil {
		return fmt.Errorf("making the leader lock: %w", err)
	}
	if w.id == "" {
		w.id = "_c_" + uuid.NewString() + "-lock-"
	}
	if err := w.conn.Sync(ctx, w.path); err != nil {
		return fmt.Errorf("joining the queue for the leader lock: %w", err)
	}
	names, err := w.conn.Children(ctx, w.path)
	if err != nil {
		return fmt.Errorf("joining the queue for the leader lock: %w", err)
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, w.id) }) {
		return nil // made by an earlier try
	}
	if _, err := w.conn.CreateEphemeral(ctx, w.path+"/"+w.id, w.data); err != nil {
		return fmt.Errorf("joining the queue for the leader lock: %w", err)
	}
	return nil
}

// look finds our place. Outcomes: first (before is nil), behind another, or not in the queue at all (errNotQueued).
func (w *waiter) look(ctx context.Context) (own place, first, before *place, err error) {
	names, err := w.conn.Children(ctx, w.path)
	if err != nil {
		return place{}, nil, nil, fmt.Errorf("looking at the queue for the leader lock: %w", err)
	}
	queue := parseQueue(names)
	i := slices.IndexFunc(queue, func(p place) bool { return strings.HasPrefix(p.name, w.id) })
	switch {
	case i < 0:
		return place{}, nil, nil, errNotQueued
	case i == 0:
		return queue[0], &queue[0], nil, nil
	}
	return queue[i], &queue[0], &queue[i-1], nil
}

// errNotQueued: our node is not there, because it was not made yet or its session ended.
var errNotQueued = errors.New("not in the queue for the leader lock")

// holder reads who holds the first place; zero when that cannot be read.
func (w *waiter) holder(ctx context.Context, first place) Holder {
	data, _, err := w.conn.Get(ctx, w.path+"/"+first.name)
	if err != nil {
		return Holder{} // it left meanwhile; the next look tells
	}
	return parseHolder(data)
}

// watch waits for the node before ours to change. The channel is nil when it is gone already.
func (w *waiter) watch(ctx context.Context, before place) (zkconn.Wake, error) {
	there, wake, err := w.conn.Watch(ctx, w.path+"/"+before.name)
	if err != nil {
		return nil, fmt.Errorf("watching the queue for the leader lock: %w", err)
	}
	if !there {
		return nil, nil
	}
	return wake, nil
}
