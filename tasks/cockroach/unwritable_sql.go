package cockroach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Suspect is a column whose type has values that dump cannot write: it fails part-way through the table, or writes another
// value without a word.
type Suspect struct {
	Table  TableInfo
	Column string
	// Type is how the database lists it, in small letters.
	Type string
	// Values is how many such values were found.
	Values int64
}

// condition is true, in SQL, of a value that dump cannot write. Arrays of these types are written well. Source: real
// v20.1.5 (T:09b for bits and dates; it writes TIME '24:00:00' as '00:00:00').
func (s Suspect) condition() string {
	column := QuoteName(s.Column)
	switch {
	case strings.Contains(s.Type, "bit"):
		return column + " IS NOT NULL"
	case s.Type == "date":
		return column + "::STRING IN ('infinity', '-infinity')"
	}
	return column + "::STRING LIKE '24:%'"
}

// Problem says what is wrong with the values and what to do, in one line.
func (s Suspect) Problem() string {
	what := "writes as 00:00"
	remedy := "change 24:00 to another time"
	switch {
	case strings.Contains(s.Type, "bit"):
		what, remedy = "cannot write", "change the column to STRING or BYTES"
	case s.Type == "date":
		what, remedy = "cannot write", "replace infinity with a date or NULL"
	}
	values := "1 value"
	if s.Values != 1 {
		values = fmt.Sprintf("%d values", s.Values)
	}
	return fmt.Sprintf("column %q of table %q (%s) has %s that `cockroach dump` %s: %s, or upgrade to v20.2 or later and use the method native",
		s.Column, s.Table.Name, s.Type, values, what, remedy)
}

// suspectTypes are the types as releases list them in information_schema.
const suspectTypes = "'bit', 'varbit', 'bit varying', 'date', 'time', 'time without time zone', 'timetz', 'time with time zone'"

// SuspectsQuery lists the columns of such types at a snapshot, views' columns too; ReadSuspects reads the answer.
func SuspectsQuery(database string, at time.Time) string {
	return fmt.Sprintf("SELECT table_schema AS s, table_name AS n, column_name AS c, lower(data_type) AS k FROM %s.information_schema.columns%s WHERE lower(data_type) IN (%s) AND table_schema %s ORDER BY 1, 2, ordinal_position;\n",
		QuoteName(database), atOrNow(at), suspectTypes, own)
}

// ReadSuspects reads the answer to SuspectsQuery, and keeps the columns of tables.
func ReadSuspects(stdout string, tags int, tables []TableInfo) ([]Suspect, error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return nil, err
	}
	at, err := rows.Places("s", "n", "c", "k")
	if err != nil {
		return nil, err
	}
	var out []Suspect
	for _, row := range rows.Rows {
		table := TableInfo{Schema: row[at[0]], Name: row[at[1]], Kind: TableBase}
		if slices.Contains(tables, table) {
			out = append(out, Suspect{Table: table, Column: row[at[2]], Type: row[at[3]]})
		}
	}
	return out, nil
}

// InspectQuery counts the rows of a table at a snapshot, and for each of its suspects the values that dump cannot write,
// in one pass over the table. ReadInspect reads the answer.
func InspectQuery(database string, table TableInfo, suspects []Suspect, at time.Time) string {
	var columns strings.Builder
	for i, s := range ofTable(suspects, table) {
		fmt.Fprintf(&columns, ", count(CASE WHEN %s THEN 1 END) AS c%d", s.condition(), i)
	}
	return fmt.Sprintf("SELECT count(*) AS n%s FROM %s%s;\n", columns.String(), qualified(database, table.Schema, table.Name), atOrNow(at))
}

// ReadInspect reads the answer to InspectQuery: the number of rows, and the suspects of the table that were found guilty.
func ReadInspect(stdout string, tags int, table TableInfo, suspects []Suspect) (rowCount int64, guilty []Suspect, err error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return 0, nil, err
	}
	mine := ofTable(suspects, table)
	if len(rows.Rows) != 1 || len(rows.Columns) != len(mine)+1 {
		return 0, nil, fmt.Errorf("the database answered %d rows of %d columns to a count of table %q", len(rows.Rows), len(rows.Columns), table.Name)
	}
	numbers := make([]int64, len(mine)+1)
	for i, text := range rows.Rows[0] {
		if numbers[i], err = strconv.ParseInt(text, 10, 64); err != nil {
			return 0, nil, fmt.Errorf("the database answered %q to a count of table %q", text, table.Name)
		}
	}
	for i, s := range mine {
		if s.Values = numbers[i+1]; s.Values > 0 {
			guilty = append(guilty, s)
		}
	}
	return numbers[0], guilty, nil
}

func ofTable(suspects []Suspect, table TableInfo) []Suspect {
	var out []Suspect
	for _, s := range suspects {
		if s.Table == table {
			out = append(out, s)
		}
	}
	return out
}
