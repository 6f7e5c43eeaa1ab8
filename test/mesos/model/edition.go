package model

import (
	"strconv"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Edition is what masters and agents of one Mesos version can do. What differs from 1.12.0, which was recorded, is from the
// changelog and the source of the releases; the number of the change stands beside. The model takes whole lines: the last
// release of each.
type Edition struct {
	// Groups: the default executor shows tasks their volumes, and has command health checks (1.3: MESOS-7225, MESOS-6280). That of
	// 1.2 aborts at a task with one.
	Groups bool
	// Checks: executors run general checks and report them (1.3: MESOS-6906, MESOS-7249).
	Checks bool
	// Refined: reservations are a stack (1.4: MESOS-7655). Before, the field is unknown, and read by nobody.
	Refined bool
	// Slashes: roles may have slashes (1.4: MESOS-7505).
	Slashes bool
	// KillGrace: the default executor keeps a task's kill policy (1.4: MESOS-6535).
	KillGrace bool
	// Regions: fault domains (1.5: MESOS-7607).
	Regions bool
	// Starting: the built-in executors report TASK_STARTING (1.5: MESOS-7941).
	Starting bool
	// Gone: MARK_AGENT_GONE is known (1.5: MESOS-7445).
	Gone bool
	// Draining: DRAIN_AGENT is known (1.9: MESOS-9814).
	Draining bool
}

func editionOf(version string) Edition {
	parts := append(strings.SplitN(version, ".", 3), "", "")
	first, errFirst := strconv.Atoi(parts[0])
	second, errSecond := strconv.Atoi(parts[1])
	since := func(minor int) bool {
		return errFirst != nil || errSecond != nil || first > 1 || first == 1 && second >= minor
	}
	return Edition{Groups: since(3), Checks: since(3), Refined: since(4), Slashes: since(4), KillGrace: since(4), Regions: since(5),
		Starting: since(5), Gone: since(5), Draining: since(9)}
}

// Version is the Mesos version of the master and its agents.
func (m *Model) Version() string { return m.options.Version }

// Edition is what this master and its agents can do.
func (m *Model) Edition() Edition { return m.edition }

// read is an object as a master of this edition reads it: what it does not know is not there.
func (e Edition) read(resources []mesos.Resource) []mesos.Resource {
	if e.Refined {
		return resources
	}
	old := make([]mesos.Resource, len(resources))
	for n, r := range resources {
		r.Reservations = nil
		old[n] = r
	}
	return old
}

// capabilities are those of a framework that a master of this edition knows.
func (e Edition) capabilities(info mesos.FrameworkInfo) mesos.FrameworkInfo {
	var known []mesos.FrameworkInfo_Capability
	for _, c := range info.Capabilities {
		switch {
		case c.Type == mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT && !e.Refined:
		case c.Type == mesos.FrameworkInfo_Capability_REGION_AWARE && !e.Regions:
		default:
			known = append(known, c)
		}
	}
	info.Capabilities = known
	return info
}
