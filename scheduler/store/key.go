package store

import (
	"fmt"
	"slices"
	"strings"
)

// reserved are the keys that the store itself uses under its root.
var reserved = []string{schemaKey, headKey}

// parents lists the keys above a key, the nearest last: "a/b/c" gives "a", "a/b".
func parents(key string) []string {
	var dirs []string
	for i, r := range key {
		if r == '/' {
			dirs = append(dirs, key[:i])
		}
	}
	return dirs
}

// keyProblem says what is wrong with a key, or "".
func keyProblem(key string) string {
	if len(key) > MaxKey {
		return fmt.Sprintf("has %d bytes", len(key))
	}
	segments := strings.Split(key, "/")
	for _, seg := range segments {
		if problem := segmentProblem(seg); problem != "" {
			return problem
		}
	}
	if slices.Contains(reserved, segments[0]) {
		return "is reserved for the store itself"
	}
	return ""
}

// segmentProblem says what is wrong with one part of a key, or "".
func segmentProblem(seg string) string {
	switch {
	case seg == "":
		return "has an empty part"
	case seg == "." || seg == "..":
		return "has a part that is only dots"
	case strings.ContainsFunc(seg, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r))
	}):
		return "has a character that is not allowed"
	}
	return ""
}
