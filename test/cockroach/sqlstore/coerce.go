package sqlstore

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// coerce fits a value to a column's type. Messages as the real program words
// them; see TestFaultsOfValues.
func coerce(v Value, t Type, column string) (Value, error) {
	if v == nil {
		return nil, nil
	}
	mismatch := func() error {
		return errorf("42804", "value type %s doesn't match type %s of column %q", kindName(v), t.kind(), column)
	}
	if t.Array {
		if r, ok := v.(Raw); ok && strings.HasPrefix(string(r), "ARRAY[") {
			return r, nil
		}
		if s, ok := v.(string); ok && strings.HasPrefix(s, "{") {
			return Raw("ARRAY[" + strings.Trim(s, "{}") + "]"), nil
		}
		return nil, mismatch()
	}
	switch t.kind() {
	case "int":
		return toInt(v, mismatch)
	case "float":
		return toFloat(v, mismatch)
	case "decimal":
		return toDecimal(v, t, column, mismatch)
	case "string":
		s, ok := v.(string)
		if !ok {
			return nil, mismatch()
		}
		if t.Width > 0 && len([]rune(s)) > t.Width {
			return nil, errorf("22001", "value too long for type %s (column %q)", t, column)
		}
		return s, nil
	case "bool":
		return toBool(v, mismatch)
	case "bytes":
		return toBytes(v, mismatch)
	}
	return toRaw(v, t, mismatch)
}

func toInt(v Value, mismatch func() error) (Value, error) {
	switch x := v.(type) {
	case int64:
		return x, nil
	case numeric:
		if f, err := strconv.ParseFloat(string(x), 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int64(f), nil
		}
	case string:
		if n, err := strconv.ParseInt(x, 10, 64); err == nil {
			return n, nil
		}
		return nil, errorf("22P02", "could not parse %q as type int: strconv.ParseInt: parsing %q: invalid syntax", x, x)
	}
	return nil, mismatch()
}

func toFloat(v Value, mismatch func() error) (Value, error) {
	switch x := v.(type) {
	case int64:
		return float64(x), nil
	case float64:
		return x, nil
	case numeric:
		f, err := strconv.ParseFloat(string(x), 64)
		if err != nil {
			return nil, mismatch()
		}
		return f, nil
	case string:
		if n, err := strconv.ParseFloat(x, 64); err == nil {
			return n, nil
		}
		return nil, errorf("22P02", "could not parse %q as type float: strconv.ParseFloat: parsing %q: invalid syntax", x, x)
	}
	return nil, mismatch()
}

func toDecimal(v Value, t Type, column string, mismatch func() error) (Value, error) {
	switch v.(type) {
	case int64, numeric, float64, string, Raw:
	default:
		return nil, mismatch()
	}
	s := Text(v)
	switch strings.ToLower(s) {
	case "nan":
		return Raw("NaN"), nil
	case "inf", "infinity", "+inf":
		return Raw("Infinity"), nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok || strings.ContainsAny(s, "/xXpP_") {
		return nil, errorf("22P02", "could not parse %q as type decimal", s)
	}
	if t.Width > 0 {
		limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Width-t.Scale)), nil)
		s = r.FloatString(t.Scale)
		if rounded, _ := new(big.Rat).SetString(s); new(big.Rat).Abs(rounded).Cmp(new(big.Rat).SetInt(limit)) >= 0 {
			return nil, errorf("22003", "type %s (column %q): value with precision %d, scale %d must round to an absolute value less than 10^%d", t, column, t.Width, t.Scale, t.Width-t.Scale)
		}
	}
	if mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E"); ok {
		if exponent[0] != '-' && exponent[0] != '+' {
			exponent = "+" + exponent
		}
		s = mantissa + "E" + exponent
	}
	return Raw(strings.TrimPrefix(s, "+")), nil
}

func toBool(v Value, mismatch func() error) (Value, error) {
	switch x := v.(type) {
	case bool:
		return x, nil
	case string:
		if b, err := strconv.ParseBool(x); err == nil {
			return b, nil
		}
		return nil, errorf("22P02", "could not parse %q as type bool: invalid bool value", x)
	}
	return nil, mismatch()
}

func toBytes(v Value, mismatch func() error) (Value, error) {
	switch x := v.(type) {
	case Bytes:
		return x, nil
	case string:
		h, ok := strings.CutPrefix(x, `\x`)
		if !ok {
			return Bytes(x), nil
		}
		b, err := hex.DecodeString(h)
		if err != nil {
			return nil, errorf("22P02", "could not parse %q as type bytes: %s", x, err)
		}
		return Bytes(b), nil
	}
	return nil, mismatch()
}

// toRaw brings the text of the other types into the form that they show.
func toRaw(v Value, t Type, mismatch func() error) (Value, error) {
	s, ok := v.(string)
	if r, isRaw := v.(Raw); isRaw {
		s, ok = string(r), true
	}
	if !ok {
		return nil, mismatch()
	}
	switch t.Name {
	case "TIMESTAMP", "TIMESTAMPTZ":
		if r, ok := v.(Raw); ok && len(r) >= 25 && strings.HasSuffix(string(r), "+00:00") {
			return r, nil // worked out from a timestamp: it is in the form already
		}
		at, ok := ParseTime(s)
		if !ok {
			return nil, errorf("22007", "parsing as type timestamp: could not parse %q", s)
		}
		return Raw(TimeText(at)), nil
	case "DATE":
		if s == "infinity" || s == "-infinity" {
			return Raw(s), nil
		}
		at, ok := ParseTime(s)
		if !ok {
			return nil, errorf("22007", "parsing as type date: could not parse %q", s)
		}
		return Raw(at.Format("2006-01-02")), nil
	case "UUID":
		id, err := uuid.Parse(s)
		if err != nil {
			return nil, errorf("22P02", "could not parse %q as type uuid: uuid: incorrect UUID length: %s", s, s)
		}
		return Raw(id.String()), nil
	case "JSONB":
		return toJSON(s)
	case "INET":
		_, err := netip.ParseAddr(s)
		if _, err2 := netip.ParsePrefix(s); err != nil && err2 != nil {
			return nil, errorf("22P02", "could not parse %q as type inet: invalid IP", s)
		}
	case "BIT", "VARBIT":
		if strings.Trim(s, "01") != "" {
			return nil, errorf("22P02", "could not parse string as bit array: %q is not a valid binary digit", strings.Trim(s, "01")[:1])
		}
		if t.Name == "BIT" && len(s) != max(t.Width, 1) || t.Width > 0 && len(s) > t.Width {
			return nil, errorf("22026", "bit string length %d does not match type %s", len(s), t)
		}
	}
	return Raw(s), nil
}

var timeForms = []string{
	"2006-01-02 15:04:05.999999999Z07:00:00", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04", "2006-01-02", "2006-01-02Z07:00",
}

var dateForms = []string{"2006-01-02"}

// ParseTime reads a timestamp as the database does, in microseconds; without a
// zone it is UTC.
func ParseTime(s string) (time.Time, bool) {
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10] + " " + s[11:]
	}
	forms := timeForms
	switch n := len(s); {
	case n == 10:
		forms = dateForms
	case n > 6 && (s[n-6] == '+' || s[n-6] == '-') && s[n-3] == ':':
		forms = timeForms[1:]
	}
	for _, form := range forms {
		if at, err := time.Parse(form, s); err == nil {
			return at.UTC().Round(time.Microsecond), true
		}
	}
	return time.Time{}, false
}

// TimeText shows a time as the database does.
func TimeText(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.999999-07:00") }

// toJSON brings JSON into the form that JSONB shows: keys sorted, a blank after
// colons and commas.
func toJSON(s string) (Value, error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, errorf("22P02", "could not parse JSON: unable to decode JSON: %s", err)
	}
	if d.More() {
		return nil, errorf("22P02", "could not parse JSON: trailing characters after JSON document")
	}
	return Raw(appendJSON(nil, v)), nil
}

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case map[string]any:
		b = append(b, '{')
		keys := sorted(v)
		slices.Sort(keys)
		for i, k := range keys {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(appendJSON(b, k), ": "...)
			b = appendJSON(b, v[k])
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendJSON(b, x)
		}
		return append(b, ']')
	case json.Number:
		return append(b, v...)
	}
	var w strings.Builder
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	e.Encode(v) // strings, booleans and null always encode
	return append(b, strings.TrimSuffix(w.String(), "\n")...)
}
