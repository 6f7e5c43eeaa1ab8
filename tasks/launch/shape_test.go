package launch

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// additions are the fields that the recorded launch lacks and ours has; all are in the DC/OS SDK's messages or in
// mesos.proto of Mesos 1.12 with the rules that executor.go and task.go name.
var additions = []string{
	".executor.name:string",
	".executor.shutdown_grace_period:object", ".executor.shutdown_grace_period.nanoseconds:number",
	".executor.container:object", ".executor.container.type:string",
	".executor.container.linux_info:object", ".executor.container.linux_info.share_cgroups:bool",
}

// TestShapeOfAcceptedLaunch holds our LAUNCH_GROUP to one that a real master accepted and ran: every field of the
// recorded message is there with the same JSON type, and the executor has nothing that is not accounted for.
func TestShapeOfAcceptedLaunch(t *testing.T) {
	recorded := recordedGroup(t)
	executor, group, err := Group(Launch{FrameworkID: testFramework, Target: testTarget(), Record: testRecord(0, "node-init"), Refined: true})
	if err != nil {
		t.Fatal(err)
	}
	ours := shapeOf(t, &mesos.Offer_Operation_LaunchGroup{Executor: executor, TaskGroup: mesos.TaskGroupInfo{Tasks: group}})
	theirs := shapeOf(t, recorded)
	for _, path := range theirs {
		if !slices.Contains(ours, path) {
			t.Errorf("the accepted launch has %s, ours has not", path)
		}
	}
	for _, path := range ours {
		inExecutor := len(path) > 9 && path[:9] == ".executor"
		if inExecutor && !slices.Contains(theirs, path) && !slices.Contains(additions, path) {
			t.Errorf("our executor has %s, which neither the accepted one has nor this test allows", path)
		}
	}
	if executor.Command != nil || group[0].Executor != nil || group[0].Container.NetworkInfos != nil {
		t.Error("a default executor has no command, and a grouped task neither an executor nor a network of its own")
	}
}

// TestResourcesOfAcceptedLaunch reads every resource of the recorded ACCEPT and writes it again: byte for byte the same.
func TestResourcesOfAcceptedLaunch(t *testing.T) {
	var call scheduler.Call
	readJSON(t, "accepted-launch-group.json", &call)
	var list []mesos.Resource
	for _, operation := range call.Accept.Operations {
		list = append(list, operation.GetReserve().GetResources()...)
		list = append(list, operation.GetCreate().GetVolumes()...)
		list = append(list, operation.LaunchGroup.GetExecutor().Resources...)
		for _, task := range operation.LaunchGroup.GetTaskGroup().Tasks {
			list = append(list, task.Resources...)
		}
	}
	if len(list) != 15 {
		t.Fatalf("the recorded call has %d resources, want 15", len(list))
	}
	for i := range list {
		again := Resource(FromMesos(&list[i]), true)
		if !again.Equal(list[i]) {
			t.Errorf("resource %d\nrecorded %v\nwritten  %v", i, list[i].String(), again.String())
		}
	}
}

func recordedGroup(t *testing.T) *mesos.Offer_Operation_LaunchGroup {
	t.Helper()
	var call scheduler.Call
	readJSON(t, "accepted-launch-group.json", &call)
	for _, operation := range call.Accept.Operations {
		if operation.LaunchGroup != nil {
			return operation.LaunchGroup
		}
	}
	t.Fatal("the recorded call launches nothing")
	return nil
}

// shapeOf lists the paths of a message's JSON with their types; elements of lists share one path.
func shapeOf(t *testing.T, message any) []string {
	t.Helper()
	data, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	var paths []string
	var walk func(path string, node any)
	walk = func(path string, node any) {
		if node == nil {
			return // how mesos-go writes an empty list
		}
		kind := fmt.Sprintf("%T", node)
		switch node := node.(type) {
		case map[string]any:
			kind = "object"
			for key, child := range node {
				walk(path+"."+key, child)
			}
		case []any:
			kind = "list"
			for _, child := range node {
				walk(path+"[]", child)
			}
		case float64:
			kind = "number"
		}
		paths = append(paths, path+":"+kind)
	}
	walk("", tree)
	slices.Sort(paths)
	return slices.Compact(paths)
}
