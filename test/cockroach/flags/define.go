package flags

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// values is one flag's values as pflag sees them.
type values struct {
	kind kind
	v    version.Version
	all  []string
}

var typeNames = map[kind]string{
	text: "string", list: "strings", repeated: "string", boolean: "bool", size: "bytes|percentage",
	duration: "duration", severity: "Severity", hostPort: "<addr/host>[:<port>]", port: "port", locality: "Locality",
	storeSpec: "StoreSpec", display: "string", waitMode: "string", dumpMode: "string", checks: "string",
}

func (f *values) String() string { return strings.Join(f.all, ",") }

// Type names the value in help texts.
func (f *values) Type() string { return typeNames[f.kind] }

// Set checks one value and keeps it.
func (f *values) Set(s string) error {
	kept := []string{s}
	switch f.kind {
	case list:
		kept = strings.Split(s, ",")
	case boolean:
		b, err := parseBool(s)
		if err != nil {
			return err
		}
		kept = []string{b}
	case size:
		if _, err := parseSize(s, Memory); err != nil {
			return err
		}
	case duration:
		if _, err := time.ParseDuration(s); err != nil {
			return err
		}
	case hostPort:
		if _, _, err := splitAddr(s, f.v.AtLeast(19, 2, 0)); err != nil {
			return err
		}
	case port:
		return f.keep(s, checkPort(s))
	case locality:
		_, err := ParseLocality(s)
		return f.keep(s, err)
	case storeSpec:
		_, err := ParseStore(s, f.v)
		return f.keep(s, err)
	case severity:
		return f.keep(s, oneOf(strings.ToUpper(s), "unknown severity level", "", "INFO", "WARNING", "ERROR", "FATAL", "NONE", "DEFAULT"))
	case display:
		return f.keep(s, oneOf(s, "invalid table display format: "+s, Formats(f.v)...))
	case waitMode:
		return f.keep(s, oneOf(s, "invalid node decommission parameter: "+s, waitModes(f.v)...))
	case dumpMode:
		if oneOf(s, "", "both", "schema", "data") != nil {
			return fmt.Errorf("invalid value for --dump-mode: %s", s)
		}
	case checks:
		return f.keep(s, oneOf(s, "invalid node decommission parameter: "+s, "enabled", "strict", "skip"))
	}
	f.all = append(f.all, kept...)
	return nil
}

func (f *values) keep(s string, err error) error {
	if err == nil {
		f.all = append(f.all, s)
	}
	return err
}

func oneOf(s, fault string, allowed ...string) error {
	for _, a := range allowed {
		if s == a {
			return nil
		}
	}
	return fmt.Errorf("%s (possible values: %s)", fault, strings.TrimPrefix(strings.Join(allowed, ", "), ", "))
}

// Formats names the table formats of v: 2.0 calls `table` `pretty`.
func Formats(v version.Version) []string {
	third := "table"
	if v.Before(2, 1, 0) {
		third = "pretty"
	}
	return []string{"tsv", "csv", third, "records", "sql", "html", "raw"}
}

func waitModes(v version.Version) []string {
	if v.Before(20, 2, 0) {
		return []string{"all", "live", "none"}
	}
	return []string{"all", "none"}
}

// define adds the flag of r to the set.
func define(set *pflag.FlagSet, r rule, v version.Version) *values {
	f := &values{kind: r.kind, v: v}
	flag := set.VarPF(f, r.name, r.short, "")
	switch r.kind {
	case boolean:
		flag.NoOptDefVal = "true"
	case severity:
		flag.NoOptDefVal = "DEFAULT"
	}
	return f
}
