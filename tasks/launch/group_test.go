package launch

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestGroupGolden(t *testing.T) {
	onNetwork := func(l *Launch) {
		l.Target.Pods[0].Network = "dcos"
		l.Record.Held = l.Record.Held[:5]
	}
	metrics := func(l *Launch) {
		l.Record = testRecord(0, "server")
		l.Record.Pod, l.Record.Task = tasks.Pod{Type: tasks.MetricsPod}, "metrics-0-server"
		l.Record.TaskID = "team.crdb__metrics-0-server__1"
		l.Record.ExecutorID = "team.crdb__metrics__2"
		l.Record.Held, l.Record.Ports, l.Record.Join = l.Record.Held[:5], nil, nil
	}
	job := func(l *Launch) {
		l.Target.Pods = append(l.Target.Pods, tasks.PodSpec{Type: tasks.AdminPod, Count: 1, Tasks: []tasks.TaskSpec{{Name: "backup",
			Goal: tasks.GoalOnce, Instances: tasks.EveryInstance, Command: "exec ./cockroachdb-node job", KillGrace: time.Minute}}})
		metrics(l)
		l.Record.Spec, l.Record.Pod, l.Record.Task = "backup", tasks.AdminInstance, tasks.JobBackup.Task()
		l.Record.Join = []string{"10.0.0.7:26257"}
		l.Record.Job = &tasks.JobTicket{ID: "job-1", Token: "token-1", Report: "never in a message"}
	}
	secure := func(l *Launch) { l.Target.Service.Secure = true }
	tests := []struct {
		name   string
		change func(*Launch)
	}{
		{"node-init", func(l *Launch) { l.Record.Init = true }},
		{"node-join", func(l *Launch) {
			l.Record = testRecord(2, "node-join")
			l.Record.ClusterID = "7d1c8a52-9999-4000-8000-000000000009"
			l.Record.DeadNodes = []int{3, 5}
		}},
		// A paused task is told of no dead nodes: it has no database to tell.
		{"paused", func(l *Launch) { l.Record.Paused, l.Record.Idling, l.Record.DeadNodes = true, true, []int{1} }},
		{"virtual-network", onNetwork},
		{"legacy", func(l *Launch) { l.Refined = false }},
		{"address", func(l *Launch) {
			l.Target.Service.Discovery = tasks.DiscoverAddress
			l.Target.Service.API = "[fd00::1]:8085"
			l.Record.Agent = tasks.Agent{ID: "agent-8", Hostname: "host8", IP: "fd00::8"}
			l.Record.Join = nil
		}},
		{"metrics", metrics},
		// Of all that a record knows of certificates, the one-time token alone is in the message.
		{"secure-node", func(l *Launch) {
			secure(l)
			l.Record.Enrolment = &tasks.Enrolment{Token: "0123456789abcdef0123456789abcdef", Key: strings.Repeat("ab", 32)}
			l.Record.Certificate = &tasks.Certificate{Serial: "5e71a1", Issuer: "0011223344556677", Key: strings.Repeat("cd", 32)}
		}},
		{"scheduler-tls", func(l *Launch) {
			l.Target.Service.APITLS, l.Target.Service.APICA = true, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
		}},
		{"secure-paused", func(l *Launch) { secure(l); l.Record.Paused, l.Record.Idling = true, true }},
		{"secure-metrics", func(l *Launch) { metrics(l); secure(l) }},
		{"secure-job", func(l *Launch) { job(l); secure(l) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := Launch{FrameworkID: testFramework, Target: testTarget(), Record: testRecord(0, "node-init"), Refined: true}
			test.change(&l)
			executor, group, err := Group(l)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, test.name, &mesos.Offer_Operation_LaunchGroup{Executor: executor, TaskGroup: mesos.TaskGroupInfo{Tasks: group}})
			again, groupAgain, _ := Group(l)
			if !reflect.DeepEqual(executor, again) || !reflect.DeepEqual(group, groupAgain) {
				t.Error("the same record gave two different messages")
			}
		})
	}
}

func TestGroupUnknownSpec(t *testing.T) {
	for _, record := range []tasks.Record{
		testRecord(0, "node-join"), // node 0 runs node-init
		testRecord(1, "node-init"),
		testRecord(1, "nothing"),
		{Pod: tasks.Pod{Type: "other"}, Spec: "node-init"},
	} {
		_, _, err := Group(Launch{Target: testTarget(), Record: record})
		var unknown *UnknownSpecError
		if !errors.As(err, &unknown) || unknown.Pod != record.Pod || unknown.Spec != record.Spec {
			t.Errorf("%s %s: got %v, want an UnknownSpecError", record.Pod, record.Spec, err)
		}
		if _, err := Info(Launch{Target: testTarget(), Record: record}); !errors.As(err, &unknown) {
			t.Errorf("%s %s: Info gave %v", record.Pod, record.Spec, err)
		}
	}
}

func TestInfoHoldsExecutor(t *testing.T) {
	l := Launch{FrameworkID: testFramework, Target: testTarget(), Record: testRecord(1, "node-join"), Refined: true}
	info, err := Info(l)
	if err != nil {
		t.Fatal(err)
	}
	executor, group, _ := Group(l)
	if info.Executor == nil || !info.Executor.Equal(executor) {
		t.Errorf("executor: got %v", info.Executor)
	}
	info.Executor = nil
	if !info.Equal(group[0]) {
		t.Error("without its executor the info is not the task of the group")
	}
}

func TestExecutorOutlivesKillGrace(t *testing.T) {
	executor, group, err := Group(Launch{Target: testTarget(), Record: testRecord(0, "node-init")})
	if err != nil {
		t.Fatal(err)
	}
	grace := time.Duration(group[0].KillPolicy.GracePeriod.Nanoseconds)
	shutdown := time.Duration(executor.ShutdownGracePeriod.Nanoseconds)
	if grace != 90*time.Second || shutdown <= grace {
		t.Errorf("kill grace %s, shutdown grace %s: want 90s and more", grace, shutdown)
	}
}

func TestVIPLabelsDiffer(t *testing.T) {
	vips := map[string]bool{}
	for index, spec := range map[int]string{0: "node-init", 1: "node-join"} {
		_, group, err := Group(Launch{Target: testTarget(), Record: testRecord(index, spec)})
		if err != nil {
			t.Fatal(err)
		}
		for _, port := range group[0].Discovery.Ports.Ports {
			vips[port.Labels.Labels[0].Key] = true
		}
	}
	if len(vips) != 4 {
		t.Errorf("two nodes of two ports have the VIP labels %v, want four", vips)
	}
}

func TestPortVariable(t *testing.T) {
	for port, want := range map[string]string{"pg": "PORT_PG", "db-console": "PORT_DB_CONSOLE", "Http2": "PORT_HTTP2", "ä.b": "PORT___B"} {
		if got := PortVariable(port); got != want {
			t.Errorf("PortVariable(%q) = %q, want %q", port, got, want)
		}
	}
}
