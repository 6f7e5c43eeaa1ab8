package model

import (
	"fmt"
	"strings"
	"unicode"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// validateRole says what is wrong with a role's name, in the master's words, or "".
func validateRole(role string) string {
	switch {
	case role == "":
		return "Empty role name is invalid"
	case role == "*":
		return ""
	case strings.HasPrefix(role, "/"):
		return fmt.Sprintf("Role '%s' cannot start with a slash", role)
	case strings.HasSuffix(role, "/"):
		return fmt.Sprintf("Role '%s' cannot end with a slash", role)
	case strings.Contains(role, "//"):
		return fmt.Sprintf("Role '%s' cannot contain two adjacent slashes", role)
	}
	for _, part := range strings.Split(role, "/") {
		switch {
		case part == "." || part == "..":
			return fmt.Sprintf("Role component '%s' is invalid", part)
		case part == "*":
			return fmt.Sprintf("Role component '%s' is invalid", part)
		case strings.HasPrefix(part, "-"):
			return fmt.Sprintf("Role component '%s' is invalid because it begins with a dash", part)
		case strings.ContainsFunc(part, func(r rune) bool { return unicode.IsSpace(r) || r == '\b' || r == 0x7f }):
			return fmt.Sprintf("Role component '%s' is invalid because it contains backspace or whitespace", part)
		}
	}
	return ""
}

// mayUse tells whether something reserved for one role may be allocated to another: to itself and to roles below it.
func mayUse(reservedFor, role string) bool {
	return reservedFor == "*" || reservedFor == role || strings.HasPrefix(role, reservedFor+"/")
}

func hasCapability(info *mesos.FrameworkInfo, want mesos.FrameworkInfo_Capability_Type) bool {
	for _, c := range info.Capabilities {
		if c.Type == want {
			return true
		}
	}
	return false
}
