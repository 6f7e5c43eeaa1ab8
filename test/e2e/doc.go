// Package e2e runs the built programs against each other on loopback, and asserts what a user sees: words, remedies, exit
// codes, statuses and reasons of plans, always through the real plug-in.
//
// It decides nothing and knows no internals: the scheduler is a process with an environment, the master and its agents are
// test/mesos/httpshell with process-running agents, the database is the packed stand-in, or a script in an archive where
// a database has to misbehave. What can be shown on a virtual clock is shown there (test/sim); here is what only whole
// programs can show: signals, sockets, disks, exit codes.
//
// Each test has agents at loopback addresses of its own, so that tests run side by side although every database listens
// on the same well-known port. A run as a whole takes the second byte of these addresses for itself, so that two runs on
// one machine do not meet either. At the end the package looks for processes that it left behind, and fails on one.
//
// Schedulers are killed in two ways. Between two effects that the safety rests on, at points with names: a snare stands
// between the scheduler and its ZooKeeper and its master, sees every write and call, and kills it before the other side hears
// of one, or before the scheduler hears that it was heard (snare_test.go, points_test.go). And at random moments; that test
// logs its seed, and E2E_SEED repeats it.
//
// Weighed: one long story against a test a fault. The story needs one deployment, but its first failure hides the rest,
// and a fault's own environment (a master that refuses, a disk that fills up) spoils the next chapter. So faults are
// tests of their own with the smallest service that shows them, and only what a healthy cluster shows, and what people order
// of one (operate_test.go), shares one.
//
// Weighed for the named points: breakpoints in the scheduler (the program that is tested would be another one), and killing
// when a line was logged (the write or call after it has long left).
//
// Read next: main_test.go (what is built), service_test.go (the scheduler and the plug-in), cluster_test.go (agents), then
// one file a group of scenarios.
package e2e
