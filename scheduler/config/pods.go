package config

import (
	"maps"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// helper is the helper's name, as artifact and in the sandbox.
const helper = "cockroachdb-node"

// volumePath is where a node's volume shows in its sandbox, the name that the older service used.
const volumePath = "cockroach-data"

// inSandbox runs a sub-command of the helper. A check may start in another folder than the task's sandbox; Mesos names
// the sandbox in MESOS_SANDBOX.
func inSandbox(command string) string {
	return `cd "${MESOS_SANDBOX:-.}" && exec ./` + helper + " " + command
}

func (s Settings) nodePod() tasks.PodSpec {
	pod := tasks.PodSpec{Type: tasks.NodePod, Count: int(s.Nodes.Count), Placement: s.Nodes.constraint(),
		Network: s.Discovery.network(), Overhead: s.overhead(), URIs: []tasks.URI{s.helperURI(), s.archiveURI()},
		Strategy: s.Operation.strategy()}
	first, other := s.nodeTask("node-init"), s.nodeTask("node-join")
	first.Instances, other.Instances = tasks.FirstInstance, tasks.OtherInstance
	pod.Tasks = []tasks.TaskSpec{first, other}
	return pod
}

// archiveURI fetches the archive as it is: the helper checks its sum before it unpacks it. Agents cache it, so that a
// restart needs no download.
func (s Settings) archiveURI() tasks.URI {
	uri, archive := s.Database.uri(s.Version())
	return tasks.URI{Value: uri, OutputFile: archive, Cache: true}
}

func (s Settings) nodeTask(name string) tasks.TaskSpec {
	return tasks.TaskSpec{
		Name: name, Goal: tasks.GoalRunning, Database: true, Command: inSandbox("start"), Env: s.nodeEnv(),
		Need: tasks.Need{CPUs: tasks.Milli(s.Nodes.CPUs), Mem: tasks.Whole(int64(s.Nodes.Mem)),
			Disk:   tasks.Whole(int64(s.Nodes.Sandbox)),
			Volume: &tasks.VolumeNeed{Path: volumePath, Type: s.Nodes.DiskType, Size: tasks.Whole(int64(s.Nodes.Disk))}},
		Ports: []tasks.PortSpec{
			{Name: "pg", Port: uint64(s.Database.PG), Advertise: true, VIPName: "pg", VIPPort: uint64(s.Database.PGVIP)},
			{Name: "http", Port: uint64(s.Database.HTTP), Advertise: true, VIPName: "http", VIPPort: uint64(s.Database.HTTPVIP)},
		},
		Readiness: &tasks.Check{Command: inSandbox("ready"), Interval: time.Duration(s.Tasks.ReadyInterval),
			Timeout: time.Duration(s.Tasks.ReadyTimeout)},
		Health: &tasks.Check{Command: inSandbox("live"), Interval: liveInterval, Timeout: time.Duration(s.Tasks.ReadyTimeout),
			Grace: liveGrace, Failures: liveFailures},
		KillGrace: s.killGrace(),
	}
}

// A node that hangs is noticed after about a minute (the older service took six), and a slow start is not killed: the
// live check passes while the helper still fetches, unpacks or waits.
const (
	liveInterval = 20 * time.Second
	liveGrace    = 2 * time.Minute
	liveFailures = 3
)

// killGrace is NODE_KILL_GRACE, else what the version needs.
func (s Settings) killGrace() time.Duration {
	if s.Nodes.Grace == 0 {
		return cockroach.KillGrace(s.Version())
	}
	return time.Duration(s.Nodes.Grace)
}

// nodeEnv is the fixed part of the contract with the helper. Join list, addresses and the permission to initialise
// come with each launch.
func (s Settings) nodeEnv() map[string]string {
	env := s.programEnv()
	maps.Copy(env, map[string]string{
		cockroach.EnvStore:        volumePath,
		cockroach.EnvStoreSizeMB:  strconv.FormatInt(int64(s.Nodes.Disk), 10),
		cockroach.EnvListen:       s.Database.Listen,
		cockroach.EnvCache:        string(s.Database.Cache),
		cockroach.EnvMaxSQLMemory: string(s.Database.SQL),
		cockroach.EnvMemMB:        strconv.FormatInt(int64(s.Nodes.Mem), 10),
	})
	return env
}

// programEnv says where a task finds the database's program.
func (s Settings) programEnv() map[string]string {
	_, archive := s.Database.uri(s.Version())
	env := map[string]string{cockroach.EnvVersion: s.Version().String(), cockroach.EnvArchive: archive}
	if sum := s.Database.sum(); sum != "" {
		env[cockroach.EnvSHA256] = sum
	}
	if folder := s.Database.folder(); folder != "" {
		env[cockroach.EnvDir] = folder
	}
	return env
}

// metricsPod sends the nodes' metrics to the agent's StatsD.
func (s Settings) metricsPod() tasks.PodSpec {
	return tasks.PodSpec{Type: tasks.MetricsPod, Count: 1, Network: s.Discovery.network(), Overhead: s.overhead(),
		URIs: []tasks.URI{s.helperURI()},
		Tasks: []tasks.TaskSpec{{
			Name: "server", Goal: tasks.GoalRunning, Instances: tasks.EveryInstance, Command: inSandbox("metrics"),
			Need: tasks.Need{CPUs: tasks.Milli(s.Side.CPUs), Mem: tasks.Whole(int64(s.Side.Mem))},
		}},
	}
}

// jobGrace is the time that a job has to end what it began in the store: it aborts uploads and cancels what the database does.
const jobGrace = time.Minute

// adminPod carries out jobs: backups, restores, verifications. Nothing of it runs until a job is asked for. What a job is to do
// comes with the job, so that a change of the schedule changes no target.
func (s Settings) adminPod() tasks.PodSpec {
	pod := tasks.PodSpec{Type: tasks.AdminPod, Count: 1, Placement: s.Backup.constraint(), Network: s.Discovery.network(), Overhead: s.overhead(),
		URIs: []tasks.URI{s.helperURI(), s.archiveURI()}}
	for _, kind := range tasks.JobKinds {
		pod.Tasks = append(pod.Tasks, tasks.TaskSpec{
			Name: string(kind), Goal: tasks.GoalOnce, Instances: tasks.EveryInstance, Command: inSandbox("job"), Env: s.programEnv(),
			Need:      tasks.Need{CPUs: tasks.Milli(s.Backup.CPUs), Mem: tasks.Whole(int64(s.Backup.Mem)), Disk: tasks.Whole(int64(s.Backup.Disk))},
			KillGrace: jobGrace,
		})
	}
	return pod
}
