package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// begin sets the node to work: gossip in any case, and the way into its cluster.
func (n *Node) begin(l store.Loaded) {
	inCluster := n.id.ClusterID != ""
	if inCluster {
		n.phase = Starting
	}
	n.spawn(n.gossipLoop)
	switch {
	case inCluster:
		n.spawn(func() { n.rejoin(l) })
	case n.cfg.Alone:
		n.spawn(func() {
			if err := n.bootstrap(); err != nil {
				n.fail(err)
			}
		})
	default:
		n.cfg.Log.Info("no stores bootstrapped and --join flag specified, awaiting init command or join with an already initialized node")
		n.spawn(n.joinLoop)
	}
}

func (n *Node) spawn(f func()) {
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		f()
	}()
}

// bootstrap makes a new cluster with this node as node 1. The log is on disk
// before the identity: a crash in between leaves an empty store.
func (n *Node) bootstrap() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.id.ClusterID != "" {
		return n.alreadyIn()
	}
	id := uuid.NewString()
	data, err := json.Marshal(cluster.Genesis{
		ClusterID: id, Version: n.cfg.Version.Line(), Token: n.id.Token, Node: n.self, Settings: n.cfg.Settings, Replicas: n.cfg.Replicas,
	})
	if err != nil {
		return fmt.Errorf("encode the new cluster: %w", err)
	}
	entries := replog.Bootstrap(1, store.Entry{Kind: cluster.KindGenesis, At: time.Now().UnixNano(), Data: data})
	if err := n.folder.Append(entries); err != nil {
		return err
	}
	if err := n.folder.SetVote(store.Vote{Term: 1}); err != nil {
		return err
	}
	if err := n.settle(id, 1, NewCluster, store.Loaded{Vote: store.Vote{Term: 1}, Entries: entries}); err != nil {
		return err
	}
	n.spawn(n.arrive)
	return nil
}

// settle stores which cluster and node this is, and starts replication. The lock
// is held.
func (n *Node) settle(clusterID string, nodeID int, how string, l store.Loaded) error {
	n.id.ClusterID, n.id.NodeID, n.how, n.phase = clusterID, nodeID, how, Starting
	if err := n.folder.SetIdentity(n.id); err != nil {
		return err
	}
	return n.replicate(l)
}

func (n *Node) replicate(l store.Loaded) error {
	g, err := replog.New(replog.Config{
		ID: n.id.NodeID, Storage: n.folder, Machine: n.state, Transport: n, Members: n.members,
		Heartbeat: n.cfg.Times.Heartbeat, Election: n.cfg.Times.Election, Log: n.cfg.Log,
	}, l)
	if err != nil {
		return err
	}
	n.group = g
	n.spawn(n.allocateLoop)
	return nil
}

// members are the nodes that are to have the data.
func (n *Node) members() []int {
	var ids []int
	for _, x := range n.state.Nodes() {
		ids = append(ids, x.ID)
	}
	return ids
}

// rejoin goes back into the cluster that the store belongs to: replication first,
// then word to the cluster that this node runs again, and where.
func (n *Node) rejoin(l store.Loaded) {
	saved, err := n.folder.Addresses()
	if err != nil {
		n.fail(err)
		return
	}
	for id, addr := range saved {
		n.peers.learn(id, addr, 0)
	}
	n.mu.Lock()
	n.how = Restarted
	err = n.replicate(l)
	id := n.id.NodeID
	n.mu.Unlock()
	if err != nil {
		n.fail(err)
		return
	}
	o, err := n.propose(n.ctx, cluster.KindRegister, cluster.Register{ID: id, Node: n.self}, true)
	switch {
	case errors.Is(err, context.Canceled):
		return
	case err != nil:
		n.fail(err)
		return
	case o.Fault != nil:
		n.fail(o.Fault)
		return
	}
	n.arrive()
}

// arrive waits until this node's own descriptor has come back through the log,
// and opens for business.
func (n *Node) arrive() {
	id := n.Facts().ID
	for {
		if x, ok := n.state.Node(id); ok && x.StartedAt == n.self.StartedAt {
			break
		}
		if !sleep(n.ctx, 5*time.Millisecond) {
			return
		}
	}
	if err := checkFinalised(n.state.Version(), n.cfg.StorePath, n.cfg.Version); err != nil {
		n.fail(err)
		return
	}
	// One round of gossip first: a node that serves knows who else is there.
	n.greetAll()
	n.saveAddresses()
	n.mu.Lock()
	n.phase = Serving
	n.mu.Unlock()
	n.spawn(n.countLoop)
	n.spawn(n.jobsLoop)
	close(n.serving)
	n.cfg.Log.Info("node connected via gossip and verified as part of cluster", "cluster", n.state.ClusterID(), "node", id)
}

// alreadyIn is the answer to a second init, by version and by how this node came
// into its cluster. Source: cockroachdb-versions.md, section 2. The lock is held.
func (n *Node) alreadyIn() *wire.Fault {
	switch v := n.cfg.Version; {
	case v.Before(19, 1, 0):
		return &wire.Fault{Code: wire.AlreadyExists, Message: "cluster has already been initialized with ID " + n.id.ClusterID}
	case v.Before(20, 2, 0) && n.how == NewNode:
		return &wire.Fault{Message: "already connected to cluster"}
	}
	return &wire.Fault{Message: "cluster has already been initialized"}
}
