// Package secrets keeps the keys of jobs in memory, from the request that brings them to the task that takes them.
//
// It decides how long keys are kept, and nothing else. It never writes them anywhere, never logs, and never hands them out
// twice: Take gives them away. Who may have them is the core's decision (JobCollect), and the caller asks it first.
//
// What is kept is kept as bytes, and overwritten when it goes. That is as far as it goes: the request was decoded into texts,
// which belong to Go's garbage collector.
//
// Designs weighed: (1) keys in the store, sealed with a key of the process, which a successor could not open, or with one
// that lies beside them; (2) keys in the task's environment, which Mesos shows to everybody who may see the task; (3) memory
// alone (chosen): a scheduler that is started again has forgotten the keys, and says so to the job, which fails and changes
// nothing. Scheduled jobs do not come here at all, their keys stand in the settings.
//
// Read next: safe.go, then scheduler/jobs.
package secrets
