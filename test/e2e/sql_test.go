package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sql runs statements through the database's own shell, on the node at an agent's address.
func sql(t *testing.T, ip, statement string) answer {
	t.Helper()
	return output(t, exec.CommandContext(t.Context(), filepath.Join(programs, "cockroach"),
		"sql", "--insecure", "--host="+ip+":26257", "-e", statement))
}

// write makes a table with one row on a node.
func write(t *testing.T, ip, table, text string) {
	t.Helper()
	for _, statement := range []string{
		"CREATE TABLE " + table + " (id INT PRIMARY KEY, name STRING)",
		"INSERT INTO " + table + " VALUES (1, '" + text + "')",
	} {
		if got := sql(t, ip, statement); got.code != 0 {
			t.Fatalf("%s on %s: exit code %d\n%s", statement, ip, got.code, got.stderr)
		}
	}
}

// read waits until a node gives the row's text: a node that has just come back may still catch up.
func read(t *testing.T, ip, table, text string) {
	t.Helper()
	eventually(t, nil, "read "+table+" on "+ip, func() error {
		got := sql(t, ip, "SELECT name FROM "+table+" WHERE id = 1")
		if got.code != 0 || !strings.Contains(got.stdout, text) {
			return &unread{got}
		}
		return nil
	})
}

type unread struct{ answer }

func (u *unread) Error() string { return "the shell says: " + u.stdout + u.stderr }
