// Package run is the shell round the core: one goroutine that takes events from the inbox, lets core.Frame decide, and
// executes the effects in their order.
//
// It decides nothing about tasks, offers or plans. It keeps the two promises that the core's proof rests on: a write
// that fails ends the process before any call of that frame leaves, and calls leave in the order of the frames.
//
// Calls are sent by a second goroutine from a queue, so that a slow master never holds up a status update's way into
// the store. A call belongs to the subscription that it was made under: after a new subscription older calls are
// dropped, because their offers are gone, and reconciliation settles what they would have done.
//
// A service that was removed has nobody to call: core.Leave ends the connection, and the loop answers on.
//
// Read next: loop.go, effects.go, sender.go; scheduler/core for what is decided.
package run
