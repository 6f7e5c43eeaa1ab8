package backup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// named is how many objects a message lists.
const named = 5

// BoundFault refuses to restore a dump of database into another name when its objects name the old one: `cockroach dump`
// writes the database's name into every view, and into references that were written with it. nil when nothing does.
func BoundFault(bound []Bound, database, as string) *tasks.Fault {
	var names []string
	for _, b := range bound {
		if slices.Contains(b.Databases, database) {
			names = append(names, b.Kind+" "+b.Name)
		}
	}
	if len(names) == 0 || as == database || as == "" {
		return nil
	}
	more := ""
	if len(names) > named {
		more = fmt.Sprintf(" and %d more", len(names)-named)
		names = names[:named]
	}
	return &tasks.Fault{
		Field: "into", Value: as, Old: database,
		Message: fmt.Sprintf("the dump names database %q in %s%s: restored into %q they would read from %q", database, strings.Join(names, ", "), more, as, database),
		Remedy:  fmt.Sprintf("restore as %q, into this cluster or another one", database),
	}
}

// BoundNotes names what refers to databases other than the one of the dump: they have to exist before it is restored.
func BoundNotes(bound []Bound, database string) []string {
	var notes []string
	for _, b := range bound {
		for _, other := range b.Databases {
			if other != database {
				notes = append(notes, fmt.Sprintf("The %s %s refers to database %q, which is not part of this backup and must exist where it is restored.", b.Kind, b.Name, other))
			}
		}
	}
	return notes
}
