package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// deployed brings a service up for the first time.
func deployed(t *testing.T, m *mesos, s *service) scene {
	t.Helper()
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	return look(t, m)
}

// scene is what there is at one time.
type scene struct {
	// tasks and processes are the living tasks' ids and the databases' processes, by name and by address.
	tasks     map[string]string
	processes map[string]int
	// volumes are the folders of persistent volumes, sorted; clusters the ids of the clusters that their data belongs to.
	volumes  []string
	clusters []string
	inits    int
}

func look(t *testing.T, m *mesos) scene {
	t.Helper()
	now := scene{tasks: m.alive(t), processes: m.databases(), volumes: m.files(t, volumes), clusters: clusters(t, m), inits: inits(t, m)}
	slices.Sort(now.volumes)
	return now
}

// inits counts how often a cluster was initialised, by what the helpers say.
func inits(t *testing.T, m *mesos) int {
	t.Helper()
	count := 0
	for _, file := range m.files(t, taskOutput) {
		count += strings.Count(helperLines(file), "the cluster is initialised")
	}
	return count
}

// clusters are the ids of the clusters that the data on the volumes belongs to.
func clusters(t *testing.T, m *mesos) []string {
	t.Helper()
	var ids []string
	for _, file := range m.files(t, filepath.Join(volumes, "cockroachdb-node.identity.json")) {
		var marker struct{ ClusterID string }
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &marker)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(ids, marker.ClusterID) {
			ids = append(ids, marker.ClusterID)
		}
	}
	return ids
}

// oneCluster holds what there is to what must never change: one cluster, the same as before, initialised once.
func (now scene) oneCluster(t *testing.T, before scene) {
	t.Helper()
	if now.inits != 1 {
		t.Errorf("a cluster was initialised %d times", now.inits)
	}
	if len(now.clusters) != 1 || !slices.Equal(now.clusters, before.clusters) {
		t.Errorf("the volumes belong to the clusters %v, and before to %v", now.clusters, before.clusters)
	}
}

// launches holds the master to how often each task was launched.
func launches(t *testing.T, m *mesos, want map[string]int) {
	t.Helper()
	framework, got := m.framework(t), map[string]int{}
	for _, task := range append(slices.Clone(framework.Tasks), framework.Completed...) {
		got[task.Info.Name]++
	}
	if !same(got, want) {
		t.Errorf("launches %v, want %v", got, want)
	}
}
