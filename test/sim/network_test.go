package sim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// onNetwork is a service on the virtual network, on a Mesos of that version.
func onNetwork(t *testing.T, version string, agents []model.AgentSpec) *sim.World {
	t.Helper()
	w := sim.New(model.Options{Version: version}, agents, virtualNetwork...)
	must(t, w, w.Deployed, 5*time.Minute)
	return w
}

var virtualNetwork = []string{"ENABLE_VIRTUAL_NETWORK=true", "VIRTUAL_NETWORK_NAME=overlay"}

// portless are agents that have no ports to offer.
func portless(n int) []model.AgentSpec {
	specs := virtual.Agents(n)
	for i := range specs {
		specs[i].Resources = slices.DeleteFunc(specs[i].Resources, func(r mesos.Resource) bool { return r.Name == tasks.Ports })
	}
	return specs
}

func variable(info mesos.TaskInfo, name string) string {
	for _, v := range info.Command.Environment.Variables {
		if v.Name == name {
			return v.GetValue()
		}
	}
	return ""
}

// On a virtual network nodes take no ports of the agent, have addresses that only their containers' status tells, and are
// found by name, wherever they are.
func TestNodesOnAVirtualNetwork(t *testing.T) {
	for _, version := range []string{"1.2.3", "1.12.0"} {
		t.Run(version, func(t *testing.T) {
			w := onNetwork(t, version, portless(4))
			addresses := map[string]string{}
			joins := map[string]bool{}
			for task, record := range w.State().Facts.Records {
				address := record.Address()
				if !strings.HasPrefix(address, "9.0.") || addresses[address] != "" {
					t.Errorf("%s is at %s, as %q is", task, address, addresses[address])
				}
				addresses[address] = task
				for _, held := range record.Held {
					if held.Resource.Kind == tasks.Ports {
						t.Errorf("%s holds ports of its agent", task)
					}
				}
				info, _ := w.Info(record.TaskID)
				if networks := networksOf(w, record.TaskID); len(networks) != 1 || networks[0].GetName() != "overlay" {
					t.Errorf("%s is on %v", task, networks)
				}
				if task == inOrder[3] {
					continue
				}
				joins[variable(info, "CRDB_JOIN")] = true
				if got := variable(info, "CRDB_ADVERTISE"); got != task+".cockroachdb.autoip.dcos.thisdcos.directory:26257" ||
					variable(info, "CRDB_LISTEN") != "all" || variable(info, "CRDB_WAIT_DNS") != "true" {
					t.Errorf("%s advertises %s, listens on %s", task, got, variable(info, "CRDB_LISTEN"))
				}
				for _, port := range info.Discovery.Ports.Ports {
					if scope(port) != "container" {
						t.Errorf("%s: port %s is not said to be the container's", task, port.GetName())
					}
				}
			}
			if len(joins) != 1 {
				t.Errorf("the nodes have different join lists: %v", joins)
			}
			// A restart is in place, at another address.
			before := record(w, inOrder[1])
			ordered(t, w, core.PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"})
			mustOneByOne(t, w, changed(w, before), 10*time.Minute)
			if after := record(w, inOrder[1]); after.Address() == before.Address() || after.VolumeID() != before.VolumeID() || after.Agent.ID != before.Agent.ID {
				t.Errorf("restarted at %s on %s, was at %s on %s", after.Address(), after.Agent.ID, before.Address(), before.Agent.ID)
			}
		})
	}
}

// Two nodes of one machine do not collide, because each has all ports for itself.
func TestNodesOnAVirtualNetworkShareAnAgent(t *testing.T) {
	agents := portless(1)
	agents[0].Resources = []mesos.Resource{model.Scalar("cpus", 16), model.Scalar("mem", 65536), model.Scalar("disk", 500000)}
	w := sim.New(model.Options{}, agents, append([]string{"NODE_PLACEMENT="}, virtualNetwork...)...)
	must(t, w, w.Deployed, 5*time.Minute)
}

func TestTheNetworkNeverChanges(t *testing.T) {
	for name, tt := range map[string]struct{ from, to []string }{
		"on":      {nil, virtualNetwork},
		"off":     {virtualNetwork, nil},
		"another": {virtualNetwork, []string{"ENABLE_VIRTUAL_NETWORK=true", "VIRTUAL_NETWORK_NAME=other"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := deployed(t, 4, tt.from...)
			target := w.State().Facts.TargetID
			w.Environ(tt.to...)
			w.Kill()
			pass(t, w, time.Minute)
			state := w.State()
			if state.Facts.TargetID != target || len(state.Plans[0].Errors) != 1 || !strings.Contains(state.Plans[0].Errors[0], "VIRTUAL_NETWORK") {
				t.Errorf("got target %s, errors %q", state.Facts.TargetID, state.Plans[0].Errors)
			}
			equal(t, launches(w), inOrder)
		})
	}
}

func scope(port mesos.Port) string {
	for _, label := range port.Labels.GetLabels() {
		if label.Key == "network-scope" {
			return label.GetValue()
		}
	}
	return ""
}

// networksOf are the networks of the container that a task is in: its executor's, or its own where it was launched alone.
func networksOf(w *sim.World, taskID string) []mesos.NetworkInfo {
	for _, launch := range w.Launches() {
		for _, info := range launch.Tasks {
			switch {
			case info.TaskID.Value != taskID:
			case launch.Executor.Type == mesos.ExecutorInfo_DEFAULT:
				return launch.Executor.Container.GetNetworkInfos()
			default:
				return info.Container.GetNetworkInfos()
			}
		}
	}
	return nil
}
