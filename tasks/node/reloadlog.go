package node

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

const hangup = syscall.SIGHUP

const (
	// reloadTail is how much of the log's end is read, in bytes.
	reloadTail = 256 << 10
	// reloadFresh is how long ago the log may have been written to for its last complaint to count.
	reloadFresh = 2 * time.Minute
)

// reloadTrouble is the last line of the database's log that says why it could not read its certificates, without its head; empty
// when there is none, or the last reload succeeded. The log lies in the store (cockroach.StartCommand) under a name that
// always leads to the newest file.
func reloadTrouble(store string, now time.Time) string {
	file, err := os.Open(filepath.Join(store, "logs", "cockroach.log"))
	if err != nil {
		return "" // it is a hint; nothing depends on it
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || now.Sub(info.ModTime()) > reloadFresh {
		return ""
	}
	if _, err := file.Seek(max(0, info.Size()-reloadTail), io.SeekStart); err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(file, reloadTail))
	if err != nil {
		return ""
	}
	return lastReload(string(text))
}

func lastReload(log string) string {
	last := ""
	for line := range strings.Lines(log) {
		if strings.Contains(line, cockroach.ReloadDone) {
			last = ""
		}
		if at := strings.Index(line, cockroach.ReloadFailed); at >= 0 {
			last = strings.TrimSpace(line[at:])
		}
	}
	return last
}
