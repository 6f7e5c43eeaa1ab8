package guard

// Command is what a guard runs.
type Command struct {
	// Path is the program's file, absolute or relative to Dir.
	Path string `json:"path"`
	// Args is the whole argument list, the program's name first.
	Args []string `json:"args"`
	// Env is the whole environment, NAME=value. Nothing is inherited.
	Env []string `json:"env"`
	// Dir is the working directory.
	Dir string `json:"dir"`
}

// Name is the name (argument zero) under which a program becomes a guard.
const Name = "mesos-task-guard"

// The lines a program writes to its guard after the first, which is the Command as JSON.
const (
	lineTerm     = "term"     // SIGTERM to the command itself
	lineTermTree = "termtree" // SIGTERM to the command and all that descends from it
	lineKill     = "kill"     // SIGKILL to all that descends from the guard
)

// The lines a guard writes back.
const (
	lineStarted = "started" // with the command's process id
	lineFailed  = "failed"  // with the reason the command could not be started
	lineExited  = "exited"  // with the command's wait status; everything else is gone by then
)

// resultFD is the guard's file descriptor for the lines it writes back; standard input carries those it reads.
const resultFD = 3
