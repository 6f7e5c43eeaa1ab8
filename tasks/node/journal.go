package node

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Journal writes plain lines for people who read the task's stdout, each with the UTC time and the program's name so that
// they stand out between the database's own lines. It may be used from several goroutines.
type Journal struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
}

// NewJournal writes to out and takes the time from now.
func NewJournal(out io.Writer, now func() time.Time) *Journal { return &Journal{out: out, now: now} }

// Say writes one message; each of its lines gets the head. A write that fails is lost: there is nowhere else to say so.
func (j *Journal) Say(format string, args ...any) {
	head := j.now().UTC().Format("2006-01-02T15:04:05.000Z") + " cockroachdb-node: "
	text := head + strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n"+head) + "\n"
	j.mu.Lock()
	defer j.mu.Unlock()
	_, _ = io.WriteString(j.out, text)
}
