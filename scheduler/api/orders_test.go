package api

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// The core decides; the API hands over exactly what was asked for, and shows 200 as JSON and all else as a sentence.
func TestOrdersReachTheCoreAsTheyWereGiven(t *testing.T) {
	done := core.Reply{Code: 200, Message: "Received cmd: x", Pod: "cockroachdb-1", Tasks: []string{"cockroachdb-1-node-join"}}
	said := "{\n  \"message\": \"Received cmd: x\"\n}"
	pod := "{\n  \"pod\": \"cockroachdb-1\",\n  \"tasks\": [\n    \"cockroachdb-1-node-join\"\n  ],\n  \"message\": \"Received cmd: x\"\n}"
	for _, tt := range []struct {
		path, body string
		want       core.Asking
		shown      string
	}{
		{"/v1/plans/deploy/start", `{"A":"b","_c1":""}`, core.PlanOrder{Verb: core.PlanStart, Plan: "deploy", Params: map[string]string{"A": "b", "_c1": ""}}, said},
		{"/v1/plans/backup/start", `{}`, core.PlanOrder{Verb: core.PlanStart, Plan: "backup", Params: map[string]string{}}, said},
		{"/v1/plans/backup/start", ``, core.PlanOrder{Verb: core.PlanStart, Plan: "backup"}, said},
		{"/v1/plans/deploy/stop", ``, core.PlanOrder{Verb: core.PlanStop, Plan: "deploy"}, said},
		{"/v1/plans/deploy/continue?phase=node-deploy", ``, core.PlanOrder{Verb: core.PlanContinue, Plan: "deploy", Phase: "node-deploy"}, said},
		{"/v1/plans/deploy/interrupt?phase=", ``, core.PlanOrder{Verb: core.PlanInterrupt, Plan: "deploy"}, said},
		{"/v1/plans/recovery/restart?phase=p&step=cockroachdb-1:[node-join]", ``, core.PlanOrder{Verb: core.PlanRestart, Plan: "recovery", Phase: "p", Step: "cockroachdb-1:[node-join]"}, said},
		{"/v1/plans/deploy/forceComplete?step=s", `not looked at`, core.PlanOrder{Verb: core.PlanForceComplete, Plan: "deploy", Step: "s"}, said},
		{"/v1/plans/a%2Fb/stop/", ``, core.PlanOrder{Verb: core.PlanStop, Plan: "a/b"}, said},
		{"/v1/plan/continue", ``, core.PlanOrder{Verb: core.PlanContinue, Plan: "deploy"}, said},
		{"/v1/plan/interrupt?phase=p", ``, core.PlanOrder{Verb: core.PlanInterrupt, Plan: "deploy", Phase: "p"}, said},
		{"/v1/plan/restart?phase=p&step=s", ``, core.PlanOrder{Verb: core.PlanRestart, Plan: "deploy", Phase: "p", Step: "s"}, said},
		{"/v1/plan/forceComplete?phase=p&step=s", ``, core.PlanOrder{Verb: core.PlanForceComplete, Plan: "deploy", Phase: "p", Step: "s"}, said},
		{"/v1/pod/cockroachdb-1/restart", ``, core.PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"}, pod},
		{"/v1/pod/cockroachdb-1/restart?force=false", `[]`, core.PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1", Tasks: []string{}}, pod},
		{"/v1/pod/cockroachdb-1/replace?force=true", ``, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-1", Force: true}, pod},
		{"/v1/pod/cockroachdb-1/pause", `["node-join","x"]`, core.PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-1", Tasks: []string{"node-join", "x"}}, pod},
		{"/v1/pod/cockroachdb-1/pause?force=true", `null`, core.PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-1", Force: true}, pod},
		{"/v1/pod/cockroachdb-1/resume", ` ["node-join"] `, core.PodOrder{Verb: tasks.Resume, Pod: "cockroachdb-1", Tasks: []string{"node-join"}}, pod},
	} {
		source := &fakeSource{reply: done}
		got := do(t, http.MethodPost, serve(t, source, testOptions())+tt.path, tt.body)
		if !reflect.DeepEqual(source.asked, []core.Asking{tt.want}) || got.status != 200 || got.kind != "application/json" || got.body != tt.shown {
			t.Errorf("%s %s: %v; asked %+v", tt.path, tt.body, got, source.asked)
		}
	}
}

func TestAnOrderIsAnsweredAsTheCoreDecides(t *testing.T) {
	for _, tt := range []struct {
		path   string
		reply  core.Reply
		err    error
		status int
		kind   string
		body   string
	}{
		{"/v1/plans/deploy/stop", core.Reply{Code: 208, Message: "Command has already been reported or completed"}, nil, 208, "text/plain; charset=utf-8", "Command has already been reported or completed"},
		{"/v1/plans/x/stop", core.Reply{Code: 404, Message: "Plan x not found"}, nil, 404, "text/plain; charset=utf-8", "Plan x not found"},
		{"/v1/plans/deploy/restart?step=s", core.Reply{Code: 400, Message: "Missing phase"}, nil, 400, "text/plain; charset=utf-8", "Missing phase"},
		{"/v1/plan/continue", core.Reply{}, errors.New("the scheduler is stopping, ask again later"), 503, "text/plain; charset=utf-8", "the scheduler is stopping, ask again later"},
		{"/v1/pod/x/restart", core.Reply{Code: 404, Message: "Pod x not found"}, nil, 404, "text/plain; charset=utf-8", "Pod x not found"},
		{"/v1/pod/x/replace", core.Reply{Code: 409, Message: "<refused>"}, nil, 409, "text/plain; charset=utf-8", "<refused>"},
		{"/v1/pod/x/pause", core.Reply{}, errors.New("wait for the answer: too late"), 503, "text/plain; charset=utf-8", "wait for the answer: too late"},
		{"/v1/pod/x/restart", core.Reply{Code: 200, Pod: "x"}, nil, 200, "application/json", "{\n  \"pod\": \"x\",\n  \"tasks\": []\n}"},
	} {
		source := &fakeSource{reply: tt.reply, err: tt.err}
		got := do(t, http.MethodPost, serve(t, source, testOptions())+tt.path, "")
		if got.status != tt.status || got.kind != tt.kind || got.body != tt.body {
			t.Errorf("%s: %v", tt.path, got)
		}
	}
}

// What cannot be read reaches nobody, and no value, which may be secret, is repeated.
func TestOrdersThatCannotBeReadAreRefused(t *testing.T) {
	large := `{"A":"` + strings.Repeat("a", maxBody) + `"}`
	for _, tt := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"/v1/plans/deploy/start", `{"A":`, 400, "Couldn't parse parameters: unexpected EOF"},
		{"/v1/plans/deploy/start", `["A"]`, 400, "Couldn't parse parameters: json: cannot unmarshal array"},
		{"/v1/plans/deploy/start", `{"A":1}`, 400, "Couldn't parse parameters: json: cannot unmarshal number"},
		{"/v1/plans/deploy/start", `{"A":"b"} {}`, 400, "Couldn't parse parameters: there is something behind the JSON"},
		{"/v1/plans/deploy/start", `{"B-":"hidden","A":"x","1":"hidden","":"hidden"}`, 400, `Couldn't parse parameters: "", "1", "B-": a name has letters, digits and _ only, and begins with no digit`},
		{"/v1/plans/deploy/start", large, 413, "The parameters are larger than 65536 bytes"},
		{"/v1/plans/deploy/stop?steps=1&fase=2", ``, 400, `there is no parameter "fase", only phase, step; there is no parameter "steps"`},
		{"/v1/plans/deploy/restart?phase=a&phase=b", ``, 400, "phase is given 2 times, give it once"},
		{"/v1/plans/deploy/restart?phase=%zz", ``, 400, "cannot be read"},
		{"/v1/plan/continue?force=true", ``, 400, `there is no parameter "force", only phase, step`},
		{"/v1/pod/x/restart?force=maybe", ``, 400, "force=maybe is neither true nor false"},
		{"/v1/pod/x/restart?force", ``, 400, "force= is neither true nor false"},
		{"/v1/pod/x/replace?force=TRUE", ``, 400, "neither true nor false"},
		{"/v1/pod/x/replace?forse=true", ``, 400, `there is no parameter "forse", only force`},
		{"/v1/pod/x/restart", `["node-join"]`, 400, "A restart is for the whole pod and takes no list of tasks"},
		{"/v1/pod/x/replace", `["node-join"]`, 400, "A replace is for the whole pod"},
		{"/v1/pod/x/pause", `{"tasks":["a"]}`, 400, "Couldn't parse the list of tasks"},
		{"/v1/pod/x/resume", `"a"`, 400, `send a JSON list such as ["node-join"], or no body for all tasks`},
		{"/v1/pod/x/pause", `[1]`, 400, "Couldn't parse the list of tasks"},
		{"/v1/pod/x/pause", `["a"]["b"]`, 400, "something behind the JSON"},
		{"/v1/pod/x/pause", `["` + large + `"]`, 400, "Couldn't parse the list of tasks"},
		{"/v1/pod/x/pause", `["` + strings.Repeat("a", maxBody) + `"]`, 413, "The list of tasks is larger than 65536 bytes"},
	} {
		source := &fakeSource{reply: core.Reply{Code: 200}}
		got := do(t, http.MethodPost, serve(t, source, testOptions())+tt.path, tt.body)
		if got.status != tt.status || got.kind != "text/plain; charset=utf-8" || !strings.Contains(got.body, tt.says) ||
			strings.Contains(got.body, "hidden") || source.asked != nil {
			t.Errorf("%s %.40s: %v; asked %v", tt.path, tt.body, got, source.asked)
		}
	}
}
