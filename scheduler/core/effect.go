package core

import (
	"log/slog"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Effect is something that the shell does for a frame, in the frame's order.
type Effect interface{ effect() }

// Write is one atomic change of the store. It is the first effect of a frame; if it fails the process ends and none
// of the frame's calls leave.
type Write struct {
	Set    map[string][]byte
	Delete []string
}

// Send is a call to the master.
type Send struct{ Call Call }

// Log is one fact for the log.
type Log struct {
	Level   slog.Level
	Message string
	Attrs   []any
}

// Reply answers the caller whose request an event carried.
type Reply struct {
	Request uint64
	// Code is an HTTP status.
	Code    int
	Message string
	// Pod and Tasks are what an order for a pod took hold of.
	Pod   string
	Tasks []string
	// Job is the job that an order or a task was about, as it is now.
	Job tasks.Job
	// Report is the token for a task's reports, Leftovers are the folders in which earlier jobs may have left something behind.
	Report    string
	Leftovers []string
	// Renew has the task ask for a new certificate now.
	Renew bool
}

// Exit ends the process.
type Exit struct {
	Code    int
	Message string
	Remedy  string
}

// Leave ends the connection to the master for good, or never begins one. The process goes on.
type Leave struct{}

func (Leave) effect() {}
func (Write) effect() {}
func (Send) effect()  {}
func (Log) effect()   {}
func (Reply) effect() {}
func (Exit) effect()  {}
