// Package core is the scheduler's mind: State, Event, Effect, and Frame, the one function that goes from (State,
// Input) to (State, []Effect).
//
// It decides what is stored, launched, killed, declined and revived, and in which order. It never reads a clock, makes
// a random number, opens a file or a connection, or logs: time, seeds and facts come in, effects go out. The shell
// (scheduler/run) executes the effects in their order and ends the process when a write fails.
//
// The order of effects in a frame is the crash-safety of the service: one write first, then the calls that it makes
// true. A status update is acknowledged, and a launch leaves, only after what they change is stored. After a crash
// between any two effects the successor starts from the store, asks the master (reconcile.go), and goes on.
//
// A record whose launch may never have reached Mesos is not Confirmed. If Mesos then says that it does not know the
// task, the record is dropped whole and the pod is placed anew; whatever was reserved for it carries our labels and is
// cleaned as a stray. A confirmed record keeps its reservations and volume until the pod is replaced.
//
// Designs weighed: goroutines per task with channels (order is lost, and with it the proof above); an actor per plan,
// as the SDK's plan managers (two of them can act on one pod); one frame per event. The third won, see also USI.
//
// What people ask for (pod_orders.go, plan_orders.go) and what policies ask for (policy.go, absences.go) is stored as a wish
// in the record of the task, and carried out by the plans when the gate allows: nothing is lost by a crash, and there is one
// way down for a node.
//
// Removing the service (removal*.go) is a mode with facts of its own: an inventory by agent, made from the records, which are
// dropped, and from what records held earlier on other agents (vacated.go). Nothing can be launched from it. Why, and in which order: docs/adr/0015.
//
// Certificates (certificates.go, authority.go, certificate_*.go) are signed by the shell. The core says what every node should have,
// stores what is handed out before it is, and takes a change of authority from stage to stage only when every node that may run
// serves what the stage before asked for (docs/adr/0017).
//
// Read next: state.go, frame.go, then a file per concern: statuses.go, matching.go, new_record.go, flow.go, reconcile.go,
// kills.go, away.go, journal.go.
package core
