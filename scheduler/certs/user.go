package certs

import (
	"regexp"
	"strings"
)

// nodeUser is the principal of nodes: whoever has a certificate for it may act as any user.
const nodeUser = "node"

// rootUser is whom the service's own commands act as.
const rootUser = "root"

// userName is CockroachDB's own rule: "Usernames are case insensitive, must start with a letter, digit or underscore, may contain letters,
// digits, dashes, periods, or underscores, and must not exceed 63 characters" (seen of v20.1).
var userName = regexp.MustCompile(`^[\p{Ll}0-9_][\p{Ll}0-9_.-]{0,62}$`)

// UserName is a user's name as the database knows it; problem says why it is none, or why nobody gets a certificate for it.
func UserName(given string) (name, problem string) {
	name = strings.ToLower(given)
	switch {
	case !userName.MatchString(name):
		return "", "is not the name of a SQL user"
	case name == nodeUser:
		return "", "is the user that nodes are, who may do anything"
	}
	return name, ""
}
