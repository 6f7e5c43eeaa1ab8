package job

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// sqlError is what the database's client said when it failed.
type sqlError struct {
	// Message is the database's own, in one line. State is the SQLSTATE, empty where the client (up to v19.2) does not tell.
	Message, State string
	// Served says that a server answered: the statement is at fault, or what it met there, and not the way to the server.
	Served bool
}

func (e *sqlError) Error() string {
	if e.State != "" {
		return fmt.Sprintf("%s (SQLSTATE %s)", e.Message, e.State)
	}
	return e.Message
}

// readSQLError reads the stderr of `cockroach sql` or dump. Forms: "ERROR: …", "SQLSTATE: …", "DETAIL: …" from v20.1 on,
// "Error: pq: …" before; "Failed running" and a repetition of the same follow. Source: transcript 08.
func readSQLError(r clientResult) *sqlError {
	e := &sqlError{}
	for line := range strings.SplitSeq(r.stderr, "\n") {
		line = strings.TrimSpace(line)
		if text, found := cutAny(line, "ERROR: ", "Error: "); found {
			if e.Message != "" && e.State != "" {
				break // the same once more
			}
			served := strings.HasPrefix(text, "pq: ")
			e.Message, e.Served = strings.TrimPrefix(text, "pq: "), served
			continue
		}
		if state, found := strings.CutPrefix(line, "SQLSTATE: "); found && e.State == "" {
			e.State, e.Served = state, true
		}
		for _, more := range []string{"DETAIL: ", "HINT: "} {
			if strings.HasPrefix(line, more) && !strings.HasPrefix(line, "DETAIL: source SQL:") && !strings.Contains(e.Message, line) {
				e.Message += "; " + line
			}
		}
	}
	if e.Message == "" {
		e.Message = strings.Join(strings.Fields(r.stderr), " ")
	}
	if means := cockroach.CertTrouble(r.stderr); means != "" && !e.Served {
		e.Message += " (" + means + ")"
	}
	if e.Message == "" {
		e.Message = fmt.Sprintf("the client ended with exit code %d and said nothing", r.code)
	}
	// Shutting down, connection failures and restarts of transactions pass; so do those without a state from these words.
	for _, passing := range []string{"57P", "08", "40"} {
		if strings.HasPrefix(e.State, passing) {
			e.Served = false
		}
	}
	if e.State == "" && strings.Contains(e.Message, "server is not accepting clients") {
		e.Served = false
	}
	return e
}

func cutAny(line string, prefixes ...string) (string, bool) {
	for _, prefix := range prefixes {
		if rest, found := strings.CutPrefix(line, prefix); found {
			return rest, true
		}
	}
	return line, false
}
