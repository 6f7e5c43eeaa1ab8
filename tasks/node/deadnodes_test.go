package node

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// number is the node's number in its cluster.
func (k *task) number() int {
	k.t.Helper()
	id, err := plainWeb().askNodeID(k.t.Context(), k.env["CRDB_AGENT_IP"]+":"+k.env["CRDB_HTTP_PORT"])
	if err != nil {
		k.t.Fatal(err)
	}
	return id
}

// word is what this node's database says of a node.
func (k *task) word(id int) cockroach.NodeWord {
	k.t.Helper()
	v := must(k.t, k.env["CRDB_VERSION"])
	at, err := cockroach.ParseAddress(k.env["CRDB_ADVERTISE"])
	if err != nil {
		k.t.Fatal(err)
	}
	binary := filepath.Join(k.sandbox, unpackedFolder, cockroach.FolderName(v), cockroach.BinaryName)
	result, err := client{binary, k.sandbox, k.environ(), clientLimit}.run(k.t.Context(), cockroach.NodeStatusCommand(v, cockroach.Access{At: at}, id))
	if err != nil {
		k.t.Fatal(err)
	}
	word, known, err := cockroach.ReadNodeStatus(id, result.code, result.stdout, result.stderr)
	if err != nil || !known {
		k.t.Fatalf("node status %d: %+v", id, result)
	}
	return word
}

// killed ends the database as a lost agent does: without a word to the others.
func (k *task) killed() {
	k.t.Helper()
	state, err := ReadState(k.sandbox)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := syscall.Kill(-state.PID, syscall.SIGKILL); err != nil {
		k.t.Fatal(err)
	}
	k.ended(137)
}

// taken are the dead nodes that the scheduler was told of.
func (k *task) taken() (ids []int) {
	for _, report := range k.scheduler.seen() {
		ids = append(ids, report.DeadNodes...)
	}
	return ids
}

// TestReplacedNodesOfTheStandIn: a node is killed and replaced with an empty volume, and that twice in a row. Each time the
// dead one is taken out once the database holds it for dead, and the copies are made anew at once: the database by itself
// would wait five minutes, and after the second replacement, from v2.1 on, for ever. A live node is left alone.
func TestReplacedNodesOfTheStandIn(t *testing.T) {
	for _, version := range []string{"v2.0.7", "v20.1.5", "v24.1.6"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			binary := standIn(t, version)
			pg, web := freePort(t), freePort(t)
			var nodes []*task
			for i := range 3 {
				k := standInTask(t, version, binary, i, pg, web)
				k.env["CRDB_INIT"] = fmt.Sprint(i == 0)
				k.start()
				k.until("reported", func() bool { return len(k.scheduler.seen()) > 0 })
				k.until("ready", func() bool { return k.ready() == nil })
				nodes = append(nodes, k)
			}
			copied := func() bool {
				return !slices.ContainsFunc(nodes, func(k *task) bool { return nodes[0].word(k.number()).Replicas != 32 })
			}
			nodes[0].until("all nodes have copies", copied)
			live := nodes[1].number()
			for range 2 {
				old := nodes[2]
				dead := old.number()
				old.killed()
				began := time.Now()
				anew := standInTask(t, version, binary, 2, pg, web)
				anew.env["CRDB_CLUSTER_ID"] = nodes[0].scheduler.seen()[0].ClusterID
				anew.env["CRDB_DEAD_NODES"] = fmt.Sprintf("%d,%d", dead, live)
				anew.start()
				nodes[2] = anew
				anew.until("the live node is left alone", func() bool {
					return strings.Contains(anew.out.String(), fmt.Sprintf("node %d is not decommissioned: the database holds it for alive", live))
				})
				anew.until("copies are made anew", copied)
				// The last report of v24.1 comes when a look after half a minute finds the node without copies.
				if version != "v24.1.6" {
					anew.until("reported", func() bool { return slices.Equal(anew.taken(), []int{dead}) })
				}
				t.Logf("node %d replaced within %s", dead, time.Since(began))
				if word := nodes[0].word(dead); !word.Leaving || word.Alive {
					t.Errorf("the dead node %d is %+v", dead, word)
				}
				if word := nodes[0].word(live); word.Leaving || !word.Alive {
					t.Errorf("the live node %d is %+v", live, word)
				}
			}
		})
	}
}
