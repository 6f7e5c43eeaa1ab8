package job

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"
)

// foreign judges the statements that `cockroach dump` does not write for one database. The older service and `dump --all` put
// the making of the database and USE in front: those are left out, the target takes their place. Everything else is refused,
// since it would reach beyond the database that is restored.
type foreign struct {
	database string
	// skipped are the first of those that were left out, count is how many.
	skipped []string
	count   int64
}

// judge says whether the statement is left out; the error refuses the whole backup.
func (f *foreign) judge(p dump.Piece) (skip bool, err error) {
	if p.Kind.InDump() || !p.Last && p.Kind == "" {
		return false, nil
	}
	text := strings.Join(strings.Fields(string(p.Text[:min(len(p.Text), 200)])), " ")
	if p.Last && (p.Kind == dump.UseDatabase || p.Kind == dump.CreateDatabase) {
		if name, plain := lastName(text, p.Kind); plain && name == f.database {
			if f.count++; len(f.skipped) < 10 {
				f.skipped = append(f.skipped, text)
			}
			return true, nil
		}
	}
	if len(text) > 80 {
		text = text[:80] + "…"
	}
	remedy := "take it out of the file if it is harmless; restore only what you trust"
	if p.Kind == dump.UseDatabase || p.Kind == dump.CreateDatabase {
		remedy = "split the file by database: each restore is into one"
	}
	return false, fault(fmt.Sprintf("the dump holds a statement that `cockroach dump` does not write for database %q: %s: %s", f.database, p.Statement, text), remedy)
}

// lastName is the database in USE x, SET DATABASE = x or CREATE DATABASE [IF NOT EXISTS] x; plain is false when there is more.
func lastName(text string, kind dump.Kind) (name string, plain bool) {
	text = strings.TrimSpace(strings.TrimSuffix(text, ";"))
	lower := strings.ToLower(text)
	prefixes := []string{"use ", "set database = ", "set database to ", "set database="}
	if kind == dump.CreateDatabase {
		prefixes = []string{"create database if not exists ", "create database "}
	}
	for _, prefix := range prefixes {
		if !strings.HasPrefix(lower, prefix) {
			continue
		}
		rest := text[len(prefix):]
		if len(rest) > 1 && (rest[0] == '"' || rest[0] == '\'') && rest[len(rest)-1] == rest[0] {
			quote := rest[:1]
			inner := rest[1 : len(rest)-1]
			return strings.ReplaceAll(inner, quote+quote, quote), !strings.Contains(strings.ReplaceAll(inner, quote+quote, ""), quote)
		}
		return strings.ToLower(rest), rest != "" && !strings.ContainsAny(rest, " \"'")
	}
	return "", false
}
