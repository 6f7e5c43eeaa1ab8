// Package render turns answers of the scheduler into what a person reads: trees
// of plans and pods, pairs of words and values, indented JSON. It decides the
// look alone.
//
// It never asks the scheduler, never computes a status, and never writes
// control characters that came over the network to a terminal.
//
// Read next: scheduler/api/wire for the types it shows; cli for the commands.
// The sandbox uses Plan too, to show a plan while it moves.
//
// Designs weighed. Reasons under their step, against one line beside it: reasons
// hold numbers and remedies and are longer than a terminal is wide. A tree
// library, against the thirty lines of tree.go: none of them puts lines of text
// under a node inside the drawn branches.
package render
