package mesos

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// capabilities: MULTI_ROLE so that `roles` counts, RESERVATION_REFINEMENT for the stack of reservations,
// PARTITION_AWARE so that a node that is out of sight is not given up, REGION_AWARE to be offered remote regions too.
var capabilities = []mesos.FrameworkInfo_Capability_Type{
	mesos.FrameworkInfo_Capability_MULTI_ROLE,
	mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT,
	mesos.FrameworkInfo_Capability_PARTITION_AWARE,
	mesos.FrameworkInfo_Capability_REGION_AWARE,
}

// info is the framework in Mesos' words. Checkpointing lets tasks outlive a restart of their agent.
func (f Framework) info(id string) *mesos.FrameworkInfo {
	info := &mesos.FrameworkInfo{
		User:            f.User,
		Name:            f.Name,
		Roles:           []string{f.Role},
		Principal:       new(f.Principal),
		FailoverTimeout: new(f.Failover.Seconds()),
		Checkpoint:      new(true),
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
	for _, capability := range capabilities {
		info.Capabilities = append(info.Capabilities, mesos.FrameworkInfo_Capability{Type: capability})
	}
	return info
}
