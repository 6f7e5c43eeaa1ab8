package sqlstore

import "slices"

// Other is a statement that somebody else carries out: BACKUP, RESTORE, SHOW
// JOBS and CANCEL JOB. Name is what Surroundings know its rows by.
type Other struct {
	Name string
	// Job picks one row of the jobs; 0 means all.
	Job int64
}

func (Other) write() bool { return false }

func sorted[T any](m map[string]T) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// given is rows that were had elsewhere, in the place of a statement in brackets.
type given struct{ Result }

func (given) write() bool { return false }

// Bracketed gives the SHOW BACKUP or SHOW BACKUPS that a SELECT reads from.
func Bracketed(n Node) (Node, bool) {
	s, ok := n.(*Select)
	if !ok || s.From == nil {
		return nil, false
	}
	switch s.From.Show.(type) {
	case ShowBackup, ShowBackups:
		return s.From.Show, true
	}
	return nil, false
}

// Over is a SELECT with rows in the place of what it reads from.
func Over(st Statement, r Result) Statement {
	s := *st.Node.(*Select)
	from := *s.From
	from.Show = given{r}
	s.From = &from
	return Statement{SQL: st.SQL, Node: &s}
}
