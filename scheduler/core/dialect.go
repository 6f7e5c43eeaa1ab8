package core

import (
	"strconv"
	"strings"
)

// Dialect is what a master of some version understands. Where a line of its changelog says so, its number stands beside.
type Dialect struct {
	// Roles: frameworks have a list of roles, MULTI_ROLE (1.3, MESOS-1763). 1.2 has the field, marked as not to be used.
	Roles bool
	// Groups: tasks of a group see their volumes, and have command checks (1.3: MESOS-7225, MESOS-7249, MESOS-6280). The default
	// executor of 1.2 aborts at a task with a command health check.
	Groups bool
	// Refined: reservations are a stack (1.4, MESOS-7655).
	Refined bool
	// Regions: agents have fault domains, and those of other regions are offered to who knows about regions (1.5, MESOS-7607).
	Regions bool
}

// DialectOf reads a master's version, such as 1.12.0. One that cannot be read is taken for new.
func DialectOf(version string) Dialect {
	return Dialect{Roles: since(version, 3), Groups: since(version, 3), Refined: since(version, 4), Regions: since(version, 5)}
}

// since says that a version is 1.<minor> or later.
func since(version string, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return true
	}
	first, errFirst := strconv.Atoi(parts[0])
	second, errSecond := strconv.Atoi(parts[1])
	if errFirst != nil || errSecond != nil {
		return true
	}
	return first > 1 || first == 1 && second >= minor
}
