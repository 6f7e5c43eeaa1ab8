// Package sim lives whole lives of the scheduler on a virtual clock: the real core, store keys and Mesos conversions,
// against the model of Mesos, with crashes between any two effects.
//
// It decides when the process dies, which tasks fail, which calls get lost, and when agents go away; it never decides what the scheduler
// does. After every event it checks what must hold in each history: no task twice, no second initialisation, no volume
// of a ready node destroyed, nothing launched before reconciliation is done, no two nodes down by our hand, no offers shut
// while a launch is wanted.
//
// A history is named by its seed: a failing one is printed and can be lived again.
//
// Read next: world.go (the harness), invariants.go (what must hold), then the stories in the tests.
package sim
