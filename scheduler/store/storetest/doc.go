// Package storetest is the one test suite that every implementation of store.Store has to pass.
//
// It decides what a store promises, seen from outside; faults of one implementation's medium (a full disk, a lost
// connection) are tested beside that implementation. Read suite.go.
package storetest
