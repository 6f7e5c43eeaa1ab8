package cockroach

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is a CockroachDB release such as v24.1.6. Major and Minor are the release line (24.1), Patch the position in it.
// Pre is the tail of a pre-release ("rc.1", "alpha.20191216"), empty for a production release. The zero Version is "none".
type Version struct {
	Major, Minor, Patch int
	Pre                 string
}

// Parse reads "v24.1.6", "24.1.6" or "v20.1.0-rc.2". Anything else is an error that says what was expected.
func Parse(text string) (Version, error) {
	fault := func() (Version, error) {
		return Version{}, fmt.Errorf("%q is not a CockroachDB version: write it as vMAJOR.MINOR.PATCH, for example v24.1.6", text)
	}
	rest := strings.TrimPrefix(strings.TrimSpace(text), "v")
	numbers, pre, hasPre := strings.Cut(rest, "-")
	parts := strings.Split(numbers, ".")
	if len(parts) != 3 || (hasPre && !isPreRelease(pre)) {
		return fault()
	}
	var n [3]int
	for i, part := range parts {
		value, err := strconv.ParseUint(part, 10, 16)
		if err != nil || (len(part) > 1 && part[0] == '0') {
			return fault()
		}
		n[i] = int(value)
	}
	return Version{Major: n[0], Minor: n[1], Patch: n[2], Pre: pre}, nil
}

// isPreRelease accepts the tails CockroachDB uses: alpha, beta or rc, with numbers behind dots.
func isPreRelease(tail string) bool {
	words := strings.Split(tail, ".")
	switch words[0] {
	case "alpha", "beta", "rc":
	default:
		return strings.HasPrefix(words[0], "alpha") && isDigits(words[0][len("alpha"):])
	}
	for _, word := range words[1:] {
		if !isDigits(word) {
			return false
		}
	}
	return true
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// String is the form of tags and archives: "v24.1.6", "v20.1.0-rc.2". The zero Version gives "".
func (v Version) String() string {
	if v == (Version{}) {
		return ""
	}
	text := fmt.Sprintf("v%d.%d.%d", v.Major, v.Minor, v.Patch)
	if v.Pre != "" {
		text += "-" + v.Pre
	}
	return text
}

// Line is the release line without the "v": "24.1". It is also the text of the cluster version setting.
func (v Version) Line() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// IsZero reports whether v is the zero Version, which stands for "not given".
func (v Version) IsZero() bool { return v == Version{} }

// Compare is negative when v is older than w, zero when equal, positive when newer. A pre-release is older than its
// release; parts of its tail that are numbers compare as numbers.
func (v Version) Compare(w Version) int {
	if c := cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch)); c != 0 {
		return c
	}
	if v.Pre == w.Pre {
		return 0
	}
	if v.Pre == "" {
		return 1
	}
	if w.Pre == "" {
		return -1
	}
	return comparePre(strings.Split(v.Pre, "."), strings.Split(w.Pre, "."))
}

func comparePre(a, b []string) int {
	for i := range min(len(a), len(b)) {
		x, errX := strconv.Atoi(a[i])
		y, errY := strconv.Atoi(b[i])
		c := cmp.Compare(a[i], b[i])
		if errX == nil && errY == nil {
			c = cmp.Compare(x, y)
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Less reports whether v is older than w.
func (v Version) Less(w Version) bool { return v.Compare(w) < 0 }

// must is for the tables of this package, whose texts are constants; a test parses them all.
func must(text string) Version {
	v, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return v
}
