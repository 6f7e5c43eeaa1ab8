package mesos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// candidate begins the nodes in which masters announce themselves as JSON; the lowest sequence number leads
// (https://mesos.apache.org/documentation/latest/high-availability/, Mesos' ZooKeeper master detector).
const candidate = "json.info_"

// look bounds one look at ZooKeeper, and lookAgain is the pause after one that failed while a stream runs.
const (
	look      = 15 * time.Second
	lookAgain = 3 * time.Second
)

// tree is what is needed of ZooKeeper; *zkconn.Conn is one.
type tree interface {
	Children(ctx context.Context, path string) ([]string, error)
	Get(ctx context.Context, path string) ([]byte, zkconn.Stat, error)
	Watch(ctx context.Context, path string) (bool, zkconn.Wake, error)
	Close()
}

// elected finds the leading master in ZooKeeper. Only Run's goroutine uses it, but for the watch it starts.
type elected struct {
	address zkconn.Address
	tls     bool
	log     *slog.Logger
	dial    func(ctx context.Context) (tree, error)
	zk      tree
}

func newElected(address zkconn.Address, c Config) *elected {
	return &elected{address: address, tls: c.TLS, log: c.Log, dial: func(ctx context.Context) (tree, error) {
		conn, err := zkconn.Dial(ctx, zkconn.Settings{Servers: address.Servers, Connect: look, Log: c.Log})
		if err != nil {
			return nil, err
		}
		return conn, nil
	}}
}

// leader is the node of the leading master and where that master is.
type leader struct {
	node string
	url  *url.URL
}

func (e *elected) find(ctx context.Context) ([]*url.URL, <-chan struct{}, error) {
	if e.zk == nil {
		conn, err := e.dial(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("looking for the leading master: %w", err)
		}
		e.zk = conn
	}
	found, wake, err := e.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	changed := make(chan struct{})
	go func() {
		if e.wait(ctx, found, wake) {
			close(changed)
		}
	}()
	return []*url.URL{found.url}, changed, nil
}

func (e *elected) close() {
	if e.zk != nil {
		e.zk.Close()
	}
}

// wait returns true once another master leads. A wake may come for no reason, and a ZooKeeper that is away says nothing
// about the master: the stream is left alone until a look succeeds.
func (e *elected) wait(ctx context.Context, known leader, wake zkconn.Wake) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-wake:
		}
		for {
			found, next, err := e.look(ctx)
			if err == nil {
				if found.node != known.node || *found.url != *known.url {
					return true
				}
				wake = next
				break
			}
			e.log.Debug("looking for the leading master failed", "error", err)
			select {
			case <-ctx.Done():
				return false
			case <-time.After(lookAgain):
			}
		}
	}
}

// look finds the leader and leaves a watch on its node. Only when that node goes can another master lead.
func (e *elected) look(ctx context.Context) (leader, zkconn.Wake, error) {
	ctx, cancel := context.WithTimeout(ctx, look)
	defer cancel()
	for {
		names, err := e.zk.Children(ctx, e.address.Chroot)
		if err != nil {
			if errors.Is(err, zkconn.ErrNoNode) {
				return leader{}, nil, &NoLeaderError{At: e.address.String(), Detail: "no master has ever announced itself under this path"}
			}
			return leader{}, nil, fmt.Errorf("looking for the leading master: %w", err)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, candidate) })
		if len(names) == 0 {
			return leader{}, nil, &NoLeaderError{At: e.address.String(), Detail: "no master announces itself"}
		}
		node := e.address.Join(slices.Min(names))
		there, wake, err := e.zk.Watch(ctx, node)
		if err != nil {
			return leader{}, nil, fmt.Errorf("looking for the leading master: %w", err)
		}
		if !there {
			continue // it went between the two questions
		}
		data, _, err := e.zk.Get(ctx, node)
		if errors.Is(err, zkconn.ErrNoNode) {
			continue
		}
		if err != nil {
			return leader{}, nil, fmt.Errorf("looking for the leading master: %w", err)
		}
		where, err := masterURL(data, e.tls)
		if err != nil {
			return leader{}, nil, fmt.Errorf("reading %s: %w", node, err)
		}
		return leader{node: node, url: where}, wake, nil
	}
}
