package cluster

import (
	"os"
	"strings"
)

// apiToken is the scheduler's own token: of the file that a flag names, else of the environment, else, for a cluster of dcos, of its
// dcos.toml. There is no flag for the token itself: other users of the machine see command lines, and shells keep them.
func (s settings) apiToken(w Wanted) (Token, error) {
	if w.TokenFile != "" {
		return readToken(w.TokenFile)
	}
	value, field, _ := s.get("cockroachdb", "api_token", APIToken, "DCOS_COCKROACHDB_API_TOKEN")
	if value = strings.TrimSpace(value); strings.ContainsFunc(value, notInToken) {
		return Token{}, &Fault{field, "", "is no token: it has characters that a header cannot carry",
			"Give one token as it stands in API_TOKEN of the scheduler; a file of them goes with --api-token-file."}
	}
	return NewToken(value), nil
}

// readToken takes the first token of a file in the scheduler's form: one a line, where a line that begins with # counts for nothing.
func readToken(path string) (Token, error) {
	fault := func(message string) error {
		return &Fault{"--api-token-file", path, message, "Name a file with the token that those who run the scheduler gave you, readable for you alone."}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Token{}, fault("cannot be read: " + reason(err))
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case strings.ContainsFunc(line, notInToken):
			return Token{}, fault("holds something other than a token")
		default:
			return NewToken(line), nil
		}
	}
	return Token{}, fault("holds no token")
}

// notInToken are what a token cannot have: blanks and what is not visible ASCII.
func notInToken(r rune) bool { return r <= ' ' || r > '~' }
