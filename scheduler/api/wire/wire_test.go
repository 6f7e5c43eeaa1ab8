package wire_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func TestMarshalHasTheShapesOfTheSDK(t *testing.T) {
	tests := []struct {
		name string
		give any
		want string
	}{
		{"an empty plan has lists, not nulls", wire.Plan{Strategy: "serial", Status: wire.StatusComplete}, `{
  "phases": [],
  "errors": [],
  "strategy": "serial",
  "status": "COMPLETE"
}`},
		{"a plan keeps the order of the SDK's fields", wire.Plan{
			Phases: []wire.Phase{{
				ID: "p1", Name: "node-deploy", Strategy: "serial", Status: wire.StatusPrepared,
				Steps: []wire.Step{
					{ID: "s1", Status: wire.StatusComplete, Name: "cockroachdb-0:[node-init]", Message: "m"},
					{ID: "s2", Status: wire.StatusPrepared, Name: "cockroachdb-1:[node-join]", Message: "m", Reason: "mem 100 < 200 & waiting"},
				},
			}},
			Strategy: "serial", Status: wire.StatusInProgress,
		}, `{
  "phases": [
    {
      "id": "p1",
      "name": "node-deploy",
      "steps": [
        {
          "id": "s1",
          "status": "COMPLETE",
          "name": "cockroachdb-0:[node-init]",
          "message": "m"
        },
        {
          "id": "s2",
          "status": "PREPARED",
          "name": "cockroachdb-1:[node-join]",
          "message": "m",
          "reason": "mem 100 < 200 & waiting"
        }
      ],
      "strategy": "serial",
      "status": "PREPARED"
    }
  ],
  "errors": [],
  "strategy": "serial",
  "status": "IN_PROGRESS"
}`},
		{"endpoint with a VIP", wire.Endpoint{Address: []string{"10.0.0.1:26257"}, DNS: []string{"a.b:26257"}, VIP: "pg.x:26257"}, `{
  "address": [
    "10.0.0.1:26257"
  ],
  "dns": [
    "a.b:26257"
  ],
  "vip": "pg.x:26257"
}`},
		{"endpoint without a VIP has no vip field", wire.Endpoint{}, "{\n  \"address\": [],\n  \"dns\": []\n}"},
		{"a task that was never launched has no status", wire.Pod{Name: "metrics-0", Tasks: []wire.Task{{Name: "metrics-0-server"}}}, `{
  "name": "metrics-0",
  "tasks": [
    {
      "id": "",
      "name": "metrics-0-server"
    }
  ]
}`},
		{"a task without a status yet", wire.PodInfo{{Info: json.RawMessage(`{"name":"x"}`)}}, `[
  {
    "info": {
      "name": "x"
    },
    "status": null
  }
]`},
		{"no pods", wire.ServicePods{Service: "cockroachdb"}, "{\n  \"service\": \"cockroachdb\",\n  \"pods\": []\n}"},
		{"a pod command", wire.PodCommand{Pod: "cockroachdb-0", Tasks: []string{"cockroachdb-0-node-init"}}, "{\n  \"pod\": \"cockroachdb-0\",\n  \"tasks\": [\n    \"cockroachdb-0-node-init\"\n  ]\n}"},
		{"health without reasons", wire.Health{Value: 200}, "{\n  \"value\": 200\n}"},
		{"no names", wire.Names(nil), "[]"},
		{"names", wire.Names{"deploy", "recovery"}, "[\n  \"deploy\",\n  \"recovery\"\n]"},
		{"a message", wire.Message{Message: "Received cmd: refresh"}, "{\n  \"message\": \"Received cmd: refresh\"\n}"},
		{"version", wire.Version{Scheduler: "1.0.0", Database: "v24.1.6"}, "{\n  \"scheduler\": \"1.0.0\",\n  \"database\": \"v24.1.6\"\n}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.Marshal(tt.give)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestMarshalRefusesARawPartThatIsNotJSON(t *testing.T) {
	if got, err := wire.Marshal(wire.PodInfo{{Info: json.RawMessage("{")}}); err == nil {
		t.Errorf("got %s, want an error", got)
	}
}

func TestAnswersComeBackAsTheyWereSent(t *testing.T) {
	want := wire.Plan{
		Phases: []wire.Phase{{ID: "p", Name: "n", Steps: []wire.Step{{ID: "s", Reason: "<waiting>"}}}},
		Errors: []string{"field: value"}, Strategy: "serial", Status: wire.StatusError,
	}
	b, err := wire.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got wire.Plan
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
