package cockroach_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestWipedStore: comes back as a new node; the old id is never used again.
// Measure: 12-store-identity.
func TestWipedStore(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	all[0].sql("create database app", "create table app.t (id int primary key)", "insert into app.t values (1)")
	n, old := all[2], all[2].id()
	n.signal(syscall.SIGTERM)
	n.exit()
	if err := os.RemoveAll(n.data); err != nil {
		t.Fatal(err)
	}
	n.start().ready()
	if n.id() != "4" || !strings.Contains(n.out(), "initialized new node, joined pre-existing cluster") {
		t.Errorf("a wiped store returned as node %s:\n%s", n.id(), n.out())
	}
	if out := n.sql("select * from app.t"); out != "id\n1\n" {
		t.Errorf("data by way of the new node: %q", out)
	}
	until(t, "the old node is not live", func() bool {
		r := all[0].cockroach("node", "status", old, "--format=csv")
		return strings.Contains(r.out, old+","+n.rpc+",") && strings.HasSuffix(r.out, ",false,false\n")
	})
	r := all[0].cockroach("node", "status", "4", "--decommission", "--format=csv")
	if !strings.Contains(r.out, "4,"+n.rpc+",") || !strings.HasSuffix(r.out, ",true,true,0,false,false\n") {
		t.Errorf("the new node holds no data before server.time_until_store_dead: %s", r.out)
	}
	if _, text := all[0].get("/_status/vars"); !strings.Contains(text, "liveness_livenodes 3.0\n") {
		t.Error("liveness_livenodes is not 3")
	}
}

// TestDeadDataIsMadeAnew: after server.time_until_store_dead another node takes
// the dead one's data, and then the next may die.
func TestDeadDataIsMadeAnew(t *testing.T) {
	t.Parallel()
	all := nodes(t, recorded, 4)
	for _, n := range all {
		n.env = append(n.env, "STANDIN_STORE_DEAD=3s")
		n.start()
	}
	all[0].healthy().cockroach("init")
	for _, n := range all {
		n.ready()
	}
	replicated(t, all, 3)
	all[0].sql("create database app", "create table app.t (id int primary key)", "insert into app.t values (1)")
	holds := func(n *node) bool {
		return strings.Contains(all[0].cockroach("node", "status", n.id(), "--decommission", "--format=csv").out, ",32,")
	}
	var victims []*node
	for _, n := range all[1:] {
		if holds(n) {
			victims = append(victims, n)
		}
	}
	underreplicated := func() (sum int) {
		for _, n := range all {
			if _, text := n.get("/_status/vars"); strings.Contains(text, "\nranges_underreplicated{store=\""+n.id()+"\"} 32.0\n") {
				sum += 32
			}
		}
		return sum
	}
	until(t, "all ranges are replicated", func() bool { return underreplicated() == 0 })
	victims[0].signal(syscall.SIGKILL)
	victims[0].exit()
	until(t, "ranges are under-replicated", func() bool { return underreplicated() == 32 })
	until(t, "data was made anew", func() bool { return underreplicated() == 0 && !holds(victims[0]) })
	victims[1].signal(syscall.SIGKILL)
	victims[1].exit()
	if out := all[0].sql("select * from app.t"); out != "id\n1\n" {
		t.Errorf("data after the second death: %q", out)
	}
}

// TestForeignStore: a one-node store of another cluster, started with our join
// list, runs happily as its own cluster; only the log says so.
// Measure: 12b-foreign-store.
func TestForeignStore(t *testing.T) {
	t.Parallel()
	ours := cluster(t, recorded, 1)[0]
	other := nodes(t, recorded, 2)[1]
	other.startWith("start-single-node", "--insecure", "--store="+other.data, "--listen-addr="+other.rpc, "--http-addr="+other.http).ready()
	theirs := other.clusterID()
	other.signal(syscall.SIGTERM)
	other.exit()
	other.join = []string{ours.rpc}
	other.start().ready()
	if other.clusterID() != theirs || theirs == ours.clusterID() || other.id() != "1" {
		t.Errorf("cluster ids %q, %q before, ours %q; node %s", other.clusterID(), theirs, ours.clusterID(), other.id())
	}
	until(t, "the log warns", func() bool {
		b, _ := os.ReadFile(filepath.Join(other.data, "logs", "cockroach.log"))
		return strings.Contains(string(b), fmt.Sprintf("client cluster ID %q doesn't match server cluster ID %q", theirs, ours.clusterID()))
	})
	if r := ours.cockroach("node", "ls"); r.out != "id\n1\n" {
		t.Errorf("our cluster took it in: %+v", r)
	}
}

// TestWrongJoinOfAMember: a member's store finds its own cluster by saved
// addresses, whatever the join list says. Measure: 12b-foreign-store.
func TestWrongJoinOfAMember(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	other := cluster(t, recorded, 1)[0]
	n := all[2]
	id := n.id()
	n.signal(syscall.SIGTERM)
	n.exit()
	n.join = []string{other.rpc}
	n.rpc, n.http = freeAddr(t, "127.0.0.3"), freeAddr(t, "127.0.0.3")
	n.start().ready()
	if n.clusterID() != all[0].clusterID() || n.id() != id {
		t.Errorf("cluster %q as node %s; want %q as node %s", n.clusterID(), n.id(), all[0].clusterID(), id)
	}
	until(t, "the new address is known", func() bool {
		return strings.Contains(all[0].cockroach("node", "status", id, "--format=csv").out, n.rpc)
	})
}

// TestTwoProcessesOneStore, and ports in use. Measure: 12-store-identity.
func TestStartFaults(t *testing.T) {
	t.Parallel()
	n := cluster(t, recorded, 1)[0]
	spare := nodes(t, recorded, 1)[0]
	const failed = "Failed running \"start\"\n"
	for _, c := range []struct{ name, data, rpc, http, err string }{
		{"store in use", n.data, spare.rpc, spare.http, "ERROR: could not cleanup temporary directories from record file: could not lock temporary directory"},
		{"RPC port in use", spare.data, n.rpc, spare.http, "ERROR: cockroach server exited with error: consider changing the port via --listen-addr: listen tcp " + n.rpc + ": bind: address already in use\n" + failed},
		{"HTTP port in use", spare.data, spare.rpc, n.http, "ERROR: cockroach server exited with error: consider changing the port via --http-addr: listen tcp " + n.http + ": bind: address already in use\n" + failed},
	} {
		r := command(t, recorded, "start", "--insecure", "--store="+c.data, "--listen-addr="+c.rpc, "--http-addr="+c.http, "--join="+n.rpc)
		if r.code != 1 || r.out != "" || !strings.Contains(r.err, c.err) {
			t.Errorf("%s: exit %d, %q", c.name, r.code, r.err)
		}
	}
	if code, _ := n.get("/health?ready=1"); code != 200 {
		t.Errorf("the first process is ready=%d", code)
	}
}

// TestClusterName: a mismatch keeps a node out. Measure: 12-store-identity.
func TestClusterName(t *testing.T) {
	t.Parallel()
	all := nodes(t, recorded, 2)
	all[0].start().healthy().cockroach("init")
	all[0].ready()
	all[1].extra = []string{"--cluster-name=alpha"}
	all[1].start().healthy()
	if !all[1].runsFor(time.Second) {
		t.Fatalf("exit %d", all[1].exit())
	}
	if code, _ := all[1].get("/health?ready=1"); code != 503 {
		t.Errorf("a node of another cluster name is ready=%d", code)
	}
	b, _ := os.ReadFile(filepath.Join(all[1].data, "logs", "cockroach.log"))
	if want := `local cluster name "" does not match peer cluster name "alpha"`; !strings.Contains(string(b), want) {
		t.Errorf("log without %q:\n%s", want, b)
	}
}

// TestNoAcknowledgedRowIsLost: writers at all nodes, while one after the other is
// killed and comes back. Whatever was acknowledged is there at the end.
func TestNoAcknowledgedRowIsLost(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	all[0].sql("create database app", "create table app.t (id int primary key)")
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w, n := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				id := fmt.Sprint(w*100000 + i)
				r := during(t, recorded, 3*time.Second, "sql", "--insecure", "--host="+n.rpc, "-e", "insert into app.t values ("+id+")")
				if r.code == 0 {
					mu.Lock()
					acknowledged[id] = true
					mu.Unlock()
				}
			}
		}()
	}
	for _, n := range all {
		n.signal(syscall.SIGKILL)
		n.exit()
		time.Sleep(300 * time.Millisecond)
		n.start().ready()
	}
	close(stop)
	wg.Wait()
	rows := map[string]bool{}
	for _, id := range strings.Fields(all[1].sql("select id from app.t")) {
		rows[id] = true
	}
	for id := range acknowledged {
		if !rows[id] {
			t.Errorf("row %s was acknowledged and is gone", id)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("no row was acknowledged at all")
	}
}
