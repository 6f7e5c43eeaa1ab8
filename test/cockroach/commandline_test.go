package cockroach_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cli"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// inProcess runs the command line of a version without a process; it is for
// commands that end by themselves.
func inProcess(t *testing.T, tag string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), version.MustParse(tag), args, cli.Streams{
		In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" },
	})
	return result{out: out.String(), err: errs.String(), code: code}
}

// TestFaultyCommandLines: last lines on standard error, exit code, nothing on
// standard output. Measure: 00-version, 01, 04, 05, 09 for v20.1.5, and sections
// 1.3, 1.4 and 4 of the reference for the others.
func TestFaultyCommandLines(t *testing.T) {
	for _, c := range []struct {
		tag   string
		args  string
		usage bool
		tail  string
		code  int
	}{
		{recorded, "nosuchcommand", false, `ERROR: unknown command "nosuchcommand" for "cockroach"|Failed running "cockroach"`, 1},
		{recorded, "start --no-such-flag", true, `ERROR: unknown flag: --no-such-flag|Failed running "start"`, 1},
		{recorded, "start --insecure --cache=banana", true, `ERROR: invalid argument "banana" for "--cache" flag: strconv.ParseFloat: parsing "": invalid syntax|Failed running "start"`, 1},
		{recorded, "init --no-such-flag", true, `ERROR: unknown flag: --no-such-flag|Failed running "init"`, 1},
		{recorded, "node status --format=nosuch --insecure", true, `ERROR: invalid argument "nosuch" for "--format" flag: invalid table display format: nosuch (possible values: tsv, csv, table, records, sql, html, raw)|Failed running "node status"`, 1},
		{recorded, "start --insecure --join", true, `ERROR: flag needs an argument: --join|Failed running "start"`, 1},
		{recorded, "start --insecure extra-arg --join=127.0.0.1:1", false, `ERROR: unknown command "extra-arg" for "cockroach start"|Failed running "start"`, 1},
		{recorded, "start --insecure --join=127.0.0.1:1 --logtostderr INFO", false, `ERROR: unknown command "INFO" for "cockroach start"|Failed running "start"`, 1},
		{recorded, "init --insecure extra", false, `ERROR: unknown command "extra" for "cockroach init"|Failed running "init"`, 1},
		{recorded, "node decommission --insecure", false, `ERROR: requires at least 1 arg(s), only received 0|Failed running "node decommission"`, 1},
		{recorded, "node decommission abc --insecure", false, `ERROR: unable to parse abc: strconv.ParseInt: parsing "abc": invalid syntax|Failed running "node decommission"`, 1},
		{recorded, "node decommission 1 --wait=banana --insecure", true, `ERROR: invalid argument "banana" for "--wait" flag: invalid node decommission parameter: banana (possible values: all, live, none)|Failed running "node decommission"`, 1},
		{recorded, "node status abc --insecure", false, `ERROR: could not parse node_id abc|Failed running "node status"`, 1},
		{recorded, "dump --insecure", false, `ERROR: requires at least 1 arg(s), only received 0|Failed running "dump"`, 1},
		{recorded, "dump shop --dump-mode=banana --insecure", true, `ERROR: invalid argument "banana" for "--dump-mode" flag: invalid value for --dump-mode: banana|Failed running "dump"`, 1},
		{recorded, "dump --dump-all --insecure", true, `ERROR: unknown flag: --dump-all|Failed running "dump"`, 1},
		{recorded, "version --build-tag", true, `ERROR: unknown flag: --build-tag|Failed running "version"`, 1},
		{recorded, "start-single-node --insecure --join=127.0.0.1:1", false, `ERROR: cannot use --join with 'cockroach start-single-node' -- use 'cockroach start' instead|Failed running "start-single-node"`, 1},
		{recorded, "sql --insecure --host=127.0.0.1:1 -e select", false, `dial tcp 127.0.0.1:1: connect: connection refused|Failed running "sql"`, 1},

		{"v2.0.7", "start --insecure --listen-addr=127.0.0.1:1", true, `Error: unknown flag: --listen-addr|Failed running "start"`, 1},
		{"v2.0.7", "start --insecure --http-addr=127.0.0.1:1", true, `Error: unknown flag: --http-addr|Failed running "start"`, 1},
		{"v2.0.7", "node status --insecure --format=table", true, `Error: invalid argument "table" for "--format" flag: invalid table display format: table (possible values: tsv, csv, pretty, records, sql, html, raw)|Failed running "node"`, 1},
		{"v2.0.7", "node drain --insecure", false, `Error: unknown command "drain" for "cockroach node"|Failed running "node"`, 1},
		{"v2.0.7", "start-single-node", false, `Error: unknown command "start-single-node" for "cockroach"|Failed running "cockroach"`, 1},
		{"v2.0.7", "init --insecure --host=127.0.0.1 --port=1", false, `dial tcp 127.0.0.1:1: connect: connection refused|Failed running "init"`, 1},
		{"v2.1.11", "start --insecure --sql-addr=127.0.0.1:1", true, `Error: unknown flag: --sql-addr|Failed running "start"`, 1},
		{"v2.1.11", "node status --insecure --format=pretty", true, `Error: invalid argument "pretty" for "--format" flag: invalid table display format: pretty (possible values: tsv, csv, table, records, sql, html, raw)|Failed running "node status"`, 1},
		{"v2.1.11", "init --insecure --host=127.0.0.1:1", false, `dial tcp 127.0.0.1:1: connect: connection refused|Failed running "init"`, 1},
		{"v19.2.5", "init --insecure --host=127.0.0.1:1", false, `dial tcp 127.0.0.1:1: connect: connection refused|Failed running "init"`, 1},
		{"v19.2.12", "start --insecure --storage-engine=pebble", true, `Error: unknown flag: --storage-engine|Failed running "start"`, 1},
		{"v20.1.0", "node drain --insecure", false, `ERROR: unknown command "drain" for "cockroach node"|Failed running "node"`, 1},
		{"v20.2.3", "start --no-such-flag", true, `ERROR: unknown flag: --no-such-flag|Failed running "start"`, 1},
		{"v20.2.19", "start --no-such-flag", true, `ERROR: unknown flag: --no-such-flag|Failed running "start"`, 4},
		{"v20.2.19", "start --insecure", false, `ERROR: no --join flags provided to 'cockroach start'|HINT: Consider using 'cockroach init' or 'cockroach start-single-node' instead|Failed running "start"`, 1},
		{"v20.2.19", "node decommission 1 --wait=live --insecure", true, `ERROR: invalid argument "live" for "--wait" flag: invalid node decommission parameter: live (possible values: all, none)|Failed running "node decommission"`, 4},
		{"v20.2.19", "quit --decommission", true, `ERROR: unknown flag: --decommission|Failed running "quit"`, 4},
		{"v24.1.3", "start --insecure --locality-file=x", true, `ERROR: unknown flag: --locality-file|Failed running "start"`, 4},
		{"v24.1.6", "start --insecure", false, `ERROR: no --join flags provided to 'cockroach start'|HINT: Consider using 'cockroach init' or 'cockroach start-single-node' instead|Failed running "start"`, 1},
		{"v24.1.6", "quit --insecure", false, `ERROR: unknown command "quit" for "cockroach"|Failed running "cockroach"`, 4},
		{"v24.1.6", "dump x --insecure", false, `ERROR: unknown command "dump" for "cockroach"|Failed running "cockroach"`, 4},
		{"v24.1.6", "start --insecure --join=x --log-dir-max-size=1GB", true, `ERROR: unknown flag: --log-dir-max-size|Failed running "start"`, 4},
		{"v25.2.19", "start --insecure --join=x --storage-engine=pebble", true, `ERROR: unknown flag: --storage-engine|Failed running "start"`, 4},
	} {
		t.Run(c.tag+" "+c.args, func(t *testing.T) {
			r := inProcess(t, c.tag, strings.Fields(c.args)...)
			tail := strings.ReplaceAll(c.tail, "|", "\n") + "\n"
			if !strings.HasSuffix(r.err, tail) || r.code != c.code || r.out != "" {
				t.Errorf("exit %d, standard output %q, standard error ends with\n%s\nwant exit %d and\n%s", r.code, r.out, last(r.err, 5), c.code, tail)
			}
			if got := strings.HasPrefix(r.err, "Usage:\n"); got != c.usage {
				t.Errorf("usage shown: %v; want %v", got, c.usage)
			}
		})
	}
}

func last(s string, lines int) string {
	all := strings.Split(s, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// TestWithoutCertificates: a start that is not --insecure fails when the
// certificates are missing; the real text comes in a frame and plain.
func TestWithoutCertificates(t *testing.T) {
	for _, args := range []string{"start --join=127.0.0.1:1", "start --join=127.0.0.1:1 --certs-dir=certs", "node status"} {
		r := inProcess(t, recorded, strings.Fields(args)...)
		for _, want := range []string{"ERROR: cannot load certificates.\nCheck your certificate settings, set --certs-dir, or use --insecure for insecure clusters.\n", "problem with CA certificate: not found"} {
			if !strings.Contains(r.err, want) || r.code != 1 {
				t.Errorf("%s: exit %d, %q; want %q", args, r.code, r.err, want)
			}
		}
	}
}

// TestVersionCommand: what the service parses to learn a binary's version.
func TestVersionCommand(t *testing.T) {
	for _, c := range []struct{ tag, line string }{
		{recorded, "Build Tag:    v20.1.5\n"}, {recorded, "\nBuild SHA-1:  "}, {"v2.0.7", "Build Tag:    v2.0.7\n"},
		{"v20.2.19", "Build Tag:        v20.2.19\n"}, {"v24.1.6", "\nBuild Commit ID:  "},
	} {
		if r := inProcess(t, c.tag, "version"); !strings.Contains(r.out, c.line) || r.code != 0 {
			t.Errorf("%s version: exit %d, %q; want %q", c.tag, r.code, r.out, c.line)
		}
	}
	if r := inProcess(t, "v24.1.6", "version", "--build-tag"); r.out != "v24.1.6\n" || r.code != 0 {
		t.Errorf("version --build-tag: %+v", r)
	}
}
