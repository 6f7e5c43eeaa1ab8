package backup

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// line is a release line that has native backups.
type line struct {
	name string
	// innovation releases may be skipped in upgrades, and so in restores.
	innovation bool
}

// lines are oldest first.
var lines = []line{
	{"20.2", false}, {"21.1", false}, {"21.2", false}, {"22.1", false}, {"22.2", false}, {"23.1", false}, {"23.2", false},
	{"24.1", false}, {"24.2", true}, {"24.3", false}, {"25.1", true}, {"25.2", false}, {"25.3", true}, {"25.4", false},
}

// Restorable lists the lines into which a native backup of line from goes: the same one, the next, and the one after that
// when the next is an innovation release. Source: D:24.1/restoring-backups-across-versions.
func Restorable(from string) []string {
	i := slices.IndexFunc(lines, func(l line) bool { return l.name == from })
	if i < 0 {
		return nil
	}
	end := i + 2
	if i+1 < len(lines) && lines[i+1].innovation {
		end++
	}
	var out []string
	for _, line := range lines[i:min(end, len(lines))] {
		out = append(out, line.name)
	}
	return out
}

// CanRestore says whether a backup made by method on version from may go into a database of version to. from is zero when
// it is not known (a backup without a manifest). newerDump lets a dump of a later version be tried. Notes are for the
// person who restores, and are given with a fault too.
func CanRestore(method Method, from, to cockroach.Version, newerDump bool) (notes []string, fault *tasks.Fault) {
	refuse := func(message, remedy string) *tasks.Fault {
		return &tasks.Fault{Field: "version", Value: to.String(), Old: from.String(), Message: message, Remedy: remedy}
	}
	if from.IsZero() {
		notes = append(notes, "The version that the backup was made on is not known: there is no manifest.")
	}
	if method != Native {
		switch {
		case from.IsZero() || from.Line() == to.Line():
		case to.Less(from) && !newerDump:
			return notes, refuse(fmt.Sprintf("the dump was made on CockroachDB %s, which is later than the %s of this cluster, and may use what this one does not know", from, to),
				"restore into "+from.Line()+" or later, or say --newer-dump to try: the restore stops at the first statement that fails")
		case to.Less(from):
			notes = append(notes, fmt.Sprintf("The dump was made on the later CockroachDB %s: the restore stops at the first statement that %s does not know.", from, to))
		default:
			notes = append(notes, fmt.Sprintf("The dump was made on CockroachDB %s; %s may have dropped what it uses (interleaved tables, for one, ended with v21.2): the restore stops at the first statement that fails.", from, to))
		}
		return notes, nil
	}
	if !to.Has(cockroach.BackupCollections) {
		return notes, refuse(fmt.Sprintf("CockroachDB %s cannot read native backups of this layout, and its RESTORE needs an enterprise licence", to), "restore into v20.2 or later")
	}
	if from.IsZero() {
		return notes, nil
	}
	into := Restorable(from.Line())
	switch {
	case from.Line() == to.Line() || slices.Contains(into, to.Line()):
		return notes, nil
	case to.Less(from):
		return notes, refuse(fmt.Sprintf("the backup was made on CockroachDB %s, and a native backup never goes into an older version", from), "restore into a cluster of v"+from.Line())
	case into == nil:
		return notes, refuse(fmt.Sprintf("nothing is known about native backups of CockroachDB %s", from), "restore into a cluster of v"+from.Line())
	}
	return notes, refuse(fmt.Sprintf("the backup was made on CockroachDB %s, from which a native backup goes into %s only", from, list(into)),
		"restore into a cluster of v"+into[len(into)-1]+" first, upgrade that one, and back up again")
}

func list(words []string) string {
	text := ""
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " and "
		default:
			text += ", "
		}
		text += "v" + word
	}
	return text
}
