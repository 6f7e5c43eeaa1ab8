package tasks

import (
	"fmt"
	"strings"
)

// Exit codes of the task helper's own faults. The database's codes (0 to 10, 125 and above) are passed on unchanged, so
// these keep out of their way, except 2, which every program of this project uses for a bad environment.
const (
	// ExitEnvironment: the task's environment is faulty.
	ExitEnvironment = 2
	// ExitVolume: the persistent volume is not where the data is to go.
	ExitVolume = 64
	// ExitArchive: the archive is missing, damaged, of another sum, or holds no database.
	ExitArchive = 65
	// ExitVersion: the binary is of another version than the task asks for, or does not run here.
	ExitVersion = 66
	// ExitIdentity: the store or the node belongs to another service, volume or cluster.
	ExitIdentity = 67
	// ExitDNS: the node's own name did not come to point at its container in time.
	ExitDNS = 68
	// ExitStart: the database process could not be started.
	ExitStart = 69
	// ExitPort: another process listens on the node's ports.
	ExitPort = 70
	// ExitJobFailed: a backup, restore or verification ended without success, and has said why.
	ExitJobFailed = 71
	// ExitJobCancelled: a backup, restore or verification was stopped by order.
	ExitJobCancelled = 72
	// ExitCertificate: the node got no certificate, or none that it could use.
	ExitCertificate = 73
)

var exitMeanings = map[int]string{
	ExitVolume:      "the persistent volume is not mounted where the data goes: give the agent the isolator volume/sandbox_path",
	ExitArchive:     "the archive is missing, damaged, not the one of COCKROACH_SHA256, or holds no cockroach binary: check COCKROACH_URI",
	ExitVersion:     "the binary is of another version than configured, or does not run on this agent: check COCKROACH_VERSION and COCKROACH_URI",
	ExitIdentity:    "the volume or the node belongs to another service or cluster",
	ExitDNS:         "the node's name did not resolve to it in time: check DNS and DISCOVERY",
	ExitStart:       "the database process could not be started",
	ExitCertificate: "the node got no certificate, or none that it could use: somebody used its token, or the given certificates do not fit",
	ExitPort:        "another process on the agent listens on the node's ports",

	ExitJobFailed:    "the backup, restore or verification failed: `backup status` says why",
	ExitJobCancelled: "the backup, restore or verification was cancelled",
}

// ExitMeaning explains the message of a task that ended ("Command exited with status 64", as Mesos words it) where the
// helper's exit code has a meaning of its own; other messages come back as they are.
func ExitMeaning(message string) string {
	_, rest, found := strings.Cut(message, "exited with status ")
	var code int
	if !found {
		return message
	}
	if _, err := fmt.Sscanf(rest, "%d", &code); err != nil {
		return message
	}
	if meaning, known := exitMeanings[code]; known {
		return fmt.Sprintf("%s (%s; the task's stdout says more)", message, meaning)
	}
	return message
}
