package dump

import (
	"fmt"
	"slices"
)

// Object is a table, view, sequence or type of a dump, or a table that only has rows in it.
type Object struct {
	Schema string `json:"schema,omitempty"`
	Name   string `json:"name"`
	// Kind is the kind of the statement that creates it; empty when the dump does not create it.
	Kind Kind `json:"kind,omitempty"`
	// Created is how often the dump creates it: 1 in a dump that is sound.
	Created int `json:"created"`
	// Rows is the number of rows in all of its INSERTs.
	Rows int64 `json:"rows"`
	// Databases are those that its CREATE and ALTER statements name.
	Databases []string `json:"databases,omitempty"`
}

// Counts is what a dump held.
type Counts struct {
	Bytes      int64 `json:"bytes"`
	Statements int64 `json:"statements"`
	Rows       int64 `json:"rows"`
	// Objects are in the order in which the dump first names them.
	Objects []Object `json:"objects"`
	// ByKind counts statements.
	ByKind map[Kind]int64 `json:"byKind"`
	// Foreign is the first statement of a kind that a dump never holds; its Number is 0 when there is none.
	Foreign Statement `json:"-"`
}

// tally adds statements up.
type tally struct {
	counts Counts
	at     map[[2]string]int
}

func newTally() tally {
	return tally{counts: Counts{ByKind: map[Kind]int64{}}, at: map[[2]string]int{}}
}

func (t *tally) add(st Statement) error {
	t.counts.Statements++
	t.counts.Rows += st.Rows
	t.counts.ByKind[st.Kind]++
	if !st.Kind.InDump() && t.counts.Foreign.Number == 0 {
		t.counts.Foreign = st
	}
	if !st.Kind.Creates() && st.Kind != Insert && st.Kind != AddForeignKey {
		return nil
	}
	schema := st.Schema
	if schema == "public" {
		schema = ""
	}
	key := [2]string{schema, st.Name}
	i, known := t.at[key]
	if !known {
		if len(t.counts.Objects) >= maxObjects {
			return fmt.Errorf("the dump names more than %d tables, at %s", maxObjects, st)
		}
		i = len(t.counts.Objects)
		t.at[key] = i
		t.counts.Objects = append(t.counts.Objects, Object{Schema: schema, Name: st.Name})
	}
	object := &t.counts.Objects[i]
	object.Rows += st.Rows
	if st.Kind.Creates() {
		object.Kind = st.Kind
		object.Created++
	}
	for _, database := range st.Databases {
		if !slices.Contains(object.Databases, database) {
			object.Databases = append(object.Databases, database)
		}
	}
	return nil
}

// Object is the object of a name. The schema is empty for public.
func (c Counts) Object(schema, name string) (Object, bool) {
	if schema == "public" {
		schema = ""
	}
	i := slices.IndexFunc(c.Objects, func(o Object) bool { return o.Schema == schema && o.Name == name })
	if i < 0 {
		return Object{}, false
	}
	return c.Objects[i], true
}
