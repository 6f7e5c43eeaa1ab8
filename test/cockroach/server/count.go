package server

// Counts are the ranges that a node counts for its metrics.
type Counts struct{ Underreplicated, Unavailable int }

// Counts are those of the last count. A node counts once in a while, the first time a while after it began to serve: until
// then it says 0, whatever is lost. Source: startComputePeriodicMetrics in node.go, the same from v1.1 to v23; recorded in
// 03-http-status-nodes, which was written right after the start.
func (n *Node) Counts() Counts {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.counted
}

func (n *Node) countLoop() {
	for sleep(n.ctx, n.cfg.Times.Count) {
		for _, r := range n.Reports() {
			if r.ID == n.Facts().ID {
				n.mu.Lock()
				n.counted = Counts{Underreplicated: r.Underreplicated, Unavailable: r.Unavailable}
				n.mu.Unlock()
			}
		}
	}
}
