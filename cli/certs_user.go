package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// longestUser is how many characters a SQL user's name has at most, in every version of the database.
const longestUser = 63

// checkUser says everything that is wrong with the name of a SQL user. Errors: *cluster.Fault, joined.
func checkUser(user string) error {
	var faults []error
	fault := func(message, remedy string) {
		faults = append(faults, &cluster.Fault{Field: "user", Value: user, Message: message, Remedy: remedy})
	}
	if length := utf8.RuneCountInString(user); length > longestUser {
		fault(fmt.Sprintf("has %d characters, and the database allows %d", length, longestUser), "Take a shorter name.")
	}
	if lower := strings.ToLower(user); lower != user {
		fault("has capitals, and the database keeps names in small letters", "Write "+shellWord(lower)+".")
	}
	if strings.ContainsFunc(user, func(r rune) bool { return !nameCharacter(unicode.ToLower(r)) }) {
		fault("has characters that names of SQL users cannot have", "Use letters, digits, underscores, hyphens and dots.")
	} else if strings.HasPrefix(user, "-") || strings.HasPrefix(user, ".") {
		fault("begins with a hyphen or a dot", "Begin it with a letter, a digit or an underscore.")
	}
	if user == "node" {
		fault("is the name that the nodes themselves have, and may act as any user", "Name a SQL user.")
	}
	return errors.Join(faults...)
}

// nameCharacter is the database's own rule.
func nameCharacter(r rune) bool {
	return unicode.Is(unicode.Ll, r) || r >= '0' && r <= '9' || strings.ContainsRune("_-.", r)
}

// checkLifetime refuses what is no time in which a certificate is of use. How long it may be, the scheduler's settings say.
func checkLifetime(lifetime time.Duration, given bool) error {
	if !given || lifetime >= time.Minute {
		return nil
	}
	return &cluster.Fault{Field: "--lifetime", Value: lifetime.String(), Message: "is shorter than a minute", Remedy: "Write a time span such as 720h, or leave it out for the longest."}
}
