package door

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Header carries a token where Authorization is taken.
const Header = wire.TokenHeader

// Bounds of tokens. Sixteen characters of base64 are 96 bits: nobody guesses them over a network.
const (
	Shortest = 16
	Longest  = 4096
	MostOf   = 100
)

// form is what an Authorization header may hold behind Bearer (b64token of RFC 6750, section 2.1).
var form = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// Tokens are those that are good. They are kept hashed: neither the time of a comparison nor a dump of the memory tells them.
type Tokens struct{ sums [][sha256.Size]byte }

// TokenError says what is wrong with a token, by its place among the lines, and never by its text.
type TokenError struct {
	Line    int
	Message string
}

// Error names the line.
func (e *TokenError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Message) }

// ParseTokens reads one token a line. Empty lines, and those that begin with #, count for nothing. All faults are joined, each is a
// *TokenError; one of line 0 is about the whole.
func ParseTokens(text string) (Tokens, []*TokenError) {
	var tokens Tokens
	var faults []*TokenError
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		switch {
		case !form.MatchString(line):
			faults = append(faults, &TokenError{number, "has characters that a token cannot have"})
		case len(line) < Shortest:
			faults = append(faults, &TokenError{number, fmt.Sprintf("is shorter than %d characters, and could be guessed", Shortest)})
		case len(line) > Longest:
			faults = append(faults, &TokenError{number, fmt.Sprintf("is longer than %d characters", Longest)})
		default:
			tokens.sums = append(tokens.sums, sha256.Sum256([]byte(line)))
		}
	}
	switch {
	case len(faults) == 0 && len(tokens.sums) == 0:
		faults = append(faults, &TokenError{0, "holds no token"})
	case len(tokens.sums) > MostOf:
		faults = append(faults, &TokenError{0, fmt.Sprintf("holds more than %d tokens", MostOf)})
	}
	return tokens, faults
}

// Has compares with all of them, in a time that depends on neither how alike they are nor which one it is.
func (t Tokens) Has(token string) bool {
	sum, found := sha256.Sum256([]byte(token)), 0
	for _, known := range t.sums {
		found |= subtle.ConstantTimeCompare(sum[:], known[:])
	}
	return found == 1
}

// Presented is the token that a request brings: that of Header, else that of `Authorization: Bearer …` (RFC 6750). Any other scheme
// of Authorization belongs to somebody else and counts for nothing, and so does a header that is there twice. Empty: none.
func Presented(header http.Header) string {
	if own := header.Values(Header); len(own) > 0 {
		if len(own) > 1 {
			return ""
		}
		return own[0]
	}
	given := header.Values("Authorization")
	if len(given) != 1 {
		return ""
	}
	scheme, token, _ := strings.Cut(given[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
