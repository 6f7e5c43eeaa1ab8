// Package plans says what is to be done, in which order, and how far it has come: plan > phase > step, with the names
// and statuses of the DC/OS SDK, because operators and tools know them.
//
// It decides the status of each step from target and records, which steps may run now (strategies), which tasks want
// an offer, and whether a healthy node may be taken down on purpose (the gate). It never looks at an offer, stores
// nothing, and calls nobody: plans are derived anew from facts, so a restarted scheduler shows the same plans.
//
// Designs weighed: (1) steps as objects that listen to updates and remember their status, as the SDK has them; what
// they remember is lost with the process, and a forced completion with it; (2) a plan stored after each change, which
// can disagree with the records; (3) a function of (target, records, timers). The third is here. What cannot be
// derived (a task was ready once, a task is recovering) is a fact in the record.
//
// It is pure. Read next: view.go (the facts), deploy.go, recovery.go, certificates.go and uninstall.go (one file a plan), rotation.go (whose turn it is), next.go (work to do now).
package plans
