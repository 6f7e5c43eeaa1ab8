package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover/takeovertest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	message "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
	lib "github.com/mesos/mesos-go/api/v1/lib"
)

// javaHelper stands in for the commands of the Java-based service: a node is a bare database that nothing supervises, that marks no
// volume and reports to nobody, and its checks ask it over HTTP.
const javaHelper = `#!/bin/sh
case "$1" in
start)
  tar xzf "$CRDB_ARCHIVE"
  db=$(echo "$PWD"/cockroach-v*/cockroach)
  if [ "$CRDB_INIT" = true ]; then
    (until "$db" init --insecure --host="$CRDB_AGENT_IP:$CRDB_PG_PORT" >init.log 2>&1; do sleep 0.2; done) &
  fi
  exec "$db" start --insecure --store=cockroach-data --listen-addr="$CRDB_AGENT_IP:$CRDB_PG_PORT" --http-addr="$CRDB_AGENT_IP:$CRDB_HTTP_PORT" \
    --advertise-addr="$CRDB_ADVERTISE" --join="$CRDB_JOIN" ;;
ready | live) exec curl -sf "http://$CRDB_AGENT_IP:$CRDB_HTTP_PORT/_admin/v1/cluster" >/dev/null ;;
*) exec sleep 100000 ;;
esac
`

// asJava writes what a Java-based scheduler would have stored of this service, from what the scheduler that deployed it stored.
func asJava(t *testing.T, m *mesos, s *service, conn *zkconn.Conn) {
	t.Helper()
	values, err := store.Read(t.Context(), "file://"+s.state, "dcos-service-cockroachdb")
	if err != nil {
		t.Fatal(err)
	}
	facts, err := core.Decode(values)
	if err != nil {
		t.Fatal(err)
	}
	target := facts.Target()
	spec, err := json.Marshal(map[string]any{"name": target.Service.Name, "role": target.Service.Role, "principal": target.Service.Principal,
		"pod-specs": []map[string]any{{"type": "cockroachdb", "count": 3, "user": target.Service.User}}})
	if err != nil {
		t.Fatal(err)
	}
	id, err := (&lib.FrameworkID{Value: facts.FrameworkID}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[string][]byte{"SchemaVersion": []byte("1"), "servicename": []byte(target.Service.Name), "FrameworkID": id,
		"ConfigTarget": []byte(target.ID), "Configurations/" + target.ID: spec, "Properties/last-completed-update-type": []byte("DEPLOY")}
	statuses := map[string]lib.TaskStatus{}
	for _, task := range m.framework(t).Tasks {
		statuses[task.Info.Name] = task.Statuses[len(task.Statuses)-1]
	}
	for name, record := range facts.Records {
		info, err := message.Info(message.Launch{FrameworkID: facts.FrameworkID, Target: target, Record: *record, Refined: true})
		if err != nil {
			t.Fatal(err)
		}
		if nodes["Tasks/"+name+"/TaskInfo"], err = info.Marshal(); err != nil {
			t.Fatal(err)
		}
		status := statuses[name]
		if nodes["Tasks/"+name+"/TaskStatus"], err = status.Marshal(); err != nil {
			t.Fatal(err)
		}
	}
	put(t, conn, nodes)
}

// TestAJavaBasedServiceIsTakenOver: its nodes go on as they are under a scheduler that knows them only from what the other one
// stored; one that dies comes back on its volume with the helper of this project, and a change goes from node to node.
func TestAJavaBasedServiceIsTakenOver(t *testing.T) {
	t.Parallel()
	keeper := zktest.Start(t, zktest.WithTick(500*time.Millisecond))
	conn, err := zkconn.Dial(context.Background(), zkconn.Settings{Servers: []string{keeper.Address()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	script := filepath.Join(t.TempDir(), "java-helper")
	if err := os.WriteFile(script, []byte(javaHelper), 0o755); err != nil {
		t.Fatal(err)
	}
	m := machines(t, 3, impatient)
	s := install(t, m, hasty(t), "COCKROACHDB_NODE_URI=file://"+script)
	before := deployed(t, m, s)
	framework := s.frameworkID(t)
	write(t, nodes(t, s)[0], "kept", "before the takeover")
	if len(before.clusters) != 0 || before.inits != 0 {
		t.Fatalf("the tasks are not as those of the former service: %+v", before)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	asJava(t, m, s, conn)

	s.set("STATE_STORE="+keeper.URL(""), "COCKROACHDB_NODE_URI=")
	s.start(t)
	s.hears(t, "took over from the former scheduler", "msg=reconciled", "cluster known")
	s.reaches(t, "deploy", wire.StatusComplete)
	always(t, 2*time.Second, "nothing restarts", func() error {
		if now := look(t, m); !same(now.tasks, before.tasks) || !same(now.processes, before.processes) || !slices.Equal(now.volumes, before.volumes) {
			return fmt.Errorf("%+v, and before %+v", now, before)
		}
		return nil
	})
	if id := s.frameworkID(t); id != framework {
		t.Errorf("framework %s, and before %s", id, framework)
	}

	// A scheduler that follows goes on from our state, and a node that dies comes back where it was.
	s.kill()
	s.start(t)
	s.hears(t, "msg=reconciled")
	kill9(t, before.processes[m.ips[1]])
	eventually(t, s.process, "the node comes back", func() error {
		if now := look(t, m); len(now.processes) != 3 || now.processes[m.ips[1]] == before.processes[m.ips[1]] || len(now.clusters) != 1 {
			return fmt.Errorf("%+v", now)
		}
		return nil
	})
	s.reaches(t, "recovery", wire.StatusComplete)
	now := look(t, m)
	if !slices.Equal(now.volumes, before.volumes) || now.processes[m.ips[0]] != before.processes[m.ips[0]] {
		t.Errorf("%+v, and before %+v", now, before)
	}
	read(t, m.ips[1], "kept", "before the takeover")

	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	s.set("NODE_MEM=2500")
	s.start(t)
	eventually(t, s.process, "every node is launched anew", func() error {
		alive := m.alive(t)
		for name, id := range before.tasks {
			if name != metrics && (alive[name] == "" || alive[name] == id) {
				return fmt.Errorf("%s is %q", name, alive[name])
			}
		}
		return nil
	})
	s.reaches(t, "deploy", wire.StatusComplete)
	now = look(t, m)
	if !slices.Equal(now.volumes, before.volumes) || len(now.clusters) != 1 || now.inits != 0 {
		t.Errorf("%+v, and before %+v", now, before)
	}
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the takeover")
	}
	for _, task := range m.framework(t).Tasks {
		if pod := (tasks.Pod{Type: tasks.MetricsPod}); task.Info.Name == pod.Task("server") && task.Info.TaskID.Value != before.tasks[metrics] {
			t.Errorf("%s was launched anew for a change of the nodes", task.Info.Name)
		}
	}
}

// TestAJavaBasedServiceThatCannotBeTakenOver: the scheduler ends with every fault and exit code 2; nothing is written, not even a place
// in the queue for the lock, and no master hears of it.
func TestAJavaBasedServiceThatCannotBeTakenOver(t *testing.T) {
	t.Parallel()
	keeper := zktest.Start(t, zktest.WithTick(500*time.Millisecond))
	conn, err := zkconn.Dial(context.Background(), zkconn.Settings{Servers: []string{keeper.Address()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	former := takeovertest.New(takeovertest.SDK20, 3)
	former.Task("cockroachdb-1-node-join").Override = "PAUSED"
	put(t, conn, former.Tree())
	before := under(t, conn, "/dcos-service-cockroachdb")
	master := hangUp(t)
	s := describe(t, "http://"+master.Addr().String(), "STATE_STORE="+keeper.URL(""), "FRAMEWORK_USER=root", "NODE_COUNT=2", "DISCOVERY=autoip")
	s.start(t)
	if code := s.code(t); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	if err := s.said.lacks("Nothing can be taken over yet, and nothing was written", "cockroachdb-1-node-join (PAUSED)", "set NODE_COUNT to 3 or more",
		`COCKROACH_VERSION ("v24.1.6", was "v2.0.1")`); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	if now := under(t, conn, "/dcos-service-cockroachdb"); !slices.Equal(now, before) {
		t.Errorf("ZooKeeper holds %v, and before %v", now, before)
	}
	if rings := master.rings.Load(); rings != 0 {
		t.Errorf("the master was called %d times", rings)
	}
}

// put writes nodes under the service's root.
func put(t *testing.T, conn *zkconn.Conn, nodes map[string][]byte) {
	t.Helper()
	for path, value := range nodes {
		at := "/dcos-service-cockroachdb/" + path
		if err := conn.MakePath(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if err := conn.Multi(t.Context(), zkconn.Set(at, value, zkconn.AnyVersion)); err != nil {
			t.Fatal(err)
		}
	}
}

// under lists all nodes below one, with the versions of their content.
func under(t *testing.T, conn *zkconn.Conn, at string) (list []string) {
	t.Helper()
	_, stat, err := conn.Get(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, fmt.Sprint(at, " ", stat.Version))
	names, err := conn.Children(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	for _, name := range names {
		list = append(list, under(t, conn, at+"/"+name)...)
	}
	return list
}
