package flags

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// command is one sub-command: the versions that have it, and how many
// positional arguments it takes (max -1: any number).
type command struct {
	name     string
	spans    []span
	min, max int
}

// commands lists what the stand-in does. Real versions have more; those are
// unknown here, and say so. Source: cockroachdb-versions.md, 1.4, 4.2, 4.3, 6.2.
var commands = []command{
	{"start", []span{always}, 0, 0},
	{"start-single-node", []span{since(19, 2, 0)}, 0, 0},
	{"init", []span{always}, 0, 0},
	{"sql", []span{always}, 0, 0},
	{"version", []span{always}, 0, 0},
	{"quit", []span{always.until(20, 2, 0), since(20, 2, 0, deprecated).until(22, 2, 0)}, 0, 0},
	{"dump", []span{always.until(20, 2, 0), since(20, 2, 0, deprecated).until(21, 2, 0)}, 1, -1},
	{"cert create-ca", []span{always}, 0, 0},
	{"cert create-client-ca", []span{since(2, 1, 0)}, 0, 0},
	{"cert create-node", []span{always}, 0, -1},
	{"cert create-client", []span{always}, 1, 1},
	{"cert list", []span{always}, 0, 0},
	{"node ls", []span{always}, 0, 0},
	{"node status", []span{always}, 0, 1},
	{"node decommission", []span{always}, 1, -1},
	{"node recommission", []span{always}, 1, -1},
	{"node drain", []span{since(19, 1, 9).until(19, 2, 0), since(19, 2, 7).until(20, 1, 0), since(20, 1, 1)}, 0, 1},
}

func find(name string, v version.Version) (command, state, bool) {
	for _, c := range commands {
		if c.name == name {
			s, ok := rule{spans: c.spans}.in(v)
			return c, s, ok
		}
	}
	return command{}, 0, false
}

// Commands names the sub-commands of v, for its help.
func Commands(v version.Version) []string {
	var names []string
	for _, c := range commands {
		if _, _, ok := find(c.name, v); ok {
			names = append(names, c.name)
		}
	}
	return names
}

// Deprecated says whether v prints a deprecation line for the command.
func Deprecated(name string, v version.Version) bool {
	_, s, ok := find(name, v)
	return ok && s == deprecated
}

// arguments checks the number of positional arguments, with cobra's texts.
func (c command) arguments(args []string, v version.Version) error {
	limit := c.max
	if c.name == "node drain" && v.Before(22, 1, 0) {
		limit = 0
	}
	switch {
	case limit == 0 && len(args) > 0:
		return fmt.Errorf("unknown command %q for %q", args[0], "cockroach "+c.name)
	case limit > 0 && len(args) > limit:
		return fmt.Errorf("accepts at most %d arg(s), received %d", limit, len(args))
	case len(args) < c.min && v.Before(20, 2, 0):
		return fmt.Errorf("requires at least %d arg(s), only received %d", c.min, len(args))
	}
	return nil
}
