package placement

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// pattern matches a whole value of a field against a regular expression.
//
// The SDK matches name:pattern against name:value of every attribute, so that "a|b" means "name:a, or the text b".
// People worked round that by writing "a|name:b". Both readings are tried, so that such a constraint keeps its
// meaning and "a|b" gets the meaning that it looks to have.
type pattern struct {
	field Field
	want  string
	value *regexp.Regexp
	// sdk is the SDK's reading, nil where it cannot differ from the plain one.
	sdk *regexp.Regexp
}

// matching compiles a regular expression. It is Go's dialect (RE2), which leaves out look-around and back-references.
func matching(name string, field Field, want string, given bool) (pattern, *Fault) {
	if !given || want == "" {
		return pattern{}, needsValue(name, "rack-[1-3]")
	}
	// Compiled alone first: a stray parenthesis must not pair with the ones put round it below.
	if _, err := regexp.Compile(want); err != nil {
		return pattern{}, badPattern(err)
	}
	result := pattern{field: field, want: want}
	var err error
	if result.value, err = regexp.Compile(`\A(?:` + want + `)\z`); err != nil {
		return pattern{}, badPattern(err)
	}
	if field.attribute() && strings.Contains(want, "|") {
		if result.sdk, err = regexp.Compile(`\A(?:` + regexp.QuoteMeta(string(field)) + `:` + want + `)\z`); err != nil {
			return pattern{}, badPattern(err)
		}
	}
	return result, nil
}

// find gives the agent's value that decides, whether the agent has one at all, and whether one matches.
func (p pattern) find(agent *tasks.Agent) (value string, found, match bool) {
	for have := range p.field.values(agent) {
		if p.value.MatchString(have) {
			return have, true, true
		}
		if !found {
			value, found = have, true
		}
	}
	if p.sdk == nil {
		return value, found, false
	}
	for i := range agent.Attributes {
		attribute := &agent.Attributes[i]
		if p.sdk.MatchString(attribute.Name + ":" + attribute.Value) {
			return attribute.Value, true, true
		}
	}
	return value, found, false
}

func badPattern(err error) *Fault {
	return &Fault{
		Message: fmt.Sprintf("this is not a regular expression that can be used (%v)", err),
		Remedy:  "Use RE2 syntax (github.com/google/re2/wiki/Syntax); look-ahead, look-behind and back-references do not exist there.",
	}
}
