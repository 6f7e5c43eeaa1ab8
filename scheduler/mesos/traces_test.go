package mesos

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

// trace reads the events that a real master sent.
func trace(t *testing.T, name string) []*scheduler.Event {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var events []*scheduler.Event
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		event := &scheduler.Event{}
		// A capability that is newer than mesos-go, which as JSON is an error and as protobuf is ignored.
		line := bytes.ReplaceAll(lines.Bytes(), []byte(`,{"type":"QUOTA_V2"}`), nil)
		if err := json.Unmarshal(line, event); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(events)+1, err)
		}
		events = append(events, event)
	}
	if len(events) == 0 || lines.Err() != nil {
		t.Fatalf("%s: %d events, %v", name, len(events), lines.Err())
	}
	return events
}

// TestTracesGolden reads whole recorded streams, sent anew as protobuf, and compares what the core hears.
func TestTracesGolden(t *testing.T) {
	for _, name := range []string{"lifecycle", "agentfail", "drain", "gone", "failed-over", "recovered", "legacy"} {
		t.Run(name, func(t *testing.T) {
			var wire bytes.Buffer
			recorded := trace(t, name)
			for _, event := range recorded {
				wire.Write(record(t, event))
			}
			reader := newFrames(&wire, 1<<20)
			var got bytes.Buffer
			for i := range recorded {
				message, err := reader.next()
				if err != nil {
					t.Fatalf("event %d: %v", i+1, err)
				}
				event, ok := Event(message)
				if !ok {
					fmt.Fprintf(&got, "%s -> nothing\n", message.Type)
					continue
				}
				text, err := json.MarshalIndent(event, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&got, "%s -> %T %s\n", message.Type, event, text)
			}
			golden(t, name+".golden.txt", got.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the change\n%s", file, firstDifference(string(got), string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := 0; i < len(g) && i < len(w); i++ {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\ngot  %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestRecordedUpdates names what the core relies on, by hand.
func TestRecordedUpdates(t *testing.T) {
	tests := []struct {
		trace string
		// n is the place of the update among the trace's updates, from 0.
		n    int
		want tasks.Status
		uuid bool
	}{
		{"lifecycle", 0, tasks.Status{State: tasks.Starting, Source: "SOURCE_EXECUTOR", HasCheck: true,
			ContainerID: "c3533d16-505a-436b-8906-e5adffcfb4b6", ParentID: "5e25055f-ee1e-4998-b2dc-20343c8fec7e"}, true},
		{"lifecycle", 2, tasks.Status{State: tasks.Running, Source: "SOURCE_EXECUTOR", Reason: "REASON_TASK_CHECK_STATUS_UPDATED",
			HasCheck: true, CheckExit: new(int32(7)), IPs: []string{"127.0.0.1"},
			ContainerID: "c3533d16-505a-436b-8906-e5adffcfb4b6", ParentID: "5e25055f-ee1e-4998-b2dc-20343c8fec7e"}, true},
	}
	for _, test := range tests {
		var got *core.Updated
		n := 0
		for _, message := range trace(t, test.trace) {
			event, _ := Event(message)
			if updated, ok := event.(core.Updated); ok {
				if n == test.n {
					got = &updated
				}
				n++
			}
		}
		if got == nil {
			t.Fatalf("%s has no update %d", test.trace, test.n)
		}
		if got.Status.At.IsZero() || got.TaskID == "" || got.AgentID == "" || (len(got.UUID) == 16) != test.uuid {
			t.Errorf("%s %d: %+v", test.trace, test.n, got)
		}
		got.Status.At = time.Time{}
		if !reflect.DeepEqual(got.Status, test.want) {
			t.Errorf("%s %d\ngot  %+v\nwant %+v", test.trace, test.n, got.Status, test.want)
		}
	}
}

// TestMastersUpdatesHaveNoUUID: what the master makes itself must not be acknowledged; all else must.
func TestMastersUpdatesHaveNoUUID(t *testing.T) {
	seen := map[bool]int{}
	for _, name := range []string{"lifecycle", "agentfail", "drain", "gone", "recovered"} {
		for _, message := range trace(t, name) {
			event, _ := Event(message)
			updated, ok := event.(core.Updated)
			if !ok {
				continue
			}
			fromMaster := updated.Status.Source == "SOURCE_MASTER"
			if fromMaster == (len(updated.UUID) > 0) {
				t.Errorf("%s: %s of %s from %s with a uuid of %d bytes", name, updated.Status.State, updated.TaskID,
					updated.Status.Source, len(updated.UUID))
			}
			seen[fromMaster]++
		}
	}
	if seen[true] < 5 || seen[false] < 20 {
		t.Errorf("the traces have %d updates of the master and %d others: too few to tell", seen[true], seen[false])
	}
}

// TestRecordedBytes replays the bytes that a real master put on the socket, chunks and all.
func TestRecordedBytes(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "protobuf.raw"))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				request := make([]byte, 4096)
				if n, err := connection.Read(request); err == nil && !bytes.HasPrefix(request[:n], []byte("POST")) {
					io.WriteString(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				} else if err == nil {
					connection.Write(raw)
					connection.Read(request) // until the client goes
				}
			}()
		}
	}()
	c := start(t, testConfig("http://"+listener.Addr().String()))
	if got := wait[core.Subscribed](c); got.FrameworkID != "727f9618-0b88-469f-aa53-2608fda66d7d-0000" || got.MasterVersion != "1.12.0" ||
		got.Region != "region-1" || got.Zone != "zone-0" {
		t.Errorf("got %+v", got)
	}
	offered := wait[core.Offered](c)
	if len(offered.Offers) != 3 || len(offered.Offers[0].Resources) != 4 || len(offered.Offers[0].Agent.Attributes) != 3 {
		t.Errorf("got %+v", offered.Offers)
	}
	if id := c.subscription().streamID; id != "e890c8de-88d2-424f-b432-5fc216d9f6ed" {
		t.Errorf("stream id %q", id)
	}
}

// TestRecordedProtobuf decodes the recorded messages one by one.
func TestRecordedProtobuf(t *testing.T) {
	want := []scheduler.Event_Type{scheduler.Event_SUBSCRIBED, scheduler.Event_HEARTBEAT, scheduler.Event_OFFERS}
	for i, kind := range want {
		data, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("event-%d.pb", i+1)))
		if err != nil {
			t.Fatal(err)
		}
		reader := newFrames(strings.NewReader(framed(data)), 1<<20)
		message, err := reader.next()
		if err != nil || message.Type != kind {
			t.Errorf("event %d: %v, %v, want %s", i+1, message, err, kind)
		}
	}
}
