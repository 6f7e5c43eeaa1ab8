// Package sim lives whole lives of the scheduler on a virtual clock: the real core, store keys and Mesos conversions,
// against the model of Mesos and a tiny model of a replicated database, with crashes before any effect.
//
// It decides what people wish, when the process dies, which tasks fail, which calls and updates get lost, come late or
// twice, and what happens to agents and masters. It never decides what the scheduler does. After every event it checks what
// must hold in each history (invariant.go lists the sentences, each with a file of its own).
//
// Backups, restores and verifications live too: people and the schedule ask for them (op_jobs.go), keys are held by the process
// alone, and the tasks of jobs collect, work, report, fall silent and die on the same clock (jobs.go, worker.go).
//
// Clusters with TLS live as well: the shell makes authorities and signs, at times late, nodes enrol, say what they serve and renew,
// slowly or badly or never, people rotate and change the authority (op_tls.go, tls.go, securenode.go). An id stands for an authority
// and a text for a key: there is no cryptography in it.
//
// A history is data: a seed makes a list of operations (generate.go), a failing one is made shorter (shrink.go) and printed
// as Go, so that it can be lived again and kept in a test. Operations name things by a number modulo what there is, so that
// the rest keeps its meaning when some are dropped. At the end of each history trouble is over, people say what they want
// last, and the service must come to it (settle.go).
//
// That the invariants can fail is shown by builds that are broken on purpose (mutants.go; make sim-mutants).
//
// Weighed: a fuzzer's byte string for a history. It cannot say what was kept when it is shortened, and nobody can read it.
// And a check of the whole world after each frame, which made histories ten times slower than looking only at what changed.
//
// Read next: world.go and process.go (the harness), history.go (what a history is), operations.go, invariant.go, then the
// stories in the tests.
package sim
