// Package diff shows beforehand what another environment would do to a deployed service: what would be refused, what
// would restart, in which order, and why.
//
// It decides nothing. What is refused is tasks.RefuseChange's judgement and what restarts tasks.SameTask's, the same that
// the core asks when the scheduler starts; this package reads the two sides, puts the answers together and words them.
//
// Designs weighed: running core.Start on a copy of the state and reading its plans (it shows what the first frame does, and
// not why), or asking the two judgements for each task. The second is here, and a test holds it to core.Start.
//
// Read next: diff.go (the comparison), text.go (for people), reference.go (the page docs/reference/changes.md).
package diff
