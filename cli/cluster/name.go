package cluster

import (
	"strings"
)

// standardService is the name under which the package is installed unless the
// user gives another.
const standardService serviceName = "cockroachdb"

// serviceName is the name of a service; a foldered one has slashes ("/team/crdb").
type serviceName string

func parseServiceName(field, value string) (serviceName, error) {
	fault := func(message string) error {
		return &Fault{field, value, message, "Give the name of the service as it was installed, for example cockroachdb or /team/cockroachdb."}
	}
	parts := serviceName(value).parts()
	if len(parts) == 0 {
		return "", fault("has no letters")
	}
	for _, part := range parts {
		// A dot part would lead the request to another service or to Admin Router.
		if part == "." || part == ".." {
			return "", fault(`has "` + part + `" for a folder`)
		}
		if strings.ContainsFunc(part, notInName) {
			return "", fault("has a character other than letters, digits, '.', '_', '-' and '/'")
		}
	}
	return serviceName(value), nil
}

func notInName(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
		return false
	}
	return true
}

// parts are the folders and the name; double and outer slashes count for
// nothing (sdk: path.Join collapses them).
func (n serviceName) parts() []string {
	return strings.FieldsFunc(string(n), func(r rune) bool { return r == '/' })
}

// path is the name as Admin Router has it in its paths.
func (n serviceName) path() string { return strings.Join(n.parts(), "/") }
