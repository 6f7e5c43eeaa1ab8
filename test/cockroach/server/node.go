package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// Node is a running node.
type Node struct {
	cfg    Config
	self   cluster.Descriptor
	folder *store.Folder
	state  *cluster.State
	rpc    *wire.Server
	http   *http.Server
	pool   *wire.Pool
	peers  *gossip

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	serving chan struct{} // closed when Phase is Serving
	quit    chan struct{} // closed when a client asked the node to stop
	fatal   chan error    // what the node cannot go on after

	taking sync.Mutex      // of a snapshot from the leader
	taken  *store.Snapshot // the last one, with pages of its own
	from   uint64          // the index that taken was made from

	jobs struct { // that this node runs
		mu      sync.Mutex
		running map[int64]bool
	}

	saving sync.Mutex
	saved  map[int]string // others' addresses as they are in the store

	mu       sync.Mutex
	id       store.Identity
	group    *replog.Group
	phase    Phase
	how      string
	draining bool // not ready any more
	refusing bool // takes no SQL any more
	drained  bool
	quitting bool
	started  time.Time
	counted  Counts
	reached  bool // see Loopback
}

// Start opens the store, listens, and goes to work in the background. When it
// returns, the addresses are bound and the address files are written.
func Start(cfg Config) (*Node, error) {
	n := &Node{
		cfg: cfg, self: cfg.Node, pool: wire.NewPool(dialer(cfg)), peers: newGossip(),
		serving: make(chan struct{}), quit: make(chan struct{}), fatal: make(chan error, 1), started: time.Now(),
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.self.StartedAt = n.started.UnixNano()
	folder, err := store.Open(cfg.StorePath, cfg.TempParent)
	if err != nil {
		return nil, err
	}
	n.folder = folder
	n.state = cluster.New(cfg.Version, pages{folder}, cfg.Times.History)
	loaded, err := n.load()
	if err != nil {
		folder.Close()
		return nil, err
	}
	if err := n.listen(); err != nil {
		n.cancel()
		folder.Close()
		return nil, err
	}
	n.begin(loaded)
	return n, nil
}

// load reads the store. Log entries without an identity are left over from a
// bootstrap that was cut off before it was acknowledged; they are dropped.
func (n *Node) load() (store.Loaded, error) {
	var err error
	if n.id, err = n.folder.Identity(); err != nil {
		return store.Loaded{}, err
	}
	l, err := n.folder.Load()
	if err != nil {
		return l, err
	}
	if err := checkVersion(n.id, n.cfg.StorePath, n.cfg.Version); err != nil {
		return l, err
	}
	n.id.Version = n.cfg.Version.String()
	if n.id.ClusterID == "" && (len(l.Entries) > 0 || l.Snapshot != nil) {
		l = store.Loaded{}
		if err := n.folder.Rewrite(nil); err != nil {
			return l, err
		}
	}
	return l, n.folder.SetIdentity(n.id)
}

// fail ends the process by way of Fatal.
func (n *Node) fail(err error) {
	select {
	case n.fatal <- err:
	default:
	}
}

// Serving is closed once the node takes part in its cluster.
func (n *Node) Serving() <-chan struct{} { return n.serving }

// Quit is closed once a client asked the node to stop; it is drained by then.
func (n *Node) Quit() <-chan struct{} { return n.quit }

// Fatal gives the error that the node cannot go on after.
func (n *Node) Fatal() <-chan error { return n.fatal }

// Descriptor is what the node says of itself, with the ports that it bound.
func (n *Node) Descriptor() cluster.Descriptor { return n.self }

// Close stops the node hard: no drain, no farewell. It waits for its goroutines.
func (n *Node) Close() {
	n.cancel()
	n.http.Close()
	n.rpc.Close()
	n.mu.Lock()
	g := n.group
	n.mu.Unlock()
	n.pool.Close()
	if g != nil {
		g.Close()
	}
	n.wg.Wait()
	n.folder.Close()
}

// sleep waits, and says false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
