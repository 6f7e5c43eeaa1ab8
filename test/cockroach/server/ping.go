package server

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// hello is a gossip message, and its answer. To is the node that the sender
// means to talk to, 0 when it knows only an address.
type hello struct {
	ClusterID   string `json:"clusterId,omitempty"`
	ClusterName string `json:"clusterName,omitempty"`
	AnyName     bool   `json:"anyName,omitempty"`
	To          int    `json:"to,omitempty"`
	From        int    `json:"from,omitempty"`
	Address     string `json:"address"`
	StartedAt   int64  `json:"startedAt"`
	UpdatedAt   int64  `json:"updatedAt"`
	Draining    bool   `json:"draining,omitempty"`

	// Silences tell of other nodes, in nanoseconds.
	Silences map[int]time.Duration `json:"silences,omitempty"`
}

func (n *Node) hello(to int) hello {
	f := n.Facts()
	return hello{
		ClusterID: f.ClusterID, ClusterName: n.cfg.ClusterName, AnyName: n.cfg.AnyName, To: to, From: f.ID,
		Address: n.self.Address, StartedAt: n.self.StartedAt, UpdatedAt: time.Now().UnixNano(), Draining: f.Draining,
		Silences: n.peers.silences(),
	}
}

// joinList gives the addresses of --join with ports, without this node itself.
func (n *Node) joinList() []string {
	var out []string
	for _, a := range n.cfg.Join {
		if _, _, err := net.SplitHostPort(a); err != nil {
			a = net.JoinHostPort(a, "26257")
		}
		if a != n.self.Address && a != n.cfg.Listen && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// gossipLoop greets all known nodes and the join list, over and over.
func (n *Node) gossipLoop() {
	for {
		n.greetAll()
		n.saveAddresses()
		if !sleep(n.ctx, n.cfg.Times.Ping) {
			return
		}
	}
}

// saveAddresses keeps the others' addresses in the store when they changed.
func (n *Node) saveAddresses() {
	n.saving.Lock()
	defer n.saving.Unlock()
	now := n.peers.addresses()
	if maps.Equal(now, n.saved) {
		return
	}
	if err := n.folder.SetAddresses(now); err != nil {
		n.cfg.Log.Warn("addresses of other nodes were not saved", "err", err)
		return
	}
	n.saved = now
}

// greetAll is one round of gossip.
func (n *Node) greetAll() {
	targets := map[string]int{}
	for _, a := range n.joinList() {
		targets[a] = 0
	}
	me := n.Facts().ID
	known := n.members()
	for id := range n.peers.addresses() {
		known = append(known, id)
	}
	for _, id := range known {
		if addr := n.addressOf(id); id != me && addr != "" && addr != n.self.Address {
			targets[addr] = id
		}
	}
	var wg sync.WaitGroup
	for addr, to := range targets {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n.greet(addr, to)
		}()
	}
	wg.Wait()
}

func (n *Node) greet(addr string, to int) {
	ctx, cancel := context.WithTimeout(n.ctx, n.cfg.Times.Ping)
	defer cancel()
	var r hello
	if err := n.pool.Call(ctx, addr, opPing, n.hello(to), &r); err != nil {
		if n.ctx.Err() == nil {
			n.peers.complain(n.cfg.Log, addr, err)
		}
		return
	}
	n.peers.forgive(addr)
	n.heed(r)
}

// heed works a hello in, when it is of our cluster.
func (n *Node) heed(h hello) {
	f := n.Facts()
	switch {
	case f.ClusterID == "" && h.ClusterID != "":
		n.peers.call(h.Address)
	case f.ClusterID == h.ClusterID && h.From != 0 && h.From != f.ID:
		n.peers.hear(h.From, h.Address, h.StartedAt, h.UpdatedAt, h.Draining)
		n.peers.relay(h.Silences)
	}
}

// pinged answers a hello: refused when it is of another cluster, of another
// cluster name, or meant for another node.
func (n *Node) pinged(h hello) (any, error) {
	f := n.Facts()
	if h.ClusterID != "" && f.ClusterID != "" && h.ClusterID != f.ClusterID {
		return nil, &wire.Fault{Message: fmt.Sprintf("client cluster ID %q doesn't match server cluster ID %q", h.ClusterID, f.ClusterID)}
	}
	if fault := n.nameFault(h.ClusterName, h.AnyName); fault != nil {
		return nil, fault
	}
	if h.To != 0 && f.ID != 0 && h.To != f.ID {
		return nil, wrongNode(h.To, f.ID)
	}
	n.heed(h)
	return n.hello(h.From), nil
}

func wrongNode(want, have int) *wire.Fault {
	return &wire.Fault{Code: notLeading, Message: fmt.Sprintf("client requested node ID %d doesn't match server node ID %d", want, have)}
}

// addressOf gives the newest address of a node.
func (n *Node) addressOf(id int) string {
	x, ok := n.state.Node(id)
	p := n.peers.get(id)
	if !ok || p.startedAt > x.StartedAt {
		return p.addr
	}
	return x.Address
}

// addresses gives all nodes with their newest addresses.
func (n *Node) addresses() []cluster.Node {
	nodes := n.state.Nodes()
	for i := range nodes {
		nodes[i].Address = n.addressOf(nodes[i].ID)
	}
	return nodes
}
