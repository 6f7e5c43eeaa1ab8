// Package httpshell is a Mesos master that answers over HTTP: the pure model of test/mesos/model behind the v1 scheduler API
// (protobuf and JSON), the pages an operator reads (/state, /slaves, …) and the calls of the operator API that tests and
// the sandbox need. Cluster puts agents beside it that run real processes.
//
// It decides nothing a master decides: every rule about offers, reservations and tasks is the model's. Its own part is the
// outside: codecs, streams, status codes of malformed requests, the clock. It can also misbehave on request (Faults), in the
// ways a scheduler must survive.
//
// One goroutine owns the model (owner.go); requests, executors and the clock come to it as functions through an inbox that
// never blocks the sender. What the model wants done is carried out by that goroutine at once, in order, so an event that a
// call causes is on its way before the call's own answer, as with a real master.
//
// Designs weighed. A lock round the model instead of an owner: the order of outputs would depend on who writes first. Own JSON
// decoding by reflection over the protobuf tags against encoding/json: the latter takes numbers for enums, fails on
// unknown names and cannot tell a missing required field, each of which a real master answers otherwise.
//
// Read next: owner.go, scheduler.go, cluster.go; for the rules, test/mesos/model.
package httpshell
