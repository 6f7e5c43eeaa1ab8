package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"
)

// Store is all databases with their history. It is not safe for use by several
// goroutines at once, but for reads among themselves.
type Store struct {
	Databases []*Database                 `json:"databases"` // with those that are gone, for a while
	Heaps     map[int]*heap               `json:"heaps"`
	NextID    int                         `json:"nextId"`
	Users     map[string]bool             `json:"users"`
	Passwords map[string]string           `json:"passwords,omitempty"` // hashed, by user
	Grants    map[int]map[string][]string `json:"grants"`              // by table's id and user
	Offline   map[int64]*Offline          `json:"offline,omitempty"`   // by the job that restores
	Window    time.Duration               `json:"-"`                   // how far the past can be asked for

	pool *pool
}

// New makes a store with the given databases, empty.
func New(pages Pages, databases ...string) *Store {
	s := &Store{
		Heaps: map[int]*heap{}, NextID: 49, Users: map[string]bool{}, Grants: map[int]map[string][]string{},
		Window: 10 * time.Minute, pool: &pool{pages: pages, leaf: leafSize, most: heldMost},
	}
	for _, d := range databases {
		s.NextID++
		s.Databases = append(s.Databases, &Database{ID: s.NextID, Name: d, Gone: forever, live: map[string]*Object{}})
	}
	return s
}

// Snapshot encodes the store; rows are in the pages.
func (s *Store) Snapshot() (json.RawMessage, error) {
	if err := s.pool.sealAll(); err != nil {
		return nil, fmt.Errorf("store changed pages: %w", err)
	}
	return json.Marshal(s)
}

// Restore replaces what the store holds by a snapshot.
func (s *Store) Restore(b json.RawMessage) error {
	n := New(s.pool.pages)
	n.pool.leaf, n.pool.most = s.pool.leaf, s.pool.most
	if err := json.Unmarshal(b, n); err != nil {
		return err
	}
	n.Window = s.Window
	for _, d := range n.Databases {
		d.live = map[string]*Object{}
		for _, o := range d.Objects {
			if o.Gone == forever {
				d.live[o.Name] = o
			}
		}
	}
	for _, off := range n.Offline {
		off.Database.live = map[string]*Object{}
		for _, o := range off.Database.Objects {
			off.Database.live[o.Name] = o
		}
	}
	for _, h := range n.Heaps {
		h.pool = n.pool
	}
	*s = *n
	return nil
}

// Refs gives the pages that a snapshot refers to, to be changed in place.
func (s *Store) Refs() (refs []*Ref) {
	for _, h := range s.Heaps {
		for _, l := range h.Leaves {
			if l.Ref.Len > 0 {
				refs = append(refs, &l.Ref)
			}
		}
	}
	return refs
}

// Surroundings are what statements see besides tables: functions and settings.
type Surroundings interface {
	// Function gives the value of a function such as "version()"; ok is false
	// for one that is not known.
	Function(call string) (Value, bool)
	// Setting gives a cluster setting; SetSetting changes one.
	Setting(name string) (string, error)
	SetSetting(name string, v Value, reset bool) error
	// Virtual gives a table that somebody else keeps, such as jobs.
	Virtual(name string) (columns []string, rows [][]Value, ok bool)
}

// Result is what a statement gives: rows under columns, or a tag.
type Result struct {
	Columns []string   `json:"columns,omitempty"`
	Rows    [][]string `json:"rows,omitempty"`
	Tag     string     `json:"tag,omitempty"`
}

// system is the database that nobody may drop or write to.
const system = "system"

// Exec runs one statement. A statement that fails changes nothing. For a
// statement that writes, c.Now is its commit time: it must be later than that of
// any other.
func (s *Store) Exec(n Node, c Context, around Surroundings) (Result, error) {
	if c.At == 0 {
		c.At = latest
	}
	if c.User == "" {
		c.User = root
	}
	if n.write() {
		s.pool.horizon = c.Now - int64(s.Window)
	}
	switch n := n.(type) {
	case *Select:
		if n.write() {
			t := s.begin(c, around)
			r, err := s.selection(n, c, around, t)
			return r, t.end(err)
		}
		return s.selection(n, c, around, nil)
	case Insert:
		return s.insert(n, c, around)
	case Update:
		return s.update(n, c, around)
	case Delete:
		return s.remove(n, c, around)
	case ShowDatabases, ShowTables, ShowUsers, Other:
		rel, err := s.shown(n, c, around)
		if err != nil {
			return Result{}, err
		}
		return rel.result(), nil
	case ShowCreate:
		d, o, err := s.visible(n.Table, c)
		if err != nil {
			return Result{}, err
		}
		return Result{Columns: []string{"table_name", "create_statement"}, Rows: [][]string{{shownName(d, o), o.Create(true)}}}, nil
	case ShowSetting:
		if c.User != root {
			return Result{}, errorf("42501", "only users with the admin role are allowed to SHOW CLUSTER SETTING")
		}
		v, err := around.Setting(n.Name)
		return Result{Columns: []string{n.Name}, Rows: [][]string{{v}}}, err
	case SetSetting:
		if c.User != root {
			return Result{}, errorf("42501", "only users with the admin role are allowed to SET CLUSTER SETTING")
		}
		return Result{Tag: "SET CLUSTER SETTING"}, around.SetSetting(n.Name, n.Value, n.Reset)
	case SetDatabase, SetVariable:
		return Result{Tag: "SET"}, nil
	}
	return s.define(n, c, around)
}

func shownName(d *Database, o *Object) string {
	return QuoteName(d.Name) + ".public." + QuoteName(o.Name)
}
