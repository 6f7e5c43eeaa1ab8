package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func TestDiffAnswersWhatAChangeWouldDo(t *testing.T) {
	var came map[string]string
	options := testOptions()
	options.Diff = func(_ context.Context, env map[string]string) (wire.Diff, error) {
		came = env
		return wire.Diff{Changes: []wire.Change{{Field: "NODE_CPUS", Old: "1", New: "2"}},
			Steps: []wire.DiffStep{{Pod: "cockroachdb-0", Task: "cockroachdb-0-node-init", Action: wire.ActionRestart, Order: 1, Why: []string{"cpus 1 -> 2"}},
				{Pod: "metrics-0", Task: "metrics-0-server", Action: wire.ActionKeep}}}, nil
	}
	got := do(t, http.MethodPost, serve(t, &fakeSource{}, options)+"/v1/diff", `{"NODE_CPUS":"2"}`)
	if !reflect.DeepEqual(came, map[string]string{"NODE_CPUS": "2"}) || got.status != 200 || got.kind != "application/json" {
		t.Errorf("%v; came %v", got, came)
	}
	golden(t, "testdata/diff.golden.json", []byte(got.body))
}

func TestDiffRefusesWhatItCannotRead(t *testing.T) {
	failing := testOptions()
	failing.Diff = func(context.Context, map[string]string) (wire.Diff, error) {
		return wire.Diff{}, errors.New("there is no target yet")
	}
	for _, tt := range []struct {
		name    string
		options Options
		path    string
		body    string
		status  int
		says    string
	}{
		{"no body", failing, "/v1/diff", ``, 400, `Couldn't parse the environment: the body is empty; send a JSON object of texts such as {"NODE_COUNT": "5"}`},
		{"a number", failing, "/v1/diff", `{"NODE_COUNT":5}`, 400, "cannot unmarshal number"},
		{"a list", failing, "/v1/diff", `["NODE_COUNT=5"]`, 400, "Couldn't parse the environment"},
		{"a query", failing, "/v1/diff?NODE_COUNT=5", `{}`, 400, `there is no parameter "NODE_COUNT"`},
		{"too large", failing, "/v1/diff", `{"A":"` + strings.Repeat("a", maxBody) + `"}`, 413, "The environment is larger than 65536 bytes"},
		{"nothing to compare with", failing, "/v1/diff", `{}`, 500, "Couldn't compare the settings: there is no target yet"},
		{"nobody to compare", testOptions(), "/v1/diff", `{}`, 501, "cannot say what a change would do"},
	} {
		got := do(t, http.MethodPost, serve(t, &fakeSource{}, tt.options)+tt.path, tt.body)
		if got.status != tt.status || got.kind != "text/plain; charset=utf-8" || !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
