package mesos

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// TestAcceptAsRecorded writes the ACCEPT that a real master took: reservations, volume, offer and filter are the same
// to the last field. The launch itself is compared in tasks/launch.
func TestAcceptAsRecorded(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "accept.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded scheduler.Call
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	flat := func(list []mesos.Resource) (out []tasks.Resource) {
		for i := range list {
			out = append(out, launch.FromMesos(&list[i]))
		}
		return out
	}
	operations := recorded.Accept.Operations
	got, err := Call(core.Accept{
		OfferIDs: []string{recorded.Accept.OfferIDs[0].Value},
		Reserve:  flat(operations[0].Reserve.Resources),
		Create:   flat(operations[1].Create.Volumes),
		Refuse:   time.Second,
		Refined:  true,
	})
	if err != nil {
		t.Fatal(err)
	}
	recorded.Accept.Operations = operations[:2]
	recorded.FrameworkID = nil
	if !got.Equal(recorded) {
		t.Errorf("got\n%s\nrecorded\n%s", got, &recorded)
	}
}

func resource(kind string, amount int64) tasks.Resource {
	return tasks.Resource{Kind: kind, Scalar: tasks.Whole(amount), AllocatedTo: "r", Reservations: []tasks.Reservation{{Dynamic: true, Role: "r"}}}
}

func testLaunch() *launch.Launch {
	return &launch.Launch{FrameworkID: framework, Target: tasks.Target{Pods: []tasks.PodSpec{{Type: "p",
		Tasks: []tasks.TaskSpec{{Name: "s", Command: "true"}}}}}, Record: tasks.Record{Pod: tasks.Pod{Type: "p"}, Spec: "s", Task: "p-0-s"}}
}

func TestAcceptOrder(t *testing.T) {
	call, err := Call(core.Accept{
		OfferIDs:  []string{"o2", "o1", "o3"},
		Destroy:   []tasks.Resource{resource("disk", 1)},
		Unreserve: []tasks.Resource{resource("disk", 2), resource("cpus", 2)},
		Reserve:   []tasks.Resource{resource("mem", 3)},
		Create:    []tasks.Resource{resource("disk", 4)},
		Launch:    testLaunch(),
		Refuse:    1500 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, operation := range call.Accept.Operations {
		kinds = append(kinds, operation.Type.String())
	}
	if want := []string{"DESTROY", "UNRESERVE", "RESERVE", "CREATE", "LAUNCH_GROUP"}; !slices.Equal(kinds, want) {
		t.Errorf("operations %v, want %v", kinds, want)
	}
	if ids := call.Accept.OfferIDs; len(ids) != 3 || ids[0].Value != "o2" || ids[2].Value != "o3" {
		t.Errorf("offers %v: not in the order given", ids)
	}
	if got := call.Accept.Filters.GetRefuseSeconds(); got != 1.5 {
		t.Errorf("refused for %v s", got)
	}
	if r := call.Accept.Operations[2].Reserve.Resources[0]; r.Reservation == nil || r.Reservations != nil {
		t.Error("without Refined the older format is wanted")
	}
	if len(call.Accept.Operations[1].Unreserve.Resources) != 2 {
		t.Error("one UNRESERVE holds all resources")
	}
}

func TestAcceptUnknownTask(t *testing.T) {
	l := testLaunch()
	l.Record.Spec = "other"
	_, err := Call(core.Accept{OfferIDs: []string{"o"}, Launch: l})
	var unknown *launch.UnknownSpecError
	if !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
}

func TestCalls(t *testing.T) {
	tests := []struct {
		call core.Call
		want string
	}{
		{core.Accept{OfferIDs: []string{"o"}, Destroy: []tasks.Resource{{Kind: "cpus", Scalar: 1}}, Refined: true},
			`{"type":"ACCEPT","accept":{"offer_ids":[{"value":"o"}],"operations":[{"type":"DESTROY","destroy":{"volumes":` +
				`[{"name":"cpus","type":"SCALAR","scalar":{"value":0.001}}]}}],"filters":{"refuse_seconds":0}}}`},
		{core.Decline{OfferIDs: []string{"b", "a"}, Refuse: time.Hour},
			`{"type":"DECLINE","decline":{"offer_ids":[{"value":"b"},{"value":"a"}],"filters":{"refuse_seconds":3600}}}`},
		{core.Revive{}, `{"type":"REVIVE"}`},
		{core.Suppress{}, `{"type":"SUPPRESS"}`},
		{core.Teardown{}, `{"type":"TEARDOWN"}`},
		{core.Kill{TaskID: "t", AgentID: "a"}, `{"type":"KILL","kill":{"task_id":{"value":"t"},"agent_id":{"value":"a"}}}`},
		{core.Kill{TaskID: "t"}, `{"type":"KILL","kill":{"task_id":{"value":"t"}}}`},
		{core.Reconcile{}, `{"type":"RECONCILE","reconcile":{"tasks":[]}}`},
		{core.Reconcile{Tasks: []core.TaskOnAgent{{TaskID: "z", AgentID: "a"}, {TaskID: "b"}}},
			`{"type":"RECONCILE","reconcile":{"tasks":[{"task_id":{"value":"z"},"agent_id":{"value":"a"}},{"task_id":{"value":"b"}}]}}`},
		{core.Acknowledge{AgentID: "a", TaskID: "t", UUID: []byte{1, 2}},
			`{"type":"ACKNOWLEDGE","acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"AQI="}}`},
		{core.AnswerInverse{OfferID: "i", Agree: true, Refuse: time.Minute},
			`{"type":"ACCEPT_INVERSE_OFFERS","accept_inverse_offers":{"inverse_offer_ids":[{"value":"i"}],"filters":{"refuse_seconds":60}}}`},
		// As a Mesos 1.12 master took it (the offer's id apart).
		{core.AnswerInverse{OfferID: "i", Refuse: 5 * time.Second},
			`{"type":"DECLINE_INVERSE_OFFERS","decline_inverse_offers":{"inverse_offer_ids":[{"value":"i"}],"filters":{"refuse_seconds":5}}}`},
	}
	for _, test := range tests {
		call, err := Call(test.call)
		if err != nil {
			t.Fatalf("%T: %v", test.call, err)
		}
		data, err := json.Marshal(call)
		if err != nil {
			t.Fatal(err)
		}
		if got := withoutNulls(t, data); got != canonical(t, test.want) {
			t.Errorf("%T\ngot  %s\nwant %s", test.call, got, canonical(t, test.want))
		}
		if _, err := call.Marshal(); err != nil {
			t.Errorf("%T does not go as protobuf: %v", test.call, err)
		}
	}
}

func canonical(t *testing.T, text string) string { return withoutNulls(t, []byte(text)) }

// withoutNulls is JSON with its keys sorted and without the empty lists that mesos-go writes as null.
func withoutNulls(t *testing.T, data []byte) string {
	t.Helper()
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	var prune func(node any) any
	prune = func(node any) any {
		switch node := node.(type) {
		case map[string]any:
			for key, child := range node {
				if child == nil {
					delete(node, key)
				} else {
					node[key] = prune(child)
				}
			}
		case []any:
			for i := range node {
				node[i] = prune(node[i])
			}
		}
		return node
	}
	out, err := json.Marshal(prune(tree))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
