package flags

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

var releases = []string{"v2.0.7", "v2.1.11", "v19.1.11", "v19.2.12", "v20.1.5", "v20.2.19", "v21.1.21", "v21.2.17", "v22.1.22", "v22.2.19", "v23.1.30", "v23.2.30", "v24.1.6", "v24.3.33", "v25.1.10", "v25.2.19"}

// TestStartFlagsByVersion writes section 1.1 of the reference down once more, a
// letter a release: + shown, h hidden, d deprecated, . unknown.
func TestStartFlagsByVersion(t *testing.T) {
	for flag, want := range map[string]string{
		"insecure":            "++++++++++++++++",
		"store":               "++++++++++++++++",
		"host":                "+hhhhhhhhhhhhhhh",
		"advertise-host":      "+hhhhhhhhhhhhhhh",
		"http-port":           "+hhhhhhhhhhhhhhh",
		"advertise-port":      "hhhhhhhhhhhhhhhh",
		"listen-addr":         ".+++++++++++++++",
		"http-addr":           ".+++++++++++++++",
		"sql-addr":            "...+++++++++++++",
		"cluster-name":        "...+++++++++++++",
		"temp-engine":         "...h............",
		"storage-engine":      "....+++++++++++.",
		"socket":              "hhhhd...........",
		"socket-dir":          "....++++++++++++",
		"spatial-libs":        ".....+++++++++++",
		"logtostderr":         "++++++dddd++++++",
		"log-dir-max-size":    "+++++d..........",
		"log-group-max-size":  ".....+dddd++++++",
		"log":                 "......++++++++++",
		"max-tsdb-memory":     "........++++++++",
		"advertise-http-addr": "........++++++++",
		"max-go-memory":       "..........++++++",
		"wal-failover":        "............++++",
		"locality-file":       "............++++",
		"tls-cipher-suites":   "...............+",
		"no-such-flag":        "................",
	} {
		got := ""
		for _, tag := range releases {
			letter := "."
			for _, r := range startRules {
				if s, ok := r.in(version.MustParse(tag)); ok && r.name == flag {
					letter = map[state]string{shown: "+", hidden: "h", deprecated: "d"}[s]
				}
			}
			got += letter
		}
		if got != want {
			t.Errorf("--%s: %s; want %s (%s)", flag, got, want, strings.Join(releases, " "))
		}
	}
}

func TestCommandsByVersion(t *testing.T) {
	for command, want := range map[string]string{
		"start": "++++++++++++++++", "start-single-node": "...+++++++++++++", "quit": "+++++dddd.......",
		"dump": "+++++dd.........", "node drain": "..++++++++++++++", "node status": "++++++++++++++++",
	} {
		got := ""
		for _, tag := range releases {
			letter := "."
			if _, s, ok := find(command, version.MustParse(tag)); ok {
				letter = map[state]string{shown: "+", deprecated: "d"}[s]
			}
			got += letter
		}
		if got != want {
			t.Errorf("%s: %s; want %s", command, got, want)
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		tag, flag string
		ok        bool
	}{
		{"v20.1.5", "--cache=.25", true}, {"v20.1.5", "--cache=25%", true}, {"v20.1.5", "--cache=1GiB", true}, {"v20.1.5", "--cache=262144000", true},
		{"v20.1.5", "--cache=", false}, {"v20.1.5", "--cache=120%", false}, {"v20.1.5", "--cache=1.5", false}, {"v20.1.5", "--cache=1QB", false},
		{"v20.1.5", "--listen-addr=127.0.0.1:26257", true}, {"v20.1.5", "--listen-addr=host", true}, {"v20.1.5", "--listen-addr=:26257", true},
		{"v20.1.5", "--listen-addr=[::1]:26257", true}, {"v20.1.5", "--listen-addr=::1", false}, {"v2.1.11", "--listen-addr=::1", true},
		{"v20.1.5", "--listen-addr=a:b", false}, {"v20.1.5", "--listen-addr=a:99999", false}, {"v20.1.5", "--port=x", false},
		{"v20.1.5", "--locality=region=eu,zone=a", true}, {"v20.1.5", "--locality=region", false}, {"v20.1.5", "--locality=a=1,a=2", false},
		{"v20.1.5", "--store=path=/d,size=10GiB,attrs=ssd:fast", true}, {"v20.1.5", "--store=/d", true}, {"v20.1.5", "--store=path=/d,path=/e", false},
		{"v20.1.5", "--store=type=mem,size=1GiB", true}, {"v20.1.5", "--store=type=mem", false}, {"v20.1.5", "--store=type=mem,size=1GiB,path=/d", false},
		{"v20.1.5", "--store=path=/d,ballast-size=1GiB", false}, {"v21.2.17", "--store=path=/d,ballast-size=1GiB", true},
		{"v20.1.5", "--store=path=/d,colour=red", false}, {"v20.1.5", "--max-offset=500ms", true}, {"v20.1.5", "--max-offset=500", false},
		{"v20.1.5", "--logtostderr", true}, {"v20.1.5", "--logtostderr=INFO", true}, {"v20.1.5", "--logtostderr=LOUD", false}, {"v20.1.5", "--insecure=maybe", false},
	} {
		_, err := Parse([]string{"start", c.flag}, version.MustParse(c.tag), io.Discard, io.Discard)
		if (err == nil) != c.ok {
			t.Errorf("%s %s: %v; want ok %v", c.tag, c.flag, err, c.ok)
		}
	}
}

func TestDeprecatedFlagSpeaks(t *testing.T) {
	var warn bytes.Buffer
	if _, err := Parse([]string{"start", "--logtostderr"}, version.MustParse("v21.2.17"), io.Discard, &warn); err != nil || !strings.Contains(warn.String(), "--logtostderr has been deprecated") {
		t.Errorf("%v, %q", err, warn.String())
	}
}

func TestHelpShowsNoHiddenFlag(t *testing.T) {
	var out bytes.Buffer
	Parse([]string{"start", "--help"}, version.MustParse("v20.1.5"), &out, io.Discard)
	if s := out.String(); !strings.Contains(s, "--listen-addr") || strings.Contains(s, "--advertise-host") {
		t.Errorf("help: %s", s)
	}
}

func TestListsAreJoined(t *testing.T) {
	p, err := Parse([]string{"start", "--join=a,b", "-j", "c"}, version.MustParse("v24.1.6"), io.Discard, io.Discard)
	if err != nil || strings.Join(p.All("join"), " ") != "a b c" {
		t.Errorf("%v, %v", p, err)
	}
}
