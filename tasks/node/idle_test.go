package node

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestIdleWaitsForItsEnd(t *testing.T) {
	var out bytes.Buffer
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	Idle(t.Context(), NewJournal(&out, func() time.Time { return time.Unix(0, 0) }), signals)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "paused") || !strings.Contains(lines[1], "got terminated") {
		t.Errorf("got %q", lines)
	}
}
