package e2e

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
)

// TestOldMesos deploys on a Mesos that runs no task groups and no readiness checks, and kills what it deployed: tasks come back
// on their volumes there too.
func TestOldMesos(t *testing.T) {
	t.Parallel()
	m := machines(t, 3, func(c *httpshell.Cluster) { c.Model.Version = "1.2.3" })
	s := install(t, m)
	before := deployed(t, m, s)
	if len(before.clusters) != 1 || len(before.volumes) != 3 {
		t.Errorf("clusters %q, volumes %q", before.clusters, before.volumes)
	}
	for _, task := range m.framework(t).Tasks {
		if task.Info.Executor != nil || task.Info.Check != nil {
			t.Errorf("%s has an executor or a check", task.Info.Name)
		}
	}
	write(t, nodes(t, s)[0], "first", "written on node 0")
	killOne(t, m, s)
	killAll(t, m, s)
	if now := look(t, m); len(now.clusters) != 1 || now.clusters[0] != before.clusters[0] || len(now.volumes) != 3 {
		t.Errorf("clusters %q, volumes %q", now.clusters, now.volumes)
	}
}
