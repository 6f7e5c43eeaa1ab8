// Package tasks is the vocabulary of the service: what runs, where it runs, and what is known of it.
//
// It decides the shape of a target (what the operator asked for), of a record (what was launched where, with which
// reservations), of a requirement (what a launch needs from an offer), and the names and ids that users and tools
// rely on. It never decides what to do next (plans), whether an offer fits (offers), or how Mesos is told (launch).
//
// It is pure: no clock, no randomness, no environment, no file, no network, no goroutine. Ids come from an IDs value
// that the caller seeds.
//
// Designs weighed for the record: (1) keep the protobuf TaskInfo of Mesos, as the DC/OS SDK does; (2) keep only the
// facts that a TaskInfo is made from, and make it again when it is asked for. The second won: a person can read it, a
// change of Mesos' types cannot break it, and a relaunch starts from facts instead of editing an old message.
//
// Read next: tasks/launch (record to TaskInfo), tasks/cockroach (flags by database version), plans, offers.
package tasks
