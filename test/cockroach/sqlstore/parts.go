package sqlstore

import "strconv"

// seriesPart is how many rows of a series one statement takes.
const seriesPart = 20000

// Parts cuts an INSERT from a long generate_series into several. Other statements
// are one part.
func Parts(st Statement) []Statement {
	n, ok := st.Node.(Insert)
	if !ok || n.Select == nil || n.Select.From == nil || n.Select.From.Series == nil {
		return []Statement{st}
	}
	from, okFrom := constant(n.Select.From.Series[0])
	to, okTo := constant(n.Select.From.Series[1])
	first, intFrom := from.(int64)
	last, intTo := to.(int64)
	ts, err := lex(st.SQL)
	if !okFrom || !okTo || !intFrom || !intTo || last-first < seriesPart || err != nil {
		return []Statement{st}
	}
	var head, tail string
	for i, t := range ts {
		if t.kind == word && t.text == "generate_series" {
			head = st.SQL[:ts[i+1].to]
			for k := i; k < len(ts); k++ {
				if ts[k].kind == sign && ts[k].text == ")" {
					tail = st.SQL[ts[k].pos:]
					break
				}
			}
			break
		}
	}
	var parts []Statement
	for ; first <= last; first += seriesPart {
		text := head + strconv.FormatInt(first, 10) + ", " + strconv.FormatInt(min(first+seriesPart-1, last), 10) + tail
		sts, err := Parse(text)
		if err != nil || len(sts) != 1 {
			return []Statement{st}
		}
		parts = append(parts, sts[0])
	}
	return parts
}
