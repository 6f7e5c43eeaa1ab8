package node

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// identityFile lies beside the data on the volume. The database does not mind files it does not know.
const identityFile = "cockroachdb-node.identity.json"

// identity says whose data a volume holds. It is written once the node is in a cluster.
type identity struct {
	Service   string `json:"service"`
	ClusterID string `json:"clusterId"`
	VolumeID  string `json:"volumeId,omitempty"`
	TaskName  string `json:"taskName"`
}

// readIdentity reads the marker on the volume. No marker gives the zero identity; a damaged one is an error.
func readIdentity(volume string) (identity, error) {
	var id identity
	err := readJSON(filepath.Join(volume, identityFile), &id)
	if errors.Is(err, fs.ErrNotExist) {
		return identity{}, nil
	}
	if err != nil {
		return identity{}, fmt.Errorf("read the identity marker: %w", err)
	}
	return id, nil
}

func writeIdentity(volume string, id identity) error {
	return writeJSON(filepath.Join(volume, identityFile), id)
}

// checkIdentity refuses a volume whose data belongs to another service, cluster or volume. The database would not: a store of
// another cluster starts happily as that cluster, and of two copies of one store the original is lost for good (both
// observed with v20.1.5).
func checkIdentity(found identity, s Settings) error {
	fault := func(problem string) error {
		return &Fault{Code: tasks.ExitIdentity, Problem: problem,
			Remedy: "The database is not started and nothing was changed. Replace this pod to give it a new, empty volume; or, if you are sure that the data belongs here, delete the file " +
				identityFile + " in " + s.Store + " and restart the pod"}
	}
	switch {
	case found == identity{}:
		return nil
	case found.Service != s.Service:
		return fault(fmt.Sprintf("the data in volume %s belongs to the service %q (cluster %s), and this task to the service %q", s.VolumeID, found.Service, found.ClusterID, s.Service))
	case s.ClusterID != "" && found.ClusterID != s.ClusterID:
		return fault(fmt.Sprintf("the data in volume %s belongs to cluster %s, and this service runs cluster %s", s.VolumeID, found.ClusterID, s.ClusterID))
	case found.VolumeID != "" && s.VolumeID != "" && found.VolumeID != s.VolumeID:
		return fault(fmt.Sprintf("the data in volume %s is a copy of volume %s: if both ran, one of them would be destroyed", s.VolumeID, found.VolumeID))
	}
	return nil
}
