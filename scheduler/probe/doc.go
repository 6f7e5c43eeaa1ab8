// Package probe asks each database node over HTTP for its word on the database, and hands the answers to the core: how many
// nodes it holds for alive, how many of the ranges that it counts lack a copy or a majority, and which number it has itself.
//
// It decides when nodes are asked, and whether an answer can be understood. It never decides what an answer means for taking
// a node down: that is the gate's (plans/gate.go). A node that cannot be asked is an answer too, with the reason in it.
//
// Every question has its own time limit, because a node in trouble may take one and never answer (seen of v20.1.5 with its
// quorum lost). The time of an answer is when it was asked for, so that it never looks younger than what it tells.
//
// What the gate has to know of these numbers: the live nodes are those of the moment of the answer, and a node that went
// silent stays in them until its liveness expires (9 s); the ranges are counted by the node once in 10 s, and are 0 from its
// start until it first counted them. So a good word proves nothing about what happened in the seconds before it.
//
// Weighed: asking one node for /_status/nodes, which shows all nodes. It hangs when the quorum is lost, asks for a login in a
// secure cluster, and shows what the nodes wrote down some time ago. And asking when the gate wants to know: the core
// never waits for the network.
//
// Read next: prober.go (the rhythm), round.go (all nodes), node.go (one node), page.go (what its page says).
package probe
