// Package mesos is the Mesos that tests and the sandbox run on: no master, no agent, no root.
//
//	model        the rules: one pure state machine of a master and its agents
//	  pile       how a master adds up resources
//	virtual      a shell with a virtual clock and scripted tasks: hours in milliseconds
//	httpshell    a shell that speaks the v1 HTTP API on loopback
//	process      agents that run task groups as real local processes
//	conformance  holds the model to recordings of a real Mesos 1.12.0
//
// One model with several shells was chosen over a fake master per test kind: a rule learnt from a real cluster is written
// down once, and a test on the virtual clock and the sandbox cannot disagree about what Mesos does.
//
// Read next: model, then conformance for what is known to be true.
package mesos
