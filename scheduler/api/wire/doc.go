// Package wire holds the JSON shapes of the scheduler's HTTP API: what the
// scheduler writes and the plug-in reads. Field names and their order are those
// of the DC/OS SDK, so that tools written for any SDK service work unchanged.
//
// It decides nothing: no status is computed here and no text is worded here.
// It imports nothing of ours, because both sides of the network stand on it and
// the plug-in may know no other package of the scheduler.
//
// Read next: scheduler/api (fills these types), cli/render (shows them).
//
// Designs weighed. One set of types for both sides, against a private copy in
// the plug-in: a copy drifts, and the compiler would not notice. Lists as the
// type List, against filling every nil slice by hand before encoding: a
// forgotten one is sent as null, which SDK clients do not expect.
package wire
