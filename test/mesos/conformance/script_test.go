package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// row is one line of a scenario.
type row struct {
	At   float64 `json:"at"`
	Note string  `json:"note"`

	// A call, with the answer.
	Name     string          `json:"name"`
	Send     json.RawMessage `json:"send"`
	Operator bool            `json:"operator"`
	Header   string          `json:"header"` // Mesos-Stream-Id
	Status   int             `json:"status"`
	Text     string          `json:"text"`

	// An event, or the number of the stream a SUBSCRIBE opened.
	Stream int              `json:"stream"`
	Event  *scheduler.Event `json:"event"`

	// A page of the master's state.
	State *pageState `json:"state"`

	// A deed of the recorder.
	Do  string `json:"do"`
	Arg string `json:"arg"`
}

func readScript(t *testing.T, scenario string) []row {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", scenario+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s line %d: %v", scenario, len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	return rows
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
