// Package pile adds up Mesos resources the way a master does: what has the same name, reservations and disk source is one
// amount, persistent volumes and mounted disks stay separate and are only ever taken whole.
//
// It decides equality, containment and the two wire formats of reservations (refined, and the older role + reservation
// pair). It never decides whether an operation is allowed: that is package model.
//
// Why not mesos-go's own Resources: its Equivalent compares container paths and persistence principals, which a master
// ignores for the identity of a volume, and several of its helpers drop refined reservations. Its port ranges are used.
//
// Amounts are fixed point with three digits, as in Mesos, so that 0.5 + 0.1 is 0.6. SET resources are refused: no agent of
// the model has any.
package pile
