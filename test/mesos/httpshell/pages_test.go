package httpshell

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/master"
)

// at reads a value out of decoded JSON: names and list positions.
func at(tree any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			object, _ := tree.(map[string]any)
			tree = object[key]
		case int:
			list, _ := tree.([]any)
			if key >= len(list) {
				return nil
			}
			tree = list[key]
		}
	}
	return tree
}

func getJSON(t *testing.T, url string) any {
	t.Helper()
	response, err := get(t, url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s: %d %q %v", url, response.StatusCode, data, err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestPagesShowTheClusterAsAMasterDoes(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent, _ := runTask(t, cluster, c)
	var state any
	eventually(t, "the running task on the page", func() bool {
		state = getJSON(t, cluster.URL()+"/master/state")
		return at(state, "frameworks", 0, "tasks", 0, "state") == "TASK_RUNNING"
	})
	for _, want := range []struct {
		path  []any
		value any
	}{
		{[]any{"version"}, "1.12.0"},
		{[]any{"activated_slaves"}, 2.0},
		{[]any{"unreachable_slaves"}, 0.0},
		{[]any{"slaves", 0, "id"}, agent},
		{[]any{"slaves", 0, "hostname"}, "127.0.0.1"},
		{[]any{"slaves", 0, "attributes", "rack"}, "r1"},
		{[]any{"slaves", 0, "domain", "fault_domain", "zone", "name"}, "zone-1"},
		{[]any{"slaves", 0, "active"}, true},
		{[]any{"slaves", 0, "resources", "cpus"}, 4.0},
		{[]any{"slaves", 0, "resources", "ports"}, "[8080-8090, 26000-27000, 31000-31199]"},
		{[]any{"slaves", 0, "reserved_resources", role, "mem"}, 160.0},
		{[]any{"slaves", 0, "used_resources", "mem"}, 160.0},
		{[]any{"slaves", 1, "resources", "ports"}, "[8080-8090, 26000-27000, 31200-31399]"},
		{[]any{"frameworks", 0, "id"}, c.framework.ID.Value},
		{[]any{"frameworks", 0, "active"}, true},
		{[]any{"frameworks", 0, "roles", 0}, role},
		{[]any{"frameworks", 0, "tasks", 0, "id"}, "a"},
		{[]any{"frameworks", 0, "tasks", 0, "executor_id"}, "pod"},
		{[]any{"frameworks", 0, "tasks", 0, "slave_id"}, agent},
		{[]any{"frameworks", 0, "tasks", 0, "role"}, role},
		{[]any{"frameworks", 0, "tasks", 0, "resources", "cpus"}, 0.5},
		{[]any{"frameworks", 0, "tasks", 0, "statuses", 1, "container_status", "network_infos", 0, "ip_addresses", 0, "ip_address"}, "127.0.0.1"},
	} {
		if got := at(state, want.path...); got != want.value {
			t.Errorf("/state %v: got %v, want %v", want.path, got, want.value)
		}
	}
	if got := at(getJSON(t, cluster.URL()+"/slaves"), "slaves", 0, "reserved_resources_full", role, 0, "reservations", 0, "principal"); got != principal {
		t.Errorf("/slaves: principal of the reservation: got %v", got)
	}
	if got := at(getJSON(t, cluster.URL()+"/version"), "version"); got != "1.12.0" {
		t.Errorf("/version: got %v", got)
	}
	if got := at(getJSON(t, cluster.URL()+"/flags"), "flags", "allocation_interval"); got != "0.02secs" {
		t.Errorf("/flags: got %v", got)
	}
	if got := at(getJSON(t, cluster.URL()+"/frameworks"), "frameworks", 0, "name"); got != "test" {
		t.Errorf("/frameworks: got %v", got)
	}
}

func TestHealthAndRedirect(t *testing.T) {
	cluster := startCluster(t, nil)
	for path, status := range map[string]int{"/health": 200, "/master/health": 200, "/redirect": 307, "/nothing": 404} {
		response, err := get(t, cluster.URL()+path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: got %d, want %d", path, response.StatusCode, status)
		}
		if got := response.Header.Get("Location"); status == 307 && "http:"+got != cluster.URL() {
			t.Errorf("%s: location %q", path, got)
		}
	}
}

// operator posts a call of the operator API in JSON.
func operator(t *testing.T, cluster *Cluster, body string) (int, string) {
	t.Helper()
	response, text := send(t, cluster.URL(), exchange{method: "POST", path: "/api/v1", body: body,
		headers: map[string]string{"Content-Type": jsonType, "Accept": jsonType}})
	return response.StatusCode, text
}

func TestTheOperatorAPI(t *testing.T) {
	cluster := startCluster(t, nil)
	agent := cluster.AgentID(0)
	resources := fmt.Sprintf(`"agent_id":{"value":%q},"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1},
		"reservations":[{"type":"DYNAMIC","role":"r","principal":"p"}]}]`, agent)
	for _, step := range []struct {
		name, body string
		status     int
		text       string // empty: not compared
	}{
		{"health", `{"type":"GET_HEALTH"}`, 200, `{"get_health":{"healthy":true},"type":"GET_HEALTH"}`},
		{"version", `{"type":"GET_VERSION"}`, 200, `{"get_version":{"version_info":{"version":"1.12.0"}},"type":"GET_VERSION"}`},
		{"reserve", `{"type":"RESERVE_RESOURCES","reserve_resources":{` + resources + `}}`, 202, ""},
		{"unreserve", `{"type":"UNRESERVE_RESOURCES","unreserve_resources":{` + resources + `}}`, 202, ""},
		{"drain", fmt.Sprintf(`{"type":"DRAIN_AGENT","drain_agent":{"agent_id":{"value":%q},"max_grace_period":{"seconds":5}}}`, agent), 200, ""},
		{"reactivate", fmt.Sprintf(`{"type":"REACTIVATE_AGENT","reactivate_agent":{"agent_id":{"value":%q}}}`, agent), 200, ""},
		{"maintenance", `{"type":"UPDATE_MAINTENANCE_SCHEDULE","update_maintenance_schedule":{"schedule":{"windows":[{"machine_ids":
			[{"hostname":"127.0.0.2","ip":"127.0.0.2"}],"unavailability":{"start":{"nanoseconds":4000000000000000000}}}]}}}`, 200, ""},
		{"gone", fmt.Sprintf(`{"type":"MARK_AGENT_GONE","mark_agent_gone":{"agent_id":{"value":%q}}}`, agent), 200, ""},
		{"teardown of nobody", `{"type":"TEARDOWN","teardown":{"framework_id":{"value":"nope"}}}`, 400, "No framework found with specified ID"},
		{"no body", `{"type":"TEARDOWN"}`, 400, "Failed to validate master::Call: Expecting 'teardown' to be present"},
		{"no type", `{}`, 400, "Failed to validate master::Call: Expecting 'type' to be present"},
		{"not part of it", `{"type":"GET_QUOTA"}`, 501, "The call GET_QUOTA is not part of this master"},
	} {
		status, text := operator(t, cluster, step.body)
		if status != step.status || (step.text != "" && text != step.text) {
			t.Errorf("%s: got %d %q, want %d %q", step.name, status, text, step.status, step.text)
		}
	}
	if _, text := operator(t, cluster, `{"type":"GET_AGENTS"}`); text == "" {
		t.Error("GET_AGENTS answered nothing")
	}
}

func TestTheOperatorAPIReads(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent, _ := runTask(t, cluster, c)
	call, err := (&master.Call{Type: master.Call_GET_STATE}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	_, data := send(t, cluster.URL(), exchange{method: "POST", path: "/api/v1", body: string(call),
		headers: map[string]string{"Content-Type": protobufType, "Accept": protobufType}})
	response := &master.Response{}
	if err := response.Unmarshal([]byte(data)); err != nil {
		t.Fatal(err)
	}
	state := response.GetState
	if got := state.GetAgents.Agents; len(got) != 2 || got[0].AgentInfo.ID.Value != agent || !got[0].Active {
		t.Errorf("agents: got %v", got)
	}
	if got := state.GetFrameworks.Frameworks; len(got) != 1 || got[0].FrameworkInfo.Name != "test" || !got[0].Connected {
		t.Errorf("frameworks: got %v", got)
	}
	if got := state.GetTasks.Tasks; len(got) != 1 || got[0].TaskID.Value != "a" || got[0].GetState() != mesos.TASK_RUNNING {
		t.Errorf("tasks: got %v", got)
	}
}
