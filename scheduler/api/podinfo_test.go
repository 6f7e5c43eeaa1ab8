package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// A message with everything that the SDK's JSON names otherwise than the v1 API: agents, sources, reasons, words of
// several parts, numbers above what a float holds, empty lists, and text that looks like a name.
func TestMessagesHaveTheSDKsShape(t *testing.T) {
	text := func(s string) *string { return &s }
	task := mesos.TaskInfo{
		Name: "cockroachdb-0-node-init", TaskID: mesos.TaskID{Value: "t1"}, AgentID: mesos.AgentID{Value: "a1"},
		Executor:   &mesos.ExecutorInfo{ExecutorID: mesos.ExecutorID{Value: "e1"}, FrameworkID: &mesos.FrameworkID{Value: "f1"}},
		Command:    &mesos.CommandInfo{Value: text("a && b < c"), Environment: &mesos.Environment{Variables: []mesos.Environment_Variable{{Name: "agent_id", Value: text("kill_policy")}}}},
		KillPolicy: &mesos.KillPolicy{GracePeriod: &mesos.DurationInfo{Nanoseconds: 9007199254740993}},
		Labels:     &mesos.Labels{Labels: []mesos.Label{{Key: "offer_hostname", Value: text("h_1")}}},
		Container: &mesos.ContainerInfo{Type: mesos.ContainerInfo_MESOS.Enum(), LinuxInfo: &mesos.LinuxInfo{ShareCgroups: new(false)},
			NetworkInfos: []mesos.NetworkInfo{{Name: text("dcos")}}},
		Discovery: &mesos.DiscoveryInfo{Visibility: mesos.CLUSTER, Name: text("d"), Ports: &mesos.Ports{Ports: []mesos.Port{{Number: 26257, Name: text("pg")}}}},
	}
	status := mesos.TaskStatus{TaskID: mesos.TaskID{Value: "t1"}, State: mesos.TASK_LOST.Enum(), Source: mesos.SOURCE_AGENT.Enum(),
		Reason: mesos.REASON_AGENT_REMOVED.Enum(), AgentID: &mesos.AgentID{Value: "a1"}, Message: text("SOURCE_AGENT"), Timestamp: new(1795348800.5),
		ContainerStatus: &mesos.ContainerStatus{ContainerID: &mesos.ContainerID{Value: "c1", Parent: &mesos.ContainerID{Value: "p1"}},
			NetworkInfos: []mesos.NetworkInfo{{IPAddresses: []mesos.NetworkInfo_IPAddress{{IPAddress: text("10.0.0.1")}}}}}}
	var page strings.Builder
	for _, message := range []json.Marshaler{&task, &status} {
		shown, err := protobufJSON(message)
		if err != nil {
			t.Fatal(err)
		}
		indented, err := json.MarshalIndent(shown, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		page.Write(indented)
		page.WriteString("\n")
	}
	golden(t, "testdata/protobuf.golden.json", []byte(page.String()))
}

func TestPodInfoNamesTheTaskItsPlaceAndItsStatus(t *testing.T) {
	at := serve(t, &fakeSource{state: stateOf(testTarget(3), []tasks.Record{nodeRecord(0), failed(nodeRecord(1), true)}, nil)}, testOptions())
	type value struct {
		Value string `json:"value"`
	}
	var read []struct {
		Info struct {
			Name     string `json:"name"`
			TaskID   value  `json:"taskId"`
			SlaveID  value  `json:"slaveId"`
			Executor struct {
				ExecutorID  value `json:"executorId"`
				FrameworkID value `json:"frameworkId"`
			} `json:"executor"`
			Labels struct {
				Labels []tasks.Label `json:"labels"`
			} `json:"labels"`
			Discovery struct {
				Ports struct {
					Ports []struct {
						Name   string `json:"name"`
						Number int    `json:"number"`
					} `json:"ports"`
				} `json:"ports"`
			} `json:"discovery"`
			Container struct {
				Type string `json:"type"`
			} `json:"container"`
			Resources []struct {
				Name         string `json:"name"`
				Reservations []struct {
					Role string `json:"role"`
				} `json:"reservations"`
			} `json:"resources"`
		} `json:"info"`
		Status struct {
			State   string `json:"state"`
			Source  string `json:"source"`
			TaskID  value  `json:"taskId"`
			SlaveID value  `json:"slaveId"`
		} `json:"status"`
	}
	got := do(t, http.MethodGet, at+"/v1/pod/cockroachdb-1/info", "")
	if got.status != 200 || got.kind != "application/json" || !strings.HasPrefix(got.body, "[\n  {\n    \"info\": {\n") {
		t.Fatalf("%v", got)
	}
	if err := json.Unmarshal([]byte(got.body), &read); err != nil || len(read) != 1 {
		t.Fatal(err, got.body)
	}
	record, info, status := nodeRecord(1), read[0].Info, read[0].Status
	if info.Name != record.Task || info.TaskID.Value != record.TaskID || info.SlaveID.Value != record.Agent.ID ||
		info.Executor.ExecutorID.Value != record.ExecutorID || info.Executor.FrameworkID.Value != frameworkID || info.Container.Type != "MESOS" {
		t.Errorf("%+v", info)
	}
	if len(info.Labels.Labels) == 0 || info.Labels.Labels[0] != (tasks.Label{Key: "target_configuration", Value: targetID}) {
		t.Errorf("labels %+v", info.Labels)
	}
	if ports := info.Discovery.Ports.Ports; len(ports) != 3 || ports[0].Name != "pg" || ports[0].Number != 26257 {
		t.Errorf("ports %+v", info.Discovery)
	}
	if len(info.Resources) != 3 || info.Resources[0].Name != "mem" || info.Resources[0].Reservations[0].Role != "cockroachdb-role" {
		t.Errorf("resources %+v", info.Resources)
	}
	if status.State != "TASK_FAILED" || status.Source != "SOURCE_SLAVE" || status.TaskID.Value != record.TaskID || status.SlaveID.Value != record.Agent.ID {
		t.Errorf("%+v", status)
	}
}

func TestPodInfoThatCannotBeShown(t *testing.T) {
	lost := nodeRecord(0)
	lost.TargetID = oldTargetID
	at := serve(t, &fakeSource{state: stateOf(testTarget(3), []tasks.Record{lost}, nil)}, testOptions())
	for path, want := range map[string]answered{
		"/v1/pod/cockroachdb-7/info": {status: 404, body: "Pod cockroachdb-7 not found"},
		"/v1/pod/cockroachdb-0/info": {status: 500, body: "Couldn't show task cockroachdb-0-node-init: make its info again: "},
	} {
		if got := do(t, http.MethodGet, at+path, ""); got.status != want.status || !strings.HasPrefix(got.body, want.body) {
			t.Errorf("%s: %v", path, got)
		}
	}
}
