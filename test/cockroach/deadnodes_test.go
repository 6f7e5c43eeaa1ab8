package cockroach_test

import (
	"encoding/csv"
	"strings"
	"syscall"
	"testing"
)

// wipe kills a node and starts another one in its place, as a replaced pod does. It gives the number of the dead one.
func (n *node) wipe() (dead string, anew *node) {
	n.t.Helper()
	dead = n.id()
	n.signal(syscall.SIGKILL)
	n.exit()
	anew = nodes(n.t, n.tag, 1)[0]
	anew.join, anew.env = n.join, n.env
	anew.startWith(anew.spelled()...).ready()
	return dead, anew
}

// status is what `node status --decommission` says of one node, by column.
func (n *node) status(id string) map[string]string {
	n.t.Helper()
	r := n.client("node", "status", id, "--decommission", "--format=csv")
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	if r.code != 0 || err != nil || len(rows) != 2 {
		n.t.Fatalf("node status %s: %+v, %v", id, r, err)
	}
	status := map[string]string{}
	for i, name := range rows[0] {
		status[name] = rows[1][i]
	}
	return status
}

// buries waits until n holds the node for dead.
func (n *node) buries(id string) {
	n.t.Helper()
	until(n.t, "node "+id+" is dead", func() bool {
		s := n.status(id)
		return s["is_live"] == "false" && s["is_available"] != "true" // 2.0 has no such column
	})
}

// TestDeadNodesCount: a node that was replaced stays in the list. Its copies are not made anew for five minutes, here for
// ever; decommissioning it has them made at once. Seen of a real v20.1.5.
func TestDeadNodesCount(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	until(t, "all is well", func() bool { return agree(all, 3, 0) })
	dead, anew := all[2].wipe()
	all[2] = anew
	n := all[0]
	n.buries(dead)
	until(t, "its copies are lacking", func() bool { return agree(all, 3, 32) })
	if !n.runsFor(2*liveness) || !agree(all, 3, 32) {
		t.Errorf("the copies of a dead node were made anew within a moment: %+v", words(all))
	}
	if r := n.cockroach("node", "ls"); r.out != "id\n1\n2\n3\n4\n" {
		t.Errorf("node ls: %+v", r)
	}
	if r := n.cockroach("node", "decommission", dead, "--wait=none", "--format=csv"); r.code != 0 || r.out != "id,is_live,replicas,is_decommissioning,is_draining\n"+dead+",false,32,true,false\n" {
		t.Errorf("decommission: %+v", r)
	}
	until(t, "all is well again", func() bool { return agree(all, 3, 0) })
	until(t, "its copies are counted where they are now", func() bool { return n.status(dead)["gossiped_replicas"] == "0" })
	if got := n.status(dead); got["is_decommissioning"] != "true" || got["is_live"] != "false" {
		t.Errorf("the decommissioned dead node: %v", got)
	}
	// Measure: 05-decommission.
	if r := n.cockroach("node", "status", dead); r.code != 1 || !strings.HasPrefix(r.err, "ERROR: node "+dead+" doesn't exist\n") {
		t.Errorf("a dead node that is being decommissioned is left out: %+v", r)
	}
	for _, args := range []string{"node ls --format=csv", "node status --format=csv"} {
		if r := n.cockroach(strings.Fields(args)...); r.code != 0 || strings.Count(r.out, "\n") != 4 || strings.Contains(r.out, "\n"+dead) {
			t.Errorf("%s: %+v", args, r)
		}
	}
}

// TestTwoDeadNodesAreTooMany: three live nodes and two dead ones are five, so five copies are wanted and never made, however
// long the dead ones are dead; without one of them three are enough. Seen of a real v20.1.5.
func TestTwoDeadNodesAreTooMany(t *testing.T) {
	t.Parallel()
	for tag, forEver := range map[string]bool{"v2.0.7": false, recorded: true, "v24.1.6": true} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			all := nodes(t, tag, 3)
			for _, n := range all {
				n.env = append(n.env, "STANDIN_STORE_DEAD=3s")
				n.startWith(n.spelled()...).healthy()
			}
			all[0].client("init")
			for _, n := range all {
				n.ready()
			}
			hold := func() bool {
				for _, n := range all {
					if n.id() == "" || all[0].status(n.id())["gossiped_replicas"] != "32" {
						return false
					}
				}
				return true
			}
			until(t, "all nodes have copies", hold)
			first, anew := all[2].wipe()
			all[2] = anew
			until(t, "the copies of the first are made anew", hold)
			second, anew := all[2].wipe()
			all[2] = anew
			all[0].buries(second)
			if !forEver {
				until(t, "2.0 wants three copies, however many nodes there are", func() bool { return hold() && agree(all, 3, 0) })
				return
			}
			until(t, "copies are lacking", func() bool { return agree(all, 3, 32) })
			// Twice as long as it takes to make copies anew, and to count them.
			if !all[0].runsFor(3*liveness) || !agree(all, 3, 32) {
				t.Fatalf("five copies on three nodes: %+v", words(all))
			}
			// One less is enough: four nodes want three copies.
			leave := func(id string) {
				if r := all[0].client("node", "decommission", id, "--wait=none"); r.code != 0 {
					t.Errorf("decommission: %+v", r)
				}
			}
			leave(first)
			until(t, "all is well", func() bool { return hold() && agree(all, 3, 0) })
			leave(second)
			until(t, "the second has no copies", func() bool { return all[0].status(second)["gossiped_replicas"] == "0" })
			leave(second)                                               // finds no data, and marks it for good
			want := map[string]string{"v24.1.6": "decommissioned"}[tag] // older releases have no such column
			if got := all[0].status(second); got["membership"] != want || got["is_decommissioning"] != "true" {
				t.Errorf("the dead node in the end: %v", got)
			}
		})
	}
}
