package leader

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// Holder says who holds the lock or waits for it. It is the content of a lock node, as JSON.
type Holder struct {
	Host    string    `json:"host"`
	PID     int       `json:"pid,omitempty"`
	Started time.Time `json:"started,omitzero"`
}

// ThisProcess is the holder that this process is; started is when it began.
func ThisProcess(started time.Time) Holder {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host" // only shown to people
	}
	return Holder{Host: host, PID: os.Getpid(), Started: started.UTC().Truncate(time.Second)}
}

// String is for messages: "host agent-7, process 4711, started 2025-01-31T10:00:00Z".
func (h Holder) String() string {
	if h.Host == "" {
		return "a scheduler that did not say who it is"
	}
	parts := []string{"host " + h.Host}
	if h.PID > 0 {
		parts = append(parts, fmt.Sprintf("process %d", h.PID))
	}
	if !h.Started.IsZero() {
		parts = append(parts, "started "+h.Started.Format(time.RFC3339))
	}
	return strings.Join(parts, ", ")
}

// maxHost keeps a foreign lock node from filling our log.
const maxHost = 200

// parseHolder reads a lock node. The Java SDK's lock (Curator) writes the bare address of its host.
func parseHolder(data []byte) Holder {
	var h Holder
	if json.Unmarshal(data, &h) == nil && h.Host != "" {
		return h
	}
	if text := strings.TrimSpace(string(data)); utf8.ValidString(text) && len(text) <= maxHost && !strings.ContainsAny(text, "{\n") {
		return Holder{Host: text}
	}
	return Holder{}
}
