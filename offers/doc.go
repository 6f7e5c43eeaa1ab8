// Package offers answers one question: can this offer serve this requirement, with which operations, or why not.
//
// It decides which resources of an offer become whose reservation, which volume is created, which number a port gets,
// and which reservations on an agent are left over from something that no record knows any more. Every no carries its
// causes with the numbers in them, and Explain folds the refusals of many agents into one answer to "why is it not
// deploying".
//
// It never decides what is launched next (plans), never writes a record or sends a call (scheduler), never destroys
// or resizes a volume that a record holds, and never touches a reservation that is not labelled as ours.
//
// It is pure: no clock, randomness, environment, file, network, goroutine, lock or logger. New ids come from the
// tasks.IDs that the caller hands in. It imports tasks and its own sub-package placement.
//
// Designs weighed for the evaluation: (1) a pipeline of stages that each take from a shared pool and add to a list of
// operations, as the DC/OS SDK has it: easy to extend, but a stage that fails leaves the pool wrong for the later
// ones, so their reasons cannot be trusted; (2) work out all that is wanted as a value first, compare it with what is
// there, and make operations only when nothing is short. The second won: the causes of an agent are complete and
// right, a refusal costs next to nothing, and with ten thousand offers that is what counts.
//
// Read next: offer.go, outcome.go, evaluate.go, then fresh.go (a new place) and stay.go (a launch in place).
package offers
