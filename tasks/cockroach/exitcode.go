package cockroach

import "fmt"

// ExitReason explains how a node's process ended, in one sentence for the task's log. code is the shell's form: the exit
// code, or 128 plus the number of the signal. Rules by version: sources in Table; transcript T:07 for v20.1.
func ExitReason(v Version, code int) string {
	switch code {
	case 0:
		return "stopped in order"
	case 2:
		return "ended by a panic or runtime error, running out of memory included: see its last lines on stderr"
	case 134:
		return "aborted itself (SIGABRT)"
	case 130:
		return "stopped hard by a second SIGINT"
	case 137:
		return "killed (SIGKILL): by a hard stop, or by the kernel because the task's memory was used up"
	case 139:
		return "crashed (SIGSEGV)"
	case 143:
		return "stopped hard by SIGTERM, without a finished drain"
	}
	if code > 128 && code <= 128+64 {
		return fmt.Sprintf("ended by signal %d", code-128)
	}
	if code == 255 && v.Has(FatalExits255) {
		return "a fatal error: see the last lines of its log in the folder logs of the store"
	}
	if v.Has(ExitCodes) {
		if reason := codeReason(v, code); reason != "" {
			return reason
		}
	}
	if code == 1 {
		return "an error: see its last lines on stderr" + oneMinuteHint(v)
	}
	return "for a reason that CockroachDB " + v.String() + " does not document"
}

// codeReason is the documented list of v20.2.4 and later.
func codeReason(v Version, code int) string {
	switch code {
	case 3:
		return "interrupted (SIGINT)"
	case 4:
		return "a command-line flag was refused: this is a fault of this service, please report it with the task's log"
	case 5:
		return "its log could not be written to stderr"
	case 6:
		return "its log could not be written to a file: is the volume full?"
	case 7:
		return "a fatal error (clock offset, a store of another version and the like): see the last lines of its log in the folder logs of the store"
	case 8:
		return "a fatal error, and its log could not be written in time"
	case 9:
		return "the network log collector could not be reached"
	case 10:
		if v.Has(ExitDiskFull) {
			return "the disk of its store is full: it will not start again before there is space; give the pod a bigger volume, or delete the file auxiliary/EMERGENCY_BALLAST in the store and then data"
		}
	}
	return ""
}

func oneMinuteHint(v Version) string {
	if v.Has(OneMinuteDrain) {
		return " (up to v19.2.5 this is also how a drain of more than a minute ends)"
	}
	return ""
}

// DiskFull reports whether code means that starting again is useless until there is space.
func DiskFull(v Version, code int) bool { return code == 10 && v.Has(ExitDiskFull) }
