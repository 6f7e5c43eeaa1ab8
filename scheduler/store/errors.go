package store

import (
	"errors"
	"fmt"
	"strings"
)

// ErrClosed is returned after Close.
var ErrClosed = errors.New("the state store is closed")

// ErrNotLoaded is returned by Apply before Load, and after an Apply that failed.
var ErrNotLoaded = errors.New("the state store has to be loaded before it can be changed; " +
	"after a failed change the scheduler ends and its successor loads it")

// Sentinels for errors.Is; each matches the error type of the same name.
var (
	ErrForeignLayout = errors.New("the state belongs to another kind of scheduler")
	ErrSchema        = errors.New("the state was written by another version")
	ErrLocked        = errors.New("the state store is in use")
	ErrConflict      = errors.New("another scheduler wrote to the state store")
	ErrDoubt         = errors.New("it is not known whether the change was stored")
	ErrCorrupt       = errors.New("the stored state cannot be read")
	ErrBatch         = errors.New("the change was refused")
)

// ForeignLayoutError says that the root holds the state of a scheduler built on the Java DC/OS SDK. Nothing was written.
type ForeignLayoutError struct {
	Service string
	Path    string   // the root in ZooKeeper
	Found   []string // the nodes that gave it away, sorted
}

func (e *ForeignLayoutError) Error() string {
	return fmt.Sprintf("ZooKeeper holds the state of a Java DC/OS SDK scheduler for service %q (%s in %s); nothing was changed. "+
		"The scheduler takes it over when it starts; `cockroachdb-scheduler takeover --dry-run` shows beforehand what that would be. "+
		"For a new service set FRAMEWORK_NAME to another name",
		e.Service, strings.Join(e.Found, ", "), e.Path)
}

// Is makes errors.Is(err, ErrForeignLayout) true.
func (e *ForeignLayoutError) Is(target error) bool { return target == ErrForeignLayout }

// SchemaError says that the state has a layout that this version does not know.
type SchemaError struct {
	Where string // ZooKeeper node or file
	Found string
	Want  string
}

func (e *SchemaError) Error() string {
	return fmt.Sprintf("%s: the state has schema %q, this version reads %q; run the version of the scheduler that wrote it",
		e.Where, e.Found, e.Want)
}

// Is makes errors.Is(err, ErrSchema) true.
func (e *SchemaError) Is(target error) bool { return target == ErrSchema }

// LockedError says that another process has the file store open.
type LockedError struct {
	Path string // the lock file
	PID  int    // the holder, 0 when it left no readable pid
}

func (e *LockedError) Error() string {
	holder := "another process"
	if e.PID > 0 {
		holder = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s holds %s: another scheduler of this service runs on this state; stop it, or use another folder", holder, e.Path)
}

// Is makes errors.Is(err, ErrLocked) true.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// ConflictError says that somebody else claimed or changed the store since our Load. Nothing of the batch was written.
type ConflictError struct {
	Where string
	By    string // "host/pid" of the other writer, "" when unknown
}

func (e *ConflictError) Error() string {
	by := e.By
	if by == "" {
		by = "another scheduler"
	}
	return fmt.Sprintf("%s: %s wrote there after we loaded; this scheduler is no longer the one in charge and has to end", e.Where, by)
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// DoubtError says that the connection was lost and that the time ran out before it could be found out whether the batch was
// stored. The batch is stored whole or not at all, now or not later than the next Load, which settles it.
type DoubtError struct {
	Where string
	Cause error
}

func (e *DoubtError) Error() string {
	return fmt.Sprintf("%s: it could not be found out in time whether a change was stored: %v; check ZooKeeper and the network", e.Where, e.Cause)
}

// Is makes errors.Is(err, ErrDoubt) true.
func (e *DoubtError) Is(target error) bool { return target == ErrDoubt }

// Unwrap returns the last failure.
func (e *DoubtError) Unwrap() error { return e.Cause }

// CorruptError says that what is stored makes no sense.
type CorruptError struct {
	Where   string
	Problem string
	Remedy  string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s: the stored state cannot be read: %s; %s", e.Where, e.Problem, e.Remedy)
}

// Is makes errors.Is(err, ErrCorrupt) true.
func (e *CorruptError) Is(target error) bool { return target == ErrCorrupt }
