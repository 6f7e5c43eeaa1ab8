package node

import (
	"errors"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func goodEnvironment() map[string]string {
	return map[string]string{
		"CRDB_VERSION": "v24.1.6", "CRDB_ARCHIVE": "cockroach-v24.1.6.linux-amd64.tgz", "CRDB_PG_PORT": "26257", "CRDB_HTTP_PORT": "8123",
		"CRDB_ADVERTISE": "node-0:26257", "CRDB_JOIN": "node-0:26257, node-1:26257", "CRDB_MEM_MB": "3000", "CRDB_SERVICE": "cockroachdb",
		"CRDB_SCHEDULER": "http://scheduler:8080/", "CRDB_TASK_ID": "t1", "CRDB_TASK_NAME": "cockroachdb-0-node-init",
	}
}

func parse(env map[string]string) (Settings, error) {
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	return ParseSettings(environ)
}

func TestSettingsAndTheirDefaults(t *testing.T) {
	node0, node1 := cockroach.Address{Host: "node-0", Port: 26257}, cockroach.Address{Host: "node-1", Port: 26257}
	want := Settings{
		Version: cockroach.DefaultVersion, Archive: "cockroach-v24.1.6.linux-amd64.tgz", Store: "cockroach-data",
		Listen: cockroach.Address{Port: 26257}, HTTP: cockroach.Address{Port: 8123}, Advertise: node0, Join: []cockroach.Address{node0, node1},
		CacheBytes: 786432000, SQLBytes: 786432000, MemMB: 3000, Service: "cockroachdb", Scheduler: SchedulerAccess{URL: "http://scheduler:8080"},
		TaskID: "t1", TaskName: "cockroachdb-0-node-init", KillGrace: 5 * time.Minute,
	}
	got, err := parse(goodEnvironment())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}

	env := goodEnvironment()
	for name, value := range map[string]string{
		"CRDB_SHA256": strings.Repeat("AB", 32), "CRDB_DIR": "cockroach-v24.1.6.linux-amd64/", "CRDB_STORE": "data", "CRDB_VOLUME_ID": "v", "CRDB_STORE_SIZE_MB": "5000",
		"CRDB_LISTEN": "agent", "CRDB_AGENT_IP": "10.0.0.1", "CRDB_JOIN_HTTP": "10.0.0.2:8124", "CRDB_CACHE": ".3", "CRDB_MAX_SQL_MEMORY": "64MiB", "CRDB_LOCALITY": "region=a,zone=b",
		"CRDB_INIT": "true", "CRDB_CLUSTER_ID": "845C6F31-0282-4A37-80F1-CB53A186A213", "CRDB_KILL_GRACE": "1.5", "CRDB_WAIT_DNS": "true",
		"CRDB_DEAD_NODES": "4, 1,4",
	} {
		env[name] = value
	}
	want.SHA256, want.Dir, want.Store, want.VolumeID, want.StoreSizeMB = strings.Repeat("ab", 32), "cockroach-v24.1.6.linux-amd64", "data", "v", 5000
	want.Listen.Host, want.HTTP.Host, want.AgentIP = "10.0.0.1", "10.0.0.1", "10.0.0.1"
	want.JoinHTTP = []cockroach.Address{{Host: "10.0.0.2", Port: 8124}}
	want.CacheBytes, want.SQLBytes, want.Locality = 943718400, 64<<20, "region=a,zone=b"
	want.DeadNodes = []int{4, 1}
	want.Init, want.ClusterID, want.KillGrace, want.WaitDNS = true, "845c6f31-0282-4a37-80f1-cb53a186a213", 1500*time.Millisecond, true
	got, err = parse(env)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	if spec := got.StartSpec(); spec.CertsDir != "" {
		t.Errorf("certificates in %q without CRDB_TLS", spec.CertsDir)
	}
	env["CRDB_TLS"], env["CRDB_TLS_TOKEN"], env["CRDB_TLS_NAME"], env["CRDB_SCHEDULER_CA"] = "true", "token", "node-0.example", newAuthority(t).pem
	secure, err := parse(env)
	if want := (TLSSettings{On: true, Token: "token", Name: "node-0.example"}); err != nil || secure.TLS != want ||
		secure.Scheduler.CA != env["CRDB_SCHEDULER_CA"] {
		t.Errorf("got %+v, %v", secure, err)
	}
	if got.StartSpec().StoreBytes != 4980736000 {
		t.Errorf("store limit %d", got.StartSpec().StoreBytes)
	}
	if w := got.Warnings(); len(w) != 1 || !strings.Contains(w[0], "does not initialise") {
		t.Errorf("warnings %q", w)
	}
}

func TestSmallVolumeIsStartedWithoutALimit(t *testing.T) {
	env := goodEnvironment()
	env["CRDB_STORE_SIZE_MB"] = "500"
	s, err := parse(env)
	if err != nil || s.StartSpec().StoreBytes != 0 {
		t.Errorf("%d, %v", s.StartSpec().StoreBytes, err)
	}
	if w := s.Warnings(); len(w) != 1 || !strings.Contains(w[0], "500 MB is below the 640 MB") {
		t.Errorf("warnings %q", w)
	}
}

// TestAllMistakesAtOnce has one golden file for an environment in which everything is wrong, and one for an empty one.
func TestAllMistakesAtOnce(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"empty": {},
		"wrong": {
			"CRDB_VERSION": "v1.1.9", "CRDB_ARCHIVE": "../x.tgz", "CRDB_SHA256": "abc", "CRDB_DIR": "/opt", "CRDB_STORE": "a,b", "CRDB_STORE_SIZE_MB": "big",
			"CRDB_LISTEN": "some", "CRDB_AGENT_IP": "agent 1", "CRDB_PG_PORT": "0", "CRDB_HTTP_PORT": "70000", "CRDB_ADVERTISE": "node-0", "CRDB_JOIN": "node-0:26257,node-1",
			"CRDB_JOIN_HTTP": "x", "CRDB_CACHE": "125%", "CRDB_MAX_SQL_MEMORY": "lots", "CRDB_MEM_MB": "-5", "CRDB_LOCALITY": "region=a,b", "CRDB_INIT": "perhaps",
			"CRDB_CLUSTER_ID": "1", "CRDB_SERVICE": " ", "CRDB_SCHEDULER": "scheduler:8080", "CRDB_KILL_GRACE": "soon", "CRDB_WAIT_DNS": "2", "CRDB_TASK_ID": "", "CRDB_TASK_NAME": "",
			"CRDB_DEAD_NODES": "3,0,n4,,4294967297", "CRDB_TLS": "of course", "CRDB_SCHEDULER_CA": "-----BEGIN PRIVATE KEY-----",
		},
		"same-ports": {
			"CRDB_VERSION": "v24.1.6", "CRDB_ARCHIVE": "a.tgz", "CRDB_PG_PORT": "26257", "CRDB_HTTP_PORT": "26257", "CRDB_ADVERTISE": "a:1", "CRDB_JOIN": "a:1", "CRDB_LISTEN": "agent",
			"CRDB_MEM_MB": "3000", "CRDB_SERVICE": "s", "CRDB_SCHEDULER": "http://a", "CRDB_TASK_ID": "t", "CRDB_TASK_NAME": "n",
		},
		"secure": {
			"CRDB_VERSION": "v24.1.6", "CRDB_ARCHIVE": "a.tgz", "CRDB_PG_PORT": "1", "CRDB_HTTP_PORT": "2", "CRDB_ADVERTISE": "a:1", "CRDB_JOIN": "a:1",
			"CRDB_MEM_MB": "3000", "CRDB_SERVICE": "s", "CRDB_SCHEDULER": "https://a", "CRDB_TASK_ID": "t", "CRDB_TASK_NAME": "n", "CRDB_TLS": "true", "CRDB_TLS_NAME": "not a name",
		},
	} {
		_, err := parse(env)
		var bad *BadEnvironment
		if !errors.As(err, &bad) || ExitCode(err) != 2 {
			t.Fatalf("%s: %v", name, err)
		}
		path := "testdata/" + name + ".txt"
		if *update {
			if err := os.WriteFile(path, []byte(err.Error()+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, readErr := os.ReadFile(path)
		if readErr != nil || string(want) != err.Error()+"\n" {
			t.Errorf("%s (run with -update if that is meant), %v: got\n%s\nwant\n%s", path, readErr, err, want)
		}
	}
}
