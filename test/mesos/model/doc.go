// Package model is a Mesos master with its agents as one pure state machine, on mesos-go's v1 types.
//
// It decides everything a master and an agent decide: who is subscribed, what is offered to whom and when, which operations
// and launches are valid and what is answered otherwise, which status updates are sent, repeated and held back, what a
// reconciliation says, and what becomes of tasks, reservations and volumes when agents, masters and frameworks go and
// come. It has no clock, goroutine, network or randomness of its own: times come in as arguments, ids from Options.
//
// It never runs a task: LaunchGroup, KillTask and the other outputs ask a shell to, and TaskStatus and ExecutorExited tell
// what came of it. It never reads or writes bytes: HTTP codes and texts are in Refusal, the wire is the shell's.
//
// What is true is what a real Mesos 1.12.0 was recorded to do; package conformance replays the recordings. Rules
// that are in no recording are marked "master's source" or left out. Known to be left out: quota and weights, revocable and
// shared resources, resource providers, GROW_VOLUME and SHRINK_VOLUME, offer constraints, authorisation, the limits of
// completed frameworks, and the random order in which a real allocator visits agents (here: order of registration).
//
// Designs weighed: a fake master in an HTTP server was rejected because a virtual clock cannot drive it; separate actors for
// master and agents with messages between them are closer to the real thing, but only partitions between the two would show
// a difference, and the few that matter (agent down, master replaced) are states here.
//
// Read api.go first: every way in and what it means. Then, by subject: subscribe, disconnect, calls, accept, convert and
// conversions, launch and launchcheck, reconcile (the scheduler API); allocate, shares, offers, filters (the allocator);
// updates, status, executors, task (an agent's side); agentlife, agentback, agentend, drain, maintenance, failover (what
// happens to agents and masters); operator; snapshot. For random histories: fault (all that can be done to a cluster, as values),
// faults, reservations, trespass, views.
package model
