package placement

import (
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// exact compares a field with a value. Numbers compare by what they mean, with up to three decimals: 1, 1.0 and
// 1.000 are alike (SDK), because Mesos prints a scalar attribute in a form of its own.
type exact struct {
	field   Field
	want    string
	numeral string
}

func exactly(field Field, want string) exact {
	numeral, _ := numeralOf(want)
	return exact{field: field, want: want, numeral: numeral}
}

// find gives the agent's value that decides, whether the agent has one at all, and whether one equals the wanted one.
func (e exact) find(agent *tasks.Agent) (value string, found, equal bool) {
	for have := range e.field.values(agent) {
		if e.equal(have) {
			return have, true, true
		}
		if !found {
			value, found = have, true
		}
	}
	return value, found, false
}

func (e exact) equal(have string) bool {
	if have == e.want {
		return true
	}
	if e.numeral == "" {
		return false
	}
	numeral, ok := numeralOf(have)
	return ok && numeral == e.numeral
}

// numeralOf gives a decimal number in one form, with up to three decimals and no needless zeros.
func numeralOf(text string) (string, bool) {
	if text == "" || strings.Trim(text, "0123456789.+-eE") != "" {
		return "", false
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", false
	}
	numeral := strconv.FormatFloat(number, 'f', 3, 64)
	numeral = strings.TrimSuffix(strings.TrimRight(numeral, "0"), ".")
	if numeral == "-0" {
		numeral = "0"
	}
	return numeral, true
}
