package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// Phase is how far a node has come.
type Phase int

const (
	// Waiting for init, or for a peer that is in a cluster.
	Waiting Phase = iota
	// Starting: the store belongs to a cluster that the node has not reached yet.
	Starting
	// Serving: the node takes part in its cluster.
	Serving
)

// How a node came to serve, in the words of the start banner.
const (
	NewCluster = "initialized new cluster"
	NewNode    = "initialized new node, joined pre-existing cluster"
	Restarted  = "restarted pre-existing node"
)

// BindError is an address that could not be listened on; Flag is the flag that
// sets it.
type BindError struct {
	Flag string
	Err  error
}

func (e *BindError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *BindError) Unwrap() error { return e.Err }

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
}

// Start opens the store, listens, and goes to work in the background. When it
// returns, the addresses are bound and the address files are written.
func Start(cfg Config) (*Node, error) {
	n := &Node{
		cfg: cfg, self: cfg.Node, state: cluster.New(cfg.Version), pool: wire.NewPool(), peers: newGossip(),
		serving: make(chan struct{}), quit: make(chan struct{}), fatal: make(chan error, 1), started: time.Now(),
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.self.StartedAt = n.started.UnixNano()
	folder, err := store.Open(cfg.StorePath, cfg.TempParent)
	if err != nil {
		return nil, err
	}
	n.folder = folder
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

// listen binds RPC, SQL and HTTP, in this order, and leaves the address files.
func (n *Node) listen() error {
	n.rpc = wire.NewServer(n.answer)
	var bound []net.Listener
	bind := func(addr, flag string) (net.Listener, error) {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			for _, b := range bound {
				b.Close()
			}
			return nil, &BindError{Flag: flag, Err: err}
		}
		bound = append(bound, l)
		return l, nil
	}
	rpc, err := bind(n.cfg.Listen, "--listen-addr")
	if err != nil {
		return err
	}
	sql := rpc
	if n.cfg.SQL != "" {
		if sql, err = bind(n.cfg.SQL, "--sql-addr"); err != nil {
			return err
		}
	}
	web, err := bind(n.cfg.HTTP, "--http-addr")
	if err != nil {
		return err
	}
	n.self.Address = withPort(n.self.Address, rpc)
	n.self.SQLAddress = withPort(n.self.SQLAddress, sql)
	n.self.HTTPAddress = withPort(n.self.HTTPAddress, web)
	files := map[string]string{"listen-addr": rpc.Addr().String(), "advertise-addr": n.self.Address, "http-addr": web.Addr().String()}
	if n.cfg.Version.AtLeast(20, 1, 0) {
		files["sql-addr"], files["advertise-sql-addr"] = sql.Addr().String(), n.self.SQLAddress
	}
	if err := n.folder.WriteAddresses(files); err != nil {
		for _, b := range bound {
			b.Close()
		}
		return err
	}
	n.rpc.Serve(rpc)
	if sql != rpc {
		n.rpc.Serve(sql)
	}
	n.http = &http.Server{Handler: n.cfg.Handler(n), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return n.ctx }}
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		if err := n.http.Serve(web); !errors.Is(err, http.ErrServerClosed) {
			n.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	}()
	return nil
}

// withPort fills in the bound port where an advertised address has none.
func withPort(addr string, l net.Listener) string {
	host, port, err := net.SplitHostPort(addr)
	if err == nil && port != "" && port != "0" {
		return addr
	}
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return net.JoinHostPort(host, port)
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

// Facts are what the start banner and the HTTP API say of the node itself.
type Facts struct {
	Phase     Phase
	ID        int
	ClusterID string
	How       string
	Draining  bool
	Started   time.Time
	Temp      string
	Store     string
}

// Facts looks at the node.
func (n *Node) Facts() Facts {
	n.mu.Lock()
	defer n.mu.Unlock()
	return Facts{
		Phase: n.phase, ID: n.id.NodeID, ClusterID: n.id.ClusterID, How: n.how, Draining: n.draining,
		Started: n.started, Temp: n.folder.Temp, Store: n.folder.Path,
	}
}

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
