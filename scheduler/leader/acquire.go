package leader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

const lockNode = "lock"

// waiter is one process in the queue for the lock.
type waiter struct {
	conn    *zkconn.Conn
	path    string // of the lock
	data    []byte // our Holder
	id      string // prefix of our node's name, "" before the first try
	expired chan struct{}
	log     *slog.Logger
	told    func(Holder)
	last    Holder // the holder reported last
}

// Acquire waits until this process may work for the service whose root is given, or until ctx ends (*WaitError). url is the
// store's (see store.ParseURL). Call it after store.Open, which refuses a root that is not ours, and before Store.Load.
//
// With a file or memory store the leadership is there at once and is never lost: whoever has the store open holds its lock.
//
// Errors: those of store.ParseURL, *store.UnreachableError when there is no first session in time, *WaitError, and
// refusals by ZooKeeper such as missing rights.
func Acquire(ctx context.Context, url, root string, opts ...Option) (*Leadership, error) {
	o := options{log: slog.New(slog.DiscardHandler), holder: ThisProcess(time.Now()), waiting: func(Holder) {}}
	for _, opt := range opts {
		opt(&o)
	}
	at, err := store.ParseURL(url)
	if err != nil {
		return nil, err
	}
	if at.Kind != store.KindZooKeeper {
		return forever(), nil
	}
	data, err := json.Marshal(o.holder)
	if err != nil {
		return nil, fmt.Errorf("writing who holds the leader lock: %w", err)
	}
	w := &waiter{path: at.ZooKeeper.Join(root, lockNode), data: data, expired: make(chan struct{}, 1), log: o.log, told: o.waiting}
	w.conn, err = zkconn.Dial(ctx, zkconn.Settings{
		Servers: at.ZooKeeper.Servers, Session: o.session, Connect: o.connect, Log: o.log, OnExpired: w.noteExpiry,
	})
	if err != nil {
		return nil, fmt.Errorf("taking the leader lock: %w", err)
	}
	l, err := w.acquire(ctx)
	if err != nil {
		w.conn.Close() // also takes our node out of the queue
		return nil, err
	}
	return l, nil
}

// noteExpiry runs inside the library and does not block.
func (w *waiter) noteExpiry() {
	select {
	case w.expired <- struct{}{}:
	default:
	}
}

// acquire queues and waits. Connection losses while waiting do no harm: it looks again until ctx ends.
func (w *waiter) acquire(ctx context.Context) (*Leadership, error) {
	var watched string
	var wake zkconn.Wake
	for {
		l, before, err := w.try(ctx)
		switch {
		case l != nil:
			return l, nil
		case ctx.Err() != nil:
			return nil, &WaitError{Path: w.path, Holder: w.last, Cause: context.Cause(ctx)}
		case err != nil && !errors.Is(err, errNotQueued) && !zkconn.InDoubt(err) && !errors.Is(err, zkconn.ErrNoNode):
			return nil, err
		case err == nil && before.name != watched:
			// One watch a node: the library never forgets those that did not wake.
			if wake, err = w.watch(ctx, *before); err == nil && wake != nil {
				watched = before.name
			} else {
				watched = ""
			}
		}
		if watched == "" {
			wake = nil
		}
		// Besides being woken, look from time to time: who holds the lock may change without waking us.
		select {
		case <-wake:
			watched = ""
		case <-time.After(w.pause(watched != "")):
		case <-ctx.Done():
		}
	}
}

// pause is the time to the next look without being woken.
func (w *waiter) pause(watching bool) time.Duration {
	if watching {
		return w.conn.Session() / 4
	}
	return w.conn.Session() / 40
}

// try looks once: it returns a leadership, or the node before ours, or an error. It joins the queue when we are not in it.
func (w *waiter) try(ctx context.Context) (*Leadership, *place, error) {
	short, cancel := context.WithTimeout(ctx, w.conn.Session()/2)
	defer cancel()
	if w.id == "" {
		if err := w.enqueue(short); err != nil {
			return nil, nil, err
		}
	}
	own, first, before, err := w.look(short)
	if errors.Is(err, errNotQueued) {
		if err := w.enqueue(short); err != nil {
			return nil, nil, err
		}
		own, first, before, err = w.look(short)
	}
	if err != nil {
		return nil, nil, err
	}
	if before != nil {
		w.report(w.holder(short, *first))
		return nil, before, nil
	}
	l, err := w.lead(ctx, w.path+"/"+own.name)
	return l, nil, err
}

// lead turns the first place into a leadership, from a first proof on.
func (w *waiter) lead(ctx context.Context, node string) (*Leadership, error) {
	select {
	case <-w.expired: // of a session before the one that holds this place: the proof tells about that one
	default:
	}
	sent := time.Now()
	if err := w.prove(ctx, node); err != nil {
		return nil, err
	}
	keeping, stop := context.WithCancel(context.Background())
	var once sync.Once
	l := limited(sent.Add(fence(w.conn.Session())), func() {
		once.Do(func() {
			stop()
			w.conn.Close()
		})
	})
	go w.keep(keeping, l, node)
	w.log.Info("this scheduler holds the leader lock", "path", node, "session", w.conn.Session().String())
	return l, nil
}

// report tells once about each holder that we wait for.
func (w *waiter) report(h Holder) {
	if h == w.last || h == (Holder{}) {
		return
	}
	w.last = h
	w.log.Info("waiting for the leader lock", "path", w.path, "host", h.Host, "pid", h.PID, "started", h.Started)
	w.told(h)
}
