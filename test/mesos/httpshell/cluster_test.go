package httpshell

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

var encodings = []mediaType{mediaProtobuf, mediaJSON}

func startCluster(t *testing.T, change func(*Cluster)) *Cluster {
	t.Helper()
	cluster := &Cluster{WorkDir: t.TempDir(), Agents: Agents(2), Model: model.Options{
		AllocationInterval: 20 * time.Millisecond, HeartbeatInterval: 50 * time.Millisecond,
		AgentPingInterval: 50 * time.Millisecond, AgentPingTimeouts: 2, AgentReregisterDelay: 10 * time.Millisecond}}
	if change != nil {
		change(cluster)
	}
	if err := cluster.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return cluster
}

func reserved(resource mesos.Resource) mesos.Resource {
	to, by := role, principal
	resource.Reservations = []mesos.Resource_ReservationInfo{{
		Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &to, Principal: &by}}
	resource.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &to}
	return resource
}

func volume(id string) mesos.Resource {
	by := principal
	resource := reserved(model.Scalar("disk", 256))
	resource.Disk = &mesos.Resource_DiskInfo{
		Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id, Principal: &by},
		Volume:      &mesos.Volume{ContainerPath: "data", Mode: mesos.RW.Enum()}}
	return resource
}

func launchGroup(c *client, agentID, pod string, tasks ...mesos.TaskInfo) mesos.Offer_Operation {
	return mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH_GROUP, LaunchGroup: &mesos.Offer_Operation_LaunchGroup{
		Executor: mesos.ExecutorInfo{Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: pod},
			FrameworkID: c.framework.ID, Resources: []mesos.Resource{
				reserved(model.Scalar("cpus", 0.1)), reserved(model.Scalar("mem", 32)), reserved(model.Scalar("disk", 32))}},
		TaskGroup: mesos.TaskGroupInfo{Tasks: tasks}}}
}

func task(agentID, id, command string, extra ...mesos.Resource) mesos.TaskInfo {
	return mesos.TaskInfo{Name: id, TaskID: mesos.TaskID{Value: id}, AgentID: mesos.AgentID{Value: agentID},
		Command:   &mesos.CommandInfo{Value: &command},
		Resources: append([]mesos.Resource{reserved(model.Scalar("cpus", 0.5)), reserved(model.Scalar("mem", 128))}, extra...)}
}

// reserveAll reserves what one task of task() and its executor need.
func reserveAll(extra ...mesos.Resource) mesos.Offer_Operation {
	return mesos.Offer_Operation{Type: mesos.Offer_Operation_RESERVE, Reserve: &mesos.Offer_Operation_Reserve{
		Resources: append([]mesos.Resource{reserved(model.Scalar("cpus", 0.6)), reserved(model.Scalar("mem", 160)),
			reserved(model.Scalar("disk", 32))}, extra...)}}
}

func accept(offer mesos.Offer, operations ...mesos.Offer_Operation) *scheduler.Call {
	return &scheduler.Call{Type: scheduler.Call_ACCEPT, Accept: &scheduler.Call_Accept{
		OfferIDs: []mesos.OfferID{offer.ID}, Operations: operations}}
}

// The whole way over HTTP: subscribe, offer, RESERVE + CREATE + LAUNCH_GROUP in one ACCEPT, a real process on its volume, kill,
// and the volume and its data again in the next launch.
func TestATaskRunsOverHTTP(t *testing.T) {
	for _, media := range encodings {
		t.Run(string(media), func(t *testing.T) {
			cluster := startCluster(t, nil)
			c := newClient(t, cluster.URL(), media)
			c.subscribe()
			agent := cluster.AgentID(1)
			created := mesos.Offer_Operation{Type: mesos.Offer_Operation_CREATE,
				Create: &mesos.Offer_Operation_Create{Volumes: []mesos.Resource{volume("vol-1")}}}
			first := task(agent, "node__1", `echo "$LIBPROCESS_IP" > data/ip; exec sleep 60`, volume("vol-1"))
			c.call(accept(c.offer(agent), reserveAll(reserved(model.Scalar("disk", 256))), created, launchGroup(c, agent, "pod__1", first)))
			running := c.status("node__1", mesos.TASK_RUNNING)
			if got := running.GetContainerStatus().GetNetworkInfos()[0].IPAddresses[0].GetIPAddress(); got != "127.0.0.2" {
				t.Errorf("the task's address: got %q, want its agent's", got)
			}
			kept := filepath.Join(cluster.WorkDir, "agent-2/volumes/roles", role, "vol-1/ip")
			eventually(t, "the task's file on the volume", func() bool {
				data, err := os.ReadFile(kept)
				return err == nil && string(data) == "127.0.0.2\n"
			})
			c.call(calls.Kill("node__1", agent))
			killed := c.status("node__1", mesos.TASK_KILLED)
			if got := killed.GetMessage(); got != "Command terminated with signal Terminated" {
				t.Errorf("message: got %q", got)
			}
			second := task(agent, "node__2", "grep -q 127.0.0.2 data/ip", volume("vol-1"))
			var offer mesos.Offer
			eventually(t, "an offer with the volume", func() bool {
				offer = c.offer(agent)
				for _, resource := range offer.Resources {
					if resource.GetDisk().GetPersistence().GetID() == "vol-1" {
						return true
					}
				}
				c.call(calls.Decline(offer.ID).With(calls.RefuseSeconds(0)))
				return false
			})
			c.call(accept(offer, launchGroup(c, agent, "pod__2", second)))
			c.status("node__2", mesos.TASK_FINISHED)
		})
	}
}

// A disk of its own: offered with its source, used whole, its files in the folder that stands for the mount.
func TestAMountDiskOverHTTP(t *testing.T) {
	cluster := startCluster(t, func(c *Cluster) {
		c.Agents = Agents(1)
		c.Agents[0].MountDisks = map[string]float64{"disk-1": 500}
	})
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent := cluster.AgentID(0)
	offer := c.offer(agent)
	var disk mesos.Resource
	for _, resource := range offer.Resources {
		if resource.GetDisk().GetSource().GetType() == mesos.Resource_DiskInfo_Source_MOUNT {
			disk = resource
		}
	}
	root := filepath.Join(cluster.WorkDir, "agent-1/disk-1")
	if got := disk.GetDisk().GetSource().GetMount().GetRoot(); got != root || disk.GetScalar().GetValue() != 500 {
		t.Fatalf("the offered mount disk: root %q, want %q; %v MB, want 500", got, root, disk.GetScalar().GetValue())
	}
	plain := reserved(disk)
	mounted := plain
	by := principal
	mounted.Disk = &mesos.Resource_DiskInfo{Source: disk.Disk.Source,
		Persistence: &mesos.Resource_DiskInfo_Persistence{ID: "whole", Principal: &by},
		Volume:      &mesos.Volume{ContainerPath: "data", Mode: mesos.RW.Enum()}}
	created := mesos.Offer_Operation{Type: mesos.Offer_Operation_CREATE,
		Create: &mesos.Offer_Operation_Create{Volumes: []mesos.Resource{mounted}}}
	c.call(accept(offer, reserveAll(plain), created,
		launchGroup(c, agent, "pod", task(agent, "a", "echo kept > data/file", mounted))))
	c.status("a", mesos.TASK_FINISHED)
	if data, err := os.ReadFile(filepath.Join(root, "file")); err != nil || string(data) != "kept\n" {
		t.Errorf("the file on the disk: %q, error %v", data, err)
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within %s: %s", patience, what)
}

func get(t *testing.T, url string) (*http.Response, error) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
}

func TestStopLeavesNothing(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent := cluster.AgentID(0)
	c.call(accept(c.offer(agent), reserveAll(), launchGroup(c, agent, "pod", task(agent, "a", "echo $$ > pid; exec sleep 60"))))
	c.status("a", mesos.TASK_RUNNING)
	var pid int
	eventually(t, "the task's process id", func() bool {
		files, _ := filepath.Glob(filepath.Join(cluster.WorkDir, "agent-1/slaves/*/frameworks/*/executors/pod/runs/latest/tasks/a/pid"))
		if len(files) != 1 {
			return false
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			return false
		}
		_, err = fmt.Sscan(string(data), &pid)
		return err == nil
	})
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
		t.Errorf("process %d of the task is alive after Stop", pid)
	}
	if _, err := get(t, cluster.URL()+"/health"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the master's port after Stop: got %v, want a refused connection", err)
	}
	if err := c.awaitEnd(); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Logf("the stream ended with %v", err)
	}
}
