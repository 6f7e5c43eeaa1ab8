package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// journalTo is a state whose journal has the entries up to this number, one a second.
func journalTo(last uint64) core.State {
	var journal core.Journal
	for seq := uint64(1); seq <= last; seq++ {
		line := core.Log{Level: slog.LevelInfo, Message: fmt.Sprintf("event <%d>", seq), Attrs: []any{"task", "cockroachdb-0-node-init"}}
		journal = journal.With(line, noon.Add(time.Duration(seq)*time.Second))
	}
	return core.State{Facts: core.Facts{Journal: journal}}
}

// numbersIn are the numbers of the events in an answer, and its last.
func numbersIn(t *testing.T, body string) (numbers []uint64, last uint64) {
	t.Helper()
	var events wire.Events
	if err := json.Unmarshal([]byte(body), &events); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, event := range events.Events {
		numbers = append(numbers, event.Seq)
	}
	return numbers, events.Last
}

func TestEventsBehindANumberAreTheOldestAndElseTheNewest(t *testing.T) {
	at := serve(t, &fakeSource{state: journalTo(40)}, testOptions()) + "/v1/events"
	for _, tt := range []struct {
		query   string
		numbers []uint64
		last    uint64
	}{
		{"?after=37", []uint64{38, 39, 40}, 40},
		{"?after=37&wait=60s", []uint64{38, 39, 40}, 40},
		{"?after=31&limit=2", []uint64{32, 33}, 33},
		{"?after=0&limit=2", []uint64{1, 2}, 2},
		{"?limit=2", []uint64{39, 40}, 40},
		{"?limit=0", nil, 40},
		{"?after=5&limit=0", nil, 5},
		{"?after=40", nil, 40},
		// The scheduler was restarted and has lost entries: the caller goes on from here.
		{"?after=50", nil, 40},
		{"?after=50&wait=60s", nil, 40},
		{"?after=18446744073709551615", nil, 40},
	} {
		got := do(t, http.MethodGet, at+tt.query, "")
		if numbers, last := numbersIn(t, got.body); got.status != 200 || !reflect.DeepEqual(numbers, tt.numbers) || last != tt.last {
			t.Errorf("%s: %v up to %d", tt.query, numbers, last)
		}
	}
	if numbers, last := numbersIn(t, do(t, http.MethodGet, at, "").body); len(numbers) != 40 || last != 40 {
		t.Errorf("without a query: %v up to %d", numbers, last)
	}
	for query, says := range map[string]string{
		"?after=-1": "after=-1 is not a whole number", "?limit=many": "limit=many is not a whole number", "?wait=61s": "wait=61s is not a time from 0s to 1m0s",
		"?wait=30": "such as 30s", "?wait=-1s": "wait=-1s", "?since=1": `there is no parameter "since", only after, limit, wait`,
		"?after=x&wait=y": "after=x is not a whole number from 0 to 18446744073709551615; wait=y",
	} {
		if got := do(t, http.MethodGet, at+query, ""); got.status != 400 || !strings.Contains(got.body, says) {
			t.Errorf("%s: %v", query, got)
		}
	}
}

func TestAWaitEndsWithTheFirstNewsItsTimeOrItsRequest(t *testing.T) {
	old, news := journalTo(3), journalTo(4)
	for _, tt := range []struct {
		name    string
		query   string
		source  *fakeSource
		cancel  time.Duration
		numbers []uint64
		last    uint64
		took    time.Duration
	}{
		{"news", "?after=3&wait=30s", &fakeSource{state: old, later: []core.State{old, old, news}}, time.Hour, []uint64{4}, 4, 3 * lookAgain},
		{"no news", "?after=3&wait=30s", &fakeSource{state: old}, time.Hour, nil, 3, 30 * time.Second},
		{"no wait", "?after=3", &fakeSource{state: old}, time.Hour, nil, 3, 0},
		{"the caller went away", "?after=3&wait=30s", &fakeSource{state: old}, 5 * time.Second, nil, 3, 5 * time.Second},
		{"an empty journal", "?wait=10s", &fakeSource{state: journalTo(0), later: []core.State{journalTo(1)}}, time.Hour, []uint64{1}, 1, lookAgain},
		{"a journal that fell back", "?after=3&wait=30s", &fakeSource{state: old, later: []core.State{journalTo(2)}}, time.Hour, nil, 2, lookAgain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.cancel)
				defer cancel()
				recorder, begun := httptest.NewRecorder(), time.Now()
				Handler(tt.source, testOptions()).ServeHTTP(recorder, httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/events"+tt.query, nil))
				numbers, last := numbersIn(t, recorder.Body.String())
				if took := time.Since(begun); took != tt.took || !reflect.DeepEqual(numbers, tt.numbers) || last != tt.last {
					t.Errorf("%v up to %d after %v", numbers, last, took)
				}
			})
		})
	}
}

// The server's time for reading a request bounds no wait, and its shutdown ends one.
func TestAWaitOutlivesTheReadTimeoutAndNotTheServer(t *testing.T) {
	old := journalTo(3)
	waiting := func(source *fakeSource) *httptest.Server {
		server := httptest.NewUnstartedServer(nil)
		server.Config = Server(Handler(source, testOptions()))
		server.Config.ReadTimeout = lookAgain / 10
		server.Start()
		t.Cleanup(server.Close)
		return server
	}
	server := waiting(&fakeSource{state: old, later: []core.State{old, journalTo(4)}})
	if numbers, _ := numbersIn(t, do(t, http.MethodGet, server.URL+"/v1/events?after=3&wait=60s", "").body); len(numbers) != 1 {
		t.Errorf("the wait was cut off: %v", numbers)
	}
	asked := make(chan struct{})
	server = waiting(&fakeSource{state: old})
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		inner.ServeHTTP(w, r)
	})
	ended := make(chan error, 1)
	go func() {
		<-asked
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		ended <- server.Config.Shutdown(ctx)
	}()
	if numbers, last := numbersIn(t, do(t, http.MethodGet, server.URL+"/v1/events?after=3&wait=60s", "").body); numbers != nil || last != 3 {
		t.Errorf("%v up to %d", numbers, last)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
