package flags

import "github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"

// kind is the shape of a flag's value.
type kind int

const (
	text     kind = iota // any text
	list                 // text, may be repeated or comma-separated
	repeated             // text, may be repeated, commas belong to the value
	boolean
	size     // bytes, a fraction, or a percentage
	duration // Go's notation: 500ms
	severity // optional value: --logtostderr or --logtostderr=INFO
	hostPort // host[:port]
	port     // a number
	locality // k=v,k2=v2
	storeSpec
	display  // a table format
	waitMode // node decommission --wait
	dumpMode
	checks // node decommission --checks
)

// state is how a version treats a flag that it knows.
type state int

const (
	shown state = iota
	hidden
	deprecated
)

// span says that versions from From (inclusive) to To (exclusive; zero means
// "up to now") treat the flag as State. Versions outside all spans do not know it.
type span struct {
	from, to version.Version
	state    state
}

// rule is one flag.
type rule struct {
	name, short string
	kind        kind
	spans       []span
}

func since(major, minor, patch int, s ...state) span {
	sp := span{from: version.Version{Major: major, Minor: minor, Patch: patch}}
	if len(s) > 0 {
		sp.state = s[0]
	}
	return sp
}

func (s span) until(major, minor, patch int) span {
	s.to = version.Version{Major: major, Minor: minor, Patch: patch}
	return s
}

var always = since(2, 0, 0)

// in finds how v treats the flag; ok is false when v does not know it.
func (r rule) in(v version.Version) (state, bool) {
	for _, s := range r.spans {
		if v.Before(s.from.Major, s.from.Minor, s.from.Patch) {
			continue
		}
		if s.to != (version.Version{}) && v.AtLeast(s.to.Major, s.to.Minor, s.to.Patch) {
			continue
		}
		return s.state, true
	}
	return 0, false
}
