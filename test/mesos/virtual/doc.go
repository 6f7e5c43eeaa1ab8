// Package virtual runs package model on a virtual clock: a whole cluster, its tasks scripted, in one goroutine and without
// waiting. It is for tests of a scheduler.
//
// It decides what executors do (when a task starts, what its checks say, how it ends) and when time passes. It never decides
// what a master or an agent does: that is package model. Nothing in it is concurrent.
//
// A test makes a Cluster, subscribes with Send, and then alternates between Events (what came) and Send (what to do about
// it), with Step or RunUntil to let time pass. Scripts say how tasks behave from their launch on; Check, Health, Exit and
// KillExecutor let the test step in. With does anything package model can (model.Fault): stop agents, fail the master over,
// drain. NewNeighbour puts another framework beside the one under test.
//
// Time moves from one event to the next, so an hour in which nothing happens costs nothing. Considered and not taken: real
// timers with a small scale, which makes every test a race.
package virtual
