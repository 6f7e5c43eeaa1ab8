package tasks

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// regular are the release lines that no upgrade may skip. Those between them (24.2, 25.1, 25.3) are innovation releases,
// which may be skipped. Source: the vendor's pages on upgrades, one a line.
var regular = []line{{2, 0}, {2, 1}, {19, 1}, {19, 2}, {20, 1}, {20, 2}, {21, 1}, {21, 2}, {22, 1}, {22, 2}, {23, 1}, {23, 2},
	{24, 1}, {24, 3}, {25, 2}, {25, 4}}

// line is a release line: 24.1 is {24, 1}.
type line [2]int

func (l line) String() string { return fmt.Sprintf("%d.%d", l[0], l[1]) }

func (l line) compare(m line) int { return slices.Compare(l[:], m[:]) }

func lineOf(v cockroach.Version) line { return line{v.Major, v.Minor} }

// refuseVersion refuses what a database would not start with on its data: an older release line, and one that skips a
// regular line. Within a line every patch may follow every other. The way back from a line that the cluster has not
// finalised is refused too: only the database knows whether it has, and by default it does when the last node is up.
func refuseVersion(before, after Target) []Fault {
	old, now := databaseVersion(before), databaseVersion(after)
	if old.IsZero() || now.IsZero() {
		return nil
	}
	const field = "COCKROACH_VERSION"
	from, to := lineOf(old), lineOf(now)
	switch {
	case to.compare(from) < 0:
		return []Fault{transition(field, old.String(), now.String(),
			fmt.Sprintf("once a cluster has run as %s, nodes of %s do not start on its data", from, to),
			fmt.Sprintf("set it to a release of %s, or of the line after it", from))}
	case len(between(from, to)) > 0:
		next := between(from, to)[0]
		return []Fault{transition(field, old.String(), now.String(),
			fmt.Sprintf("nodes of %s do not start on data that was last used with %s, because %s lies between", to, from, next),
			fmt.Sprintf("set it to a release of %s first, and go on once the deploy plan is complete and the database says that it runs as %s", next, next))}
	}
	return nil
}

// between are the regular lines that a change from one line to another would skip, the oldest first.
func between(from, to line) []line {
	var skipped []line
	for _, one := range regular {
		if one.compare(from) > 0 && one.compare(to) < 0 {
			skipped = append(skipped, one)
		}
	}
	return skipped
}

// databaseVersion is what a target's database tasks are started as; zero when it says nothing that can be read.
func databaseVersion(t Target) cockroach.Version {
	for _, pod := range t.Pods {
		for _, task := range pod.Tasks {
			if version, err := cockroach.Parse(task.Env[cockroach.EnvVersion]); task.Database && err == nil {
				return version
			}
		}
	}
	return cockroach.Version{}
}
