package dump

import "strings"

// consider looks whether the head is enough to know the kind. What it cannot settle waits for conclude.
func (j *judge) consider() {
	first := j.head[0]
	if first.kind == aPunct && first.text == `\` {
		j.settle(ClientCommand)
		return
	}
	if first.kind != aWord {
		return
	}
	switch first.text {
	case "insert":
		j.insert()
	case "create":
		j.create()
	case "comment":
		j.settle(Comment)
	case "set", "reset":
		j.set()
	case "use":
		j.settle(UseDatabase)
	case "drop", "truncate", "delete", "update":
		j.settle(Drop)
	case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release":
		j.settle(Transaction)
	case "grant", "revoke":
		j.settle(Privilege)
	case "select", "alter":
	default:
		j.settle(Other)
	}
}

func (j *judge) settle(kind Kind) {
	j.st.Kind = kind
	j.settled = true
}

// at is the word at place i of the head, or "".
func (j *judge) at(i int) string {
	if i < len(j.head) && j.head[i].kind == aWord {
		return j.head[i].text
	}
	return ""
}

// insert waits for VALUES outside of parentheses. INSERT … SELECT and the like are no rows, and in no dump.
func (j *judge) insert() {
	last := j.head[len(j.head)-1]
	switch {
	case len(j.head) == headTokens:
		// A long list of columns: only the name is needed, and the end of the head.
		j.head = j.head[:headTokens-1]
	case len(j.head) == 1 || len(j.head) == 2:
		if len(j.head) == 2 && j.at(1) != "into" {
			j.settle(Other)
		}
		return
	}
	if last.kind != aWord || j.depth > 0 {
		return
	}
	switch last.text {
	case "values":
		if !j.dotted && len(j.head) > 3 {
			j.takeName(2)
			j.settle(Insert)
			j.inRows = true
			j.endName()
			j.st.Databases = nil
		}
	case "select", "default", "table", "with":
		if !j.dotted && len(j.head) > 3 {
			j.settle(Other)
		}
	}
}

// noise are words between CREATE and what is created, and between that and its name.
var noise = map[string]bool{"or": true, "replace": true, "temp": true, "temporary": true, "unlogged": true, "materialized": true, "if": true, "not": true, "exists": true}

var created = map[string]Kind{
	"table": CreateTable, "view": CreateView, "sequence": CreateSequence, "type": CreateType, "database": CreateDatabase,
	"user": Privilege, "role": Privilege,
}

// create waits until the name after CREATE TABLE and the like is complete, which the token after it tells.
func (j *judge) create() {
	i := 1
	for noise[j.at(i)] {
		i++
	}
	if i >= len(j.head) {
		return
	}
	kind, known := created[j.at(i)]
	if !known {
		j.settle(Other)
		return
	}
	if kind == CreateDatabase || kind == Privilege {
		j.settle(kind)
		return
	}
	for i++; noise[j.at(i)]; i++ {
	}
	last := j.head[len(j.head)-1]
	if len(j.head) <= i+1 || last.kind == aPunct && last.text == "." || isDot(j.head[len(j.head)-2]) {
		return
	}
	j.takeName(i)
	j.settle(kind)
}

func isDot(t token) bool { return t.kind == aPunct && t.text == "." }

// takeName reads [[database.]schema.]name from place i of the head on.
func (j *judge) takeName(i int) {
	var parts []string
	for ; i < len(j.head) && (j.head[i].kind == aWord || j.head[i].kind == aName); i += 2 {
		parts = append(parts, j.head[i].text)
		if i+1 >= len(j.head) || !isDot(j.head[i+1]) {
			break
		}
	}
	j.setName(parts)
}

func (j *judge) setName(parts []string) {
	switch len(parts) {
	case 0:
	case 1:
		j.st.Name = parts[0]
	case 2:
		j.st.Schema, j.st.Name = parts[0], parts[1]
	default:
		j.st.Database, j.st.Schema, j.st.Name = parts[0], parts[1], parts[2]
	}
}

func (j *judge) set() {
	i := 1
	for j.at(i) == "session" || j.at(i) == "local" {
		i++
	}
	if i >= len(j.head) {
		return
	}
	switch j.at(i) {
	case "cluster":
		j.settle(ClusterSetting)
	case "database":
		j.settle(UseDatabase)
	case "transaction", "characteristics":
		j.settle(Transaction)
	default:
		j.settle(Set)
	}
}

// conclude judges what needs the whole statement.
func (j *judge) conclude() {
	switch {
	case len(j.head) == 0:
		j.st.Kind = Empty
	case j.st.Kind == Insert && (j.tail || j.depth != 0):
		j.st.Kind = Other
	case j.settled:
	case j.at(0) == "select":
		j.setval()
	case j.at(0) == "alter":
		j.alter()
	case j.at(0) == "create":
		// CREATE TABLE x; and the like have no token after the name.
		j.head = append(j.head, token{aPunct, ";"})
		j.create()
	}
	if j.st.Kind == "" {
		j.st.Kind = Other
	}
}

// setval is SELECT [pg_catalog.]setval('name', number, bool) and nothing else.
func (j *judge) setval() {
	i := 1
	if j.at(1) == "pg_catalog" && len(j.head) > 2 && isDot(j.head[2]) {
		i = 3
	}
	var shape strings.Builder
	for _, t := range j.head[min(i, len(j.head)):] {
		switch t.kind {
		case aWord:
			shape.WriteByte('w')
		case aText:
			shape.WriteByte('t')
		case aPunct:
			shape.WriteString(t.text)
		default:
			shape.WriteByte('?')
		}
	}
	switch shape.String() {
	case "w(t,w,w)", "w(t,-w,w)", "w(t,w)", "w(t,-w)":
		if j.at(i) == "setval" {
			j.st.Kind = Setval
			parts := splitName(j.head[i+2].text)
			j.setName(parts)
			j.database(parts)
		}
	}
}

func (j *judge) alter() {
	switch {
	case j.at(1) == "user" || j.at(1) == "role":
		j.st.Kind = Privilege
		return
	case j.at(1) == "database":
		return
	case j.at(1) != "table" || j.commas:
		return
	}
	i := 2
	for noise[j.at(i)] {
		i++
	}
	j.takeName(i)
	end := i + 1
	for end+1 < len(j.head) && isDot(j.head[end]) {
		end += 2
	}
	switch {
	case j.at(end) == "add" && j.foreign:
		j.st.Kind = AddForeignKey
	case j.at(end) == "validate" && j.validates:
		j.st.Kind = Validate
	}
}

// splitName splits a name that is written in a string: shop.public."My ""seq""".
func splitName(text string) []string {
	var parts []string
	var part strings.Builder
	inside := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && inside && i+1 < len(text) && text[i+1] == '"':
			part.WriteByte('"')
			i++
		case c == '"':
			inside = !inside
		case c == '.' && !inside:
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String())
}
