package config

import (
	"cmp"
	"errors"
	"regexp"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// faults collects everything that is wrong with an environment.
type faults struct {
	list []tasks.Fault
	// broken are the settings whose value could not be taken as it is: what would follow from the empty value in its
	// place is left out.
	broken map[string]bool
}

// reject notes that a value cannot be taken at all.
func (f *faults) reject(field, value, message, remedy string) {
	f.add(field, value, message, remedy)
	f.broken[field] = true
}

// add notes a fault of a setting, unless its value was rejected before.
func (f *faults) add(field, value, message, remedy string) {
	if f.broken[field] {
		return
	}
	f.list = append(f.list, tasks.Fault{Field: field, Value: withoutLogin(value), Message: withoutLogin(message), Remedy: remedy})
}

// sorted gives the faults in the order of the docs.
func (f *faults) sorted() []tasks.Fault {
	place := map[string]int{}
	for i, entry := range Table() {
		place[entry.Name] = i
	}
	slices.SortStableFunc(f.list, func(a, b tasks.Fault) int { return cmp.Compare(place[a.Field], place[b.Field]) })
	return f.list
}

// login is the user and password of a URL: http://user:password@host.
var login = regexp.MustCompile(`://[^/\s"]*@`)

// withoutLogin hides passwords, because faults are printed and logged.
func withoutLogin(text string) string { return login.ReplaceAllString(text, "://***@") }

// leaves takes joined errors apart.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		list = append(list, leaves(one)...)
	}
	return list
}
