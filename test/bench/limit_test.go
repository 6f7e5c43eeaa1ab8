package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
)

// figure is one measured value and its limit.
type figure struct {
	name  string
	value float64
	// least and most of several measurements, whose median value is; both zero when there was one.
	least, most float64
	limit       float64
	unit        string
	// atLeast turns the limit round: the value must not be below it.
	atLeast bool
	// exact figures do not depend on other load and get no allowance.
	exact bool
}

// allowance is by how much a figure that hangs on time may miss its limit, unless BENCH_STRICT=1.
const allowance = 4

// missed says whether a figure misses its limit by more than is allowed.
func (f figure) missed(strict bool) bool {
	factor := 1.0
	if !strict && !f.exact {
		factor = allowance
	}
	if f.atLeast {
		return f.value*factor < f.limit
	}
	return f.value > f.limit*factor
}

// verdict is one word for the table: a figure inside the allowance but outside its limit is SLOW.
func (f figure) verdict(strict bool) string {
	switch {
	case f.missed(strict):
		return "MISSED"
	case f.missed(true):
		return "SLOW"
	}
	return "ok"
}

func (f figure) bound() string {
	if f.atLeast {
		return ">= " + number(f.limit)
	}
	return "<= " + number(f.limit)
}

// spread is least and most, empty for a single measurement.
func (f figure) spread() string {
	if f.least == 0 && f.most == 0 {
		return ""
	}
	return number(f.least) + " to " + number(f.most)
}

// number is a value with as many digits as say something.
func number(v float64) string {
	switch {
	case v == float64(int64(v)) || v >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// table prints figures in columns.
func table(out io.Writer, figures []figure, strict bool) error {
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "FIGURE\tMEASURED\tSPREAD\tLIMIT\tUNIT\tVERDICT")
	for _, f := range figures {
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\t%s\n", f.name, number(f.value), f.spread(), f.bound(), f.unit, f.verdict(strict))
	}
	return columns.Flush()
}

func TestHowAFigureIsJudged(t *testing.T) {
	tests := []struct {
		name   string
		figure figure
		strict bool
		want   string
	}{
		{"a time within its limit", figure{value: 19, limit: 20}, true, "ok"},
		{"a time at its limit", figure{value: 20, limit: 20}, true, "ok"},
		{"a time over its limit", figure{value: 21, limit: 20}, true, "MISSED"},
		{"the same on a shared machine", figure{value: 21, limit: 20}, false, "SLOW"},
		{"a time at four times its limit", figure{value: 80, limit: 20}, false, "SLOW"},
		{"a time over four times its limit", figure{value: 81, limit: 20}, false, "MISSED"},
		{"a rate over its limit", figure{value: 300, limit: 200, atLeast: true}, true, "ok"},
		{"a rate under its limit", figure{value: 199, limit: 200, atLeast: true}, true, "MISSED"},
		{"the same on a shared machine", figure{value: 199, limit: 200, atLeast: true}, false, "SLOW"},
		{"a rate under a quarter of its limit", figure{value: 49, limit: 200, atLeast: true}, false, "MISSED"},
		{"memory gets no allowance", figure{value: 41, limit: 40, exact: true}, false, "MISSED"},
		{"none is none", figure{value: 1, limit: 0}, false, "MISSED"},
	}
	for _, tt := range tests {
		if got := tt.figure.verdict(tt.strict); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTheTableNamesLimitAndVerdict(t *testing.T) {
	var out strings.Builder
	figures := []figure{{name: "speed", value: 250000.7, limit: 200000, unit: "offers/s", atLeast: true},
		{name: "time", value: 25.25, least: 20, most: 31.5, limit: 20, unit: "ms"}, {name: "calls", unit: "calls", exact: true}}
	if err := table(&out, figures, true); err != nil {
		t.Fatal(err)
	}
	want := `FIGURE  MEASURED  SPREAD      LIMIT      UNIT      VERDICT
speed   250001                >= 200000  offers/s  ok
time    25.2      20 to 31.5  <= 20      ms        MISSED
calls   0                     <= 0       calls     ok
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
