package cockroach_test

import (
	"strings"
	"syscall"
	"testing"
)

// TestUpgrade: one node after the other goes to the next line; the cluster
// version follows when the last one runs it, unless it is held; and a binary that
// is too new or too old refuses the store. Measure: reference, section 8.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	all := cluster(t, "v20.1.5", 3)
	replicated(t, all, 3)
	version := func() string {
		return strings.Fields(all[0].sql("SHOW CLUSTER SETTING version"))[1]
	}
	all[0].sql("SET CLUSTER SETTING cluster.preserve_downgrade_option = '20.1'")
	if r := all[0].cockroach("sql", "-e", "SET CLUSTER SETTING cluster.preserve_downgrade_option = '19.2'"); r.code != 1 {
		t.Errorf("the option took another version than the present one: %+v", r)
	}
	move := func(n *node, tag string) {
		n.signal(syscall.SIGTERM)
		if code := n.exit(); code != 0 {
			t.Fatalf("SIGTERM: exit %d", code)
		}
		n.tag = tag
		n.start().ready()
	}
	for _, n := range all {
		move(n, "v20.2.19")
	}
	if v := version(); v != "20.1" {
		t.Errorf("version %s; it was to be held at 20.1", v)
	}
	move(all[1], "v20.1.5")
	move(all[1], "v20.2.19")
	all[0].sql("RESET CLUSTER SETTING cluster.preserve_downgrade_option")
	until(t, "the upgrade is finalised", func() bool { return version() == "20.2" })

	for _, c := range []struct{ tag, want string }{
		{"v20.1.5", "ERROR: cockroach server exited with error: cockroach version v20.1 is incompatible with data in store "},
		{"v24.1.6", ", last used with cockroach version v20.2, is too old for running version v24.1 (which requires data from v23.2 or later)\n"},
	} {
		n := all[2]
		n.signal(syscall.SIGTERM)
		n.exit()
		n.tag = c.tag
		n.start()
		if code := n.exit(); code == 0 || !strings.Contains(n.stderr(), c.want) {
			t.Errorf("%s on a store of 20.2: exit %d, %s", c.tag, code, n.stderr())
		}
		n.tag = "v20.2.19"
		n.start().ready()
	}
}
