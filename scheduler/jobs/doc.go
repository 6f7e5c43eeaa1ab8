// Package jobs stands between those who ask for backups, restores and verifications and the core, which carries them out.
//
// It decides what a request means: standard values, and everything that is wrong with it at once. It decides when a scheduled
// backup is due. It keeps the keys of the object store away from the core: a request is taken apart into a job without keys
// and the keys, which wait in scheduler/secrets until the job's task takes them. It never decides whether a job may run: that
// is the core's, as is "once". It never speaks to the object store or the database: tasks/node/job does.
//
// Keys of scheduled backups stand in the settings and are looked up when a task asks, so that a restart loses nothing.
//
// Designs weighed for the schedule: (1) timers per run, which a restart forgets and a clock that jumps misleads; (2) a question
// every few seconds (chosen): is the latest time of the schedule that has come later than the last one that the core took a
// backup on for? What was missed is run once by that rule, however many runs were missed, and a refusal because another job
// works on the database is asked again in the next round.
//
// Read next: request.go (what a request means), parameters.go (the older service's parameters of plan start), desk.go (how a
// job is asked for, collected and told of), cron.go and schedule.go.
package jobs
