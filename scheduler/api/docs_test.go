package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

var (
	// A row of the page begins with a request.
	row = regexp.MustCompile("(?m)^\\| `((?:GET|POST|PUT|DELETE) [^`]+)` \\|")
	// An example is a request and the next block of JSON.
	example = regexp.MustCompile("(?s)Example, `([A-Z]+ [^`?]+)[^`]*`.*?\n```json\n(.*?)\n```")
	block   = regexp.MustCompile("(?s)```json\n(.*?)\n```")
)

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/reference/api.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every route has one row on the page, and every row is a route.
func TestThePageHasARowForEachRoute(t *testing.T) {
	var routes, rows []string
	for _, route := range (handlers{}).routes() {
		routes = append(routes, route.pattern)
	}
	for _, found := range row.FindAllStringSubmatch(page(t), -1) {
		rows = append(rows, found[1])
	}
	slices.Sort(routes)
	slices.Sort(rows)
	if !slices.Equal(routes, rows) {
		for _, route := range routes {
			if !slices.Contains(rows, route) {
				t.Errorf("%s is not on the page", route)
			}
		}
		for _, row := range rows {
			if !slices.Contains(routes, row) {
				t.Errorf("%s is on the page and no route", row)
			}
		}
		t.Errorf("%d routes, %d rows", len(routes), len(rows))
	}
}

// The examples have the fields of the answers, all that are always sent, in their order.
func TestTheExamplesOnThePageAreWhatIsSent(t *testing.T) {
	shapes := map[string]any{
		"GET /v1/plans/deploy": new(wire.Plan), "POST /v1/plans/deploy/interrupt": new(wire.Message),
		"GET /v1/pod/cockroachdb-1/status": new(wire.Pod), "GET /v1/pod/status": new(wire.ServicePods),
		"POST /v1/pod/cockroachdb-1/restart": new(wire.PodCommand), "GET /v1/endpoints/pg": new(wire.Endpoint),
		"POST /v1/diff": new(wire.Diff), "GET /v1/events": new(wire.Events), "GET /v1/debug/why": new(wire.Why),
		"GET /v2/debug/offers": new(wire.DebugOffers), "GET /v1/debug/plans": new(wire.DebugPlans),
		"GET /v1/debug/taskStatuses": new(wire.DebugStatuses), "GET /v1/debug/reservations": new(wire.DebugReservations),
		"POST /v1/jobs": new(wire.Job), "GET /v1/jobs": new(wire.Jobs), "POST /v1/backups": new(wire.Backups),
		"GET /v1/health": new(wire.Health), "GET /v1/version": new(wire.Version),
	}
	text := page(t)
	examples := example.FindAllStringSubmatch(text, -1)
	if blocks := block.FindAllString(text, -1); len(blocks) != len(examples) || len(examples) != len(shapes) {
		t.Errorf("%d blocks of JSON, %d examples, %d shapes", len(blocks), len(examples), len(shapes))
	}
	for _, found := range examples {
		into, ok := shapes[found[1]]
		if !ok {
			t.Errorf("example %s has no shape in this test", found[1])
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(found[2]))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(into); err != nil {
			t.Errorf("example %s: %v", found[1], err)
			continue
		}
		again, err := wire.Marshal(reflect.ValueOf(into).Elem().Interface())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, []byte(found[2])) {
			t.Errorf("example %s is sent as\n%s", found[1], again)
		}
	}
}

// What changes something is never asked for by GET, which browsers and caches repeat.
func TestOrdersAreNoGets(t *testing.T) {
	for _, route := range (handlers{}).routes() {
		source := &fakeSource{}
		method, path, _ := strings.Cut(route.pattern, " ")
		if method != http.MethodGet || strings.HasPrefix(path, "/v1/metrics") || strings.HasPrefix(path, "/v1/artifacts") {
			continue
		}
		if got := do(t, method, serve(t, source, testOptions())+strings.ReplaceAll(strings.ReplaceAll(path, "{", ""), "}", ""), ""); source.asked != nil {
			t.Errorf("%s: %v asked %v", route.pattern, got, source.asked)
		}
	}
}
