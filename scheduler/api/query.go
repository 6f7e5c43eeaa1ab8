package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query reads the parameters behind the question mark and gathers what is wrong with them, so that a caller hears of all
// faults at once. A parameter that nobody asks for is a fault too: a misspelt step= must not become an order for the whole
// plan.
type query struct {
	values url.Values
	known  []string
	faults []string
}

func queryOf(r *http.Request) *query {
	values, err := url.ParseQuery(r.URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.faults = append(q.faults, fmt.Sprintf("the query %q cannot be read: %v", r.URL.RawQuery, err))
	}
	return q
}

// text is the parameter's value; an empty one is as good as none.
func (q *query) text(name string) string {
	q.known = append(q.known, name)
	values := q.values[name]
	if len(values) > 1 {
		q.faults = append(q.faults, fmt.Sprintf("%s is given %d times, give it once", name, len(values)))
	}
	return q.values.Get(name)
}

// flag is true or false; a parameter that is not given is false.
func (q *query) flag(name string) bool {
	text := q.text(name)
	if text != "true" && text != "false" && q.values.Has(name) {
		q.faults = append(q.faults, fmt.Sprintf("%s=%s is neither true nor false", name, text))
	}
	return text == "true"
}

// number is a whole number from 0 to most; given says that there is one.
func (q *query) number(name string, most uint64) (value uint64, given bool) {
	text := q.text(name)
	if text == "" {
		return 0, false
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil || value > most {
		q.faults = append(q.faults, fmt.Sprintf("%s=%s is not a whole number from 0 to %d", name, text, most))
		return 0, false
	}
	return value, true
}

// duration is a time like 30s, from 0 to most.
func (q *query) duration(name string, most time.Duration) time.Duration {
	text := q.text(name)
	if text == "" {
		return 0
	}
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 || value > most {
		q.faults = append(q.faults, fmt.Sprintf("%s=%s is not a time from 0s to %s, such as 30s", name, text, most))
		return 0
	}
	return value
}

// refused answers 400 when anything is wrong. It is asked after the last parameter was read.
func (q *query) refused(w http.ResponseWriter) bool {
	for name := range q.values {
		if !slices.Contains(q.known, name) {
			fault := fmt.Sprintf("there is no parameter %q", name)
			if len(q.known) > 0 {
				fault += ", only " + strings.Join(q.known, ", ")
			}
			q.faults = append(q.faults, fault)
		}
	}
	if len(q.faults) == 0 {
		return false
	}
	slices.Sort(q.faults)
	plain(w, http.StatusBadRequest, "Couldn't read the request: "+strings.Join(q.faults, "; "))
	return true
}
