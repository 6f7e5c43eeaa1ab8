package dump

import "bytes"

// tokenKind is what a token is to the judge.
type tokenKind uint8

const (
	aWord tokenKind = iota
	aName
	aText
	aPunct
)

type token struct {
	kind tokenKind
	text string
}

// headTokens is how many tokens of a statement are kept for judging its kind.
const headTokens = 24

// judge says what a statement is, token by token.
type judge struct {
	st   Statement
	head []token
	// depth counts parentheses, in the whole statement.
	depth int
	// inRows says that the rows of an INSERT follow; tail, that something else follows them.
	inRows, tail bool
	// parts are the parts of a dotted name that may go on; dotted says that a dot came last.
	parts  []string
	dotted bool
	// call is true after nextval and its parenthesis: the string that follows is a name.
	call byte
	// words seen outside of parentheses that decide what an ALTER TABLE is.
	foreign, validates, commas bool
	// settled says that the kind is known and more tokens do not change it.
	settled bool
}

func (j *judge) reset(number int64) {
	*j = judge{st: Statement{Number: number}, head: j.head[:0], parts: j.parts[:0]}
}

func (j *judge) word(text []byte) {
	if j.inRows {
		if j.depth == 0 {
			j.tail = true
		}
		return
	}
	lower := string(bytes.ToLower(text))
	j.push(token{aWord, lower})
	if j.depth == 0 {
		switch lower {
		case "foreign":
			j.foreign = true
		case "validate":
			j.validates = true
		}
	}
	if j.call = 0; lower == "nextval" {
		j.call = 1
	}
	j.part(lower)
}

func (j *judge) name(text []byte) {
	if j.inRows {
		return
	}
	j.push(token{aName, string(text)})
	j.call = 0
	j.part(string(text))
}

func (j *judge) text(text []byte) {
	if j.inRows {
		return
	}
	j.push(token{aText, string(text)})
	j.endName()
	if j.call == 2 {
		j.database(splitName(string(text)))
	}
	j.call = 0
}

func (j *judge) punct(c byte) {
	if j.inRows {
		switch c {
		case '(':
			if j.depth++; j.depth == 1 && !j.tail {
				j.st.Rows++
			}
		case ')':
			j.depth--
		}
		return
	}
	switch c {
	case '(':
		j.depth++
	case ')':
		j.depth--
	case ',':
		j.commas = j.commas || j.depth == 0
	}
	j.push(token{aPunct, string([]byte{c})})
	if j.call == 1 && c == '(' {
		j.call = 2
	} else {
		j.call = 0
	}
	if c == '.' && len(j.parts) > 0 && !j.dotted {
		j.dotted = true
		return
	}
	j.endName()
}

// part goes on with a dotted name, or begins a new one.
func (j *judge) part(text string) {
	if !j.dotted {
		j.endName()
	}
	j.dotted = false
	if len(j.parts) < 8 {
		j.parts = append(j.parts, text)
	}
}

func (j *judge) endName() {
	j.database(j.parts)
	j.parts, j.dotted = j.parts[:0], false
}

// everySchema are schemas that every database has. A name of three parts that begins with one of them is a column, and one
// that has one in the middle is a table of the database in front.
var everySchema = map[string]bool{"public": true, "crdb_internal": true, "information_schema": true, "pg_catalog": true, "pg_extension": true}

// maxDatabases is how many databases of one statement are kept.
const maxDatabases = 64

// database takes the database out of a name of three or more parts: database.schema.table. Where a schema of one's own
// makes schema.table.column possible, a name too many is better than one too few: it is only used to refuse.
func (j *judge) database(parts []string) {
	if len(parts) < 3 || len(j.st.Databases) >= maxDatabases || everySchema[parts[0]] && !everySchema[parts[1]] {
		return
	}
	for _, known := range j.st.Databases {
		if known == parts[0] {
			return
		}
	}
	j.st.Databases = append(j.st.Databases, parts[0])
}

func (j *judge) push(t token) {
	if j.settled || len(j.head) >= headTokens {
		return
	}
	j.head = append(j.head, t)
	j.consider()
}

// end is the semicolon.
func (j *judge) end() {
	j.endName()
	j.conclude()
}
