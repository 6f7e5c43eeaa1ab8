package mesos

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// capabilities are those that a master of this dialect has. MULTI_ROLE so that `roles` counts, RESERVATION_REFINEMENT for the
// stack of reservations, PARTITION_AWARE so that a node that is out of sight is not given up, REGION_AWARE to be offered remote
// regions too.
func capabilities(dialect core.Dialect) []mesos.FrameworkInfo_Capability {
	var list []mesos.FrameworkInfo_Capability
	add := func(known bool, capability mesos.FrameworkInfo_Capability_Type) {
		if known {
			list = append(list, mesos.FrameworkInfo_Capability{Type: capability})
		}
	}
	add(dialect.Roles, mesos.FrameworkInfo_Capability_MULTI_ROLE)
	add(dialect.Refined, mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT)
	add(true, mesos.FrameworkInfo_Capability_PARTITION_AWARE)
	add(dialect.Regions, mesos.FrameworkInfo_Capability_REGION_AWARE)
	return list
}

// Info is the framework in Mesos' words, for a master of this version; an empty one is taken for new. The id is empty for a
// new framework. Checkpointing lets tasks outlive a restart of their agent.
func (f Framework) Info(id, version string) *mesos.FrameworkInfo {
	dialect := core.DialectOf(version)
	info := &mesos.FrameworkInfo{
		User:            f.User,
		Name:            f.Name,
		Principal:       new(f.Principal),
		FailoverTimeout: new(f.Failover.Seconds()),
		Checkpoint:      new(true),
		Capabilities:    capabilities(dialect),
	}
	if dialect.Roles {
		info.Roles = []string{f.Role}
	} else {
		info.Role = new(f.Role)
	}
	if id != "" {
		info.ID = &mesos.FrameworkID{Value: id}
	}
	if f.Hostname != "" {
		info.Hostname = new(f.Hostname)
	}
	if f.WebURL != "" {
		info.WebUiURL = new(f.WebURL)
	}
	return info
}
