package placement_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every form that an operator may use, and the canonical text of the rule it means.
var readable = []struct{ text, canonical string }{
	{"", ""},
	{"  ", ""},
	{"[]", ""},
	{" [ ] ", ""},
	{"null", ""},
	{"hostname:UNIQUE", "hostname:UNIQUE"},
	{" hostname : unique ", "hostname:UNIQUE"},
	{"@hostname:UNIQUE", "hostname:UNIQUE"},
	{"HOSTNAME:Unique:ignored", "hostname:UNIQUE"},
	{"hostname:UNIQUE:", "hostname:UNIQUE"},
	{"@ZONE:GROUP_BY:3,@Region:is:us", "@zone:GROUP_BY:3,@region:IS:us"},
	{"rack:group_by", "rack:GROUP_BY"},
	{"rack:MAX_PER:02", "rack:MAX_PER:2"},
	{"rack:CLUSTER:r1,rack:IS:r1,rack:IS_NOT:r2", "rack:CLUSTER:r1,rack:IS:r1,rack:IS_NOT:r2"},
	{"rack:LIKE:rack-[1-3],rack:UNLIKE:rack-2", "rack:LIKE:rack-[1-3],rack:UNLIKE:rack-2"},
	{`rack:LIKE:a\:b`, `[["rack","LIKE","a:b"]]`},
	{`rack:LIKE:a{1\,2},hostname:UNIQUE`, `[["rack","LIKE","a{1,2}"],["hostname","UNIQUE"]]`},
	{`hostname:LIKE:10\.0\.\d+`, `[["hostname","LIKE","10\\.0\\.\\d+"]]`},
	{`rack:LIKE:a\\`, `[["rack","LIKE","a\\\\"]]`},
	{`["hostname","UNIQUE"]`, "hostname:UNIQUE"},
	{`["rack","MAX_PER",2]`, "rack:MAX_PER:2"},
	{`["rack","GROUP_BY",null]`, "rack:GROUP_BY"},
	{`[["hostname", "UNIQUE"], ["rack", "GROUP_BY", "3"]]`, "hostname:UNIQUE,rack:GROUP_BY:3"},
	{`[["rack","IS",1.50]]`, "rack:IS:1.50"},
	{`[["ssd","IS",true]]`, "ssd:IS:true"},
	{`[["rack","IS"," r1 "]]`, `[["rack","IS"," r1 "]]`},
	{`[["[odd","UNIQUE"]]`, `[["[odd","UNIQUE"]]`},
}

func TestParse(t *testing.T) {
	for _, c := range readable {
		rule, err := placement.Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if rule.String() != c.canonical {
			t.Errorf("%q means %q, want %q", c.text, rule.String(), c.canonical)
		}
		again, err := placement.Parse(rule.String())
		if err != nil || again.String() != rule.String() {
			t.Errorf("%q does not read back: %q, %v", rule.String(), again.String(), err)
		}
	}
}

// Every way to get it wrong, with all that is said about it.
var unreadable = []string{
	"hostname",
	"hostname:UNIQUE,",
	",",
	"a:b:c:d",
	"hostname:UNIK",
	":UNIQUE",
	"@rack:UNIQUE",
	"@rack:UNIK",
	"rack:MAX_PER",
	"rack:MAX_PER:",
	"rack:MAX_PER:two",
	"rack:MAX_PER:0",
	"rack:MAX_PER:-1",
	"rack:MAX_PER:1.5",
	"rack:MAX_PER:99999999999",
	"rack:GROUP_BY:",
	"rack:GROUP_BY:none",
	"rack:CLUSTER",
	"rack:IS",
	"rack:IS:",
	"rack:IS_NOT",
	"rack:LIKE",
	"rack:LIKE:a(b",
	"rack:LIKE:a)(b",
	"rack:UNLIKE:(?=x)",
	"rack:UNLIKE",
	"[",
	"[]x",
	`[["hostname","UNIQUE"]] and more`,
	`["hostname","UNIQUE"`,
	`[[]]`,
	`[["hostname"]]`,
	`[["hostname","UNIQUE"],"rack:UNIQUE"]`,
	`[["hostname",null]]`,
	`[null]`,
	`[["hostname",["UNIQUE"]]]`,
	`[{"hostname":"UNIQUE"}]`,
	`[[""," "]]`,
	"\\\xec:UNIQUE",
	"@rack:MAX_PER:x,hostname:UNIQUE,zone:LIKE:(,host",
}

func TestParseErrors(t *testing.T) {
	var text strings.Builder
	for _, input := range unreadable {
		rule, err := placement.Parse(input)
		var parse *placement.ParseError
		if !errors.As(err, &parse) || len(parse.Faults) == 0 {
			t.Errorf("%q was read as %q, %v", input, rule.String(), err)
			continue
		}
		if len(rule.Rows()) != 0 {
			t.Errorf("%q: a rule beside an error: %q", input, rule.String())
		}
		text.WriteString("== " + strings.ToValidUTF8(input, "?") + "\n")
		for _, fault := range parse.Faults {
			if fault.Message == "" || !strings.HasSuffix(fault.Remedy, ".") {
				t.Errorf("%q: no message or remedy: %+v", input, fault)
			}
			text.WriteString(fault.String() + "\n")
		}
	}
	const path = "testdata/errors.txt"
	if *update {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("%s differs (write it with -update), got:\n%s", path, text.String())
	}
}

func TestIn(t *testing.T) {
	for _, c := range []struct{ rule, region, want string }{
		{"hostname:UNIQUE", "us", "hostname:UNIQUE,@region:IS:us"},
		{"", "us", "@region:IS:us"},
		{"@region:IS:eu", "us", "@region:IS:eu"},
		{"hostname:UNIQUE", "", "hostname:UNIQUE"},
	} {
		rule, err := placement.Parse(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule.In(c.region).String(); got != c.want || rule.String() != c.rule {
			t.Errorf("%q in %q is %q, want %q", c.rule, c.region, got, c.want)
		}
	}
}
