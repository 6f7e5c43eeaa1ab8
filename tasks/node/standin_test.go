package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/archive"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

var standIns = struct {
	sync.Mutex
	dir string
}{}

// standIn is the project's stand-in database as one version, built at its first use.
func standIn(t *testing.T, tag string) string {
	t.Helper()
	standIns.Lock()
	defer standIns.Unlock()
	path := filepath.Join(standIns.dir, tag)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := archive.Build(t.Context(), version.MustParse(tag), path); err != nil {
		t.Fatal(err)
	}
	return path
}

// standInTask is node i of a service of several on one machine, told apart by address as the sandbox's agents are.
func standInTask(t *testing.T, version, binary string, i int, pg, web string) *task {
	k := newTask(t, fakeConfig{Version: version})
	archive := filepath.Join(k.sandbox, "cockroach.tar")
	body, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	folder := "cockroach-" + version + ".linux-amd64/"
	if err := os.WriteFile(archive, tarOf(t, []entry{{name: folder}, {name: folder + "cockroach", body: string(body)}}), 0o644); err != nil {
		t.Fatal(err)
	}
	ip := fmt.Sprintf("127.0.0.%d", i+1)
	var join []string
	for n := range i + 1 {
		join = append(join, fmt.Sprintf("127.0.0.%d:%s", n+1, pg))
	}
	for name, value := range map[string]string{
		"CRDB_ARCHIVE": "cockroach.tar", "CRDB_AGENT_IP": ip, "CRDB_PG_PORT": pg, "CRDB_HTTP_PORT": web, "CRDB_ADVERTISE": ip + ":" + pg,
		"CRDB_JOIN": strings.Join(join, ","), "CRDB_STORE_SIZE_MB": "5000", "CRDB_LOCALITY": "region=a,zone=b",
		"CRDB_TASK_NAME": fmt.Sprintf("cockroachdb-%d-node-join", i), "CRDB_TASK_ID": fmt.Sprintf("cockroachdb__cockroachdb-%d-node-join__1", i),
	} {
		k.env[name] = value
	}
	return k
}

// TestThreeNodesOfTheStandIn runs a service's life: init, join, restart with data, and node 0 replaced with an empty volume,
// whose start may initialise as far as its scheduler knows, and must not.
func TestThreeNodesOfTheStandIn(t *testing.T) {
	for _, version := range []string{"v2.0.7", "v20.1.5", "v24.1.6"} {
		t.Run(version, func(t *testing.T) {
			binary := standIn(t, version)
			pg, web := freePort(t), freePort(t)
			ids := map[string]bool{}
			var nodes []*task
			for i := range 3 {
				k := standInTask(t, version, binary, i, pg, web)
				if i == 0 {
					k.env["CRDB_INIT"] = "true"
				}
				k.start()
				k.until("ready", func() bool { return k.ready() == nil })
				k.until("reported", func() bool { return len(k.scheduler.seen()) > 0 })
				ids[k.scheduler.seen()[0].ClusterID] = true
				nodes = append(nodes, k)
			}
			if len(ids) != 1 {
				t.Fatalf("the nodes are in the clusters %v", ids)
			}
			nodes[0].until("initialised", func() bool { return nodes[0].said("the cluster is initialised") })

			restarted := nodes[1]
			restarted.signals <- syscall.SIGTERM
			restarted.ended(0)
			restarted.start()
			restarted.until("ready again", func() bool { return restarted.ready() == nil })
			restarted.until("reported again", func() bool { return len(restarted.scheduler.seen()) > 1 })
			ids[restarted.scheduler.seen()[1].ClusterID] = true

			nodes[0].signals <- syscall.SIGTERM
			nodes[0].ended(0)
			replaced := standInTask(t, version, binary, 0, pg, web)
			replaced.env["CRDB_INIT"] = "true"
			replaced.env["CRDB_JOIN"] = nodes[2].env["CRDB_JOIN"]
			replaced.start()
			replaced.until("reported", func() bool { return len(replaced.scheduler.seen()) > 0 })
			ids[replaced.scheduler.seen()[0].ClusterID] = true
			if replaced.said("the cluster is initialised") || len(ids) != 1 {
				t.Errorf("a second cluster: %v\n%s", ids, replaced.out)
			}
		})
	}
}
