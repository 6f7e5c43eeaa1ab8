package version

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is one released version of CockroachDB, such as v20.1.5.
type Version struct {
	Major, Minor, Patch int
}

// lines are the release lines that exist, oldest first.
// Source: the vendor's release list up to June 2026.
var lines = []string{
	"2.0", "2.1", "19.1", "19.2", "20.1", "20.2", "21.1", "21.2", "22.1", "22.2",
	"23.1", "23.2", "24.1", "24.2", "24.3", "25.1", "25.2", "25.3", "25.4", "26.1", "26.2",
}

var tag = regexp.MustCompile(`^v?([0-9]{1,3})\.([0-9]{1,2})\.([0-9]{1,3})$`)

// Parse reads a tag of the form v20.1.5; the v may be missing. Only release
// lines that exist are accepted.
func Parse(s string) (Version, error) {
	m := tag.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return Version{}, fmt.Errorf("version %q is not of the form vMAJOR.MINOR.PATCH, such as v24.1.6", s)
	}
	var v Version
	v.Major, _ = strconv.Atoi(m[1])
	v.Minor, _ = strconv.Atoi(m[2])
	v.Patch, _ = strconv.Atoi(m[3])
	for _, l := range lines {
		if l == v.Line() {
			return v, nil
		}
	}
	return Version{}, fmt.Errorf("version %q belongs to no release line; known lines are %s", s, strings.Join(lines, " "))
}

// MustParse is Parse for constants in tables; it panics on a bad tag.
func MustParse(s string) Version {
	v, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

// String gives the tag, such as v20.1.5.
func (v Version) String() string { return fmt.Sprintf("v%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Line gives the release line, such as 20.1.
func (v Version) Line() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// AtLeast says whether v is major.minor.patch or newer.
func (v Version) AtLeast(major, minor, patch int) bool {
	if v.Major != major {
		return v.Major > major
	}
	if v.Minor != minor {
		return v.Minor > minor
	}
	return v.Patch >= patch
}

// Before is the opposite of AtLeast.
func (v Version) Before(major, minor, patch int) bool { return !v.AtLeast(major, minor, patch) }

// Within says whether v is of the line major.minor and of patch from or newer.
// It is for fixes that went into the middle of several lines.
func (v Version) Within(major, minor, from int) bool {
	return v.Major == major && v.Minor == minor && v.Patch >= from
}
