package cockroach

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// specFor is one node of a service with its own DNS names, as a scheduler with default settings asks for it.
func specFor(v Version) StartSpec {
	return StartSpec{
		Version: v, Store: "cockroach-data", StoreBytes: 4980736000,
		Listen: Address{Port: 26257}, HTTP: Address{Port: 8123},
		Advertise:  Address{"cockroachdb-1-node-join.cockroachdb.autoip.dcos.thisdcos.directory", 26257},
		Join:       []Address{{"cockroachdb-0-node-init.cockroachdb.autoip.dcos.thisdcos.directory", 26257}, {"cockroachdb-1-node-join.cockroachdb.autoip.dcos.thisdcos.directory", 26257}},
		CacheBytes: 786432000, SQLBytes: 786432000,
	}
}

// agentSpecFor binds to one address, advertises another port and has a locality: every optional flag is on the line.
func agentSpecFor(v Version) StartSpec {
	s := specFor(v)
	s.Listen.Host, s.HTTP.Host = "127.0.0.2", "127.0.0.2"
	s.Advertise = Address{"10.0.0.7", 31257}
	s.Join = []Address{{"10.0.0.7", 31257}, {"fd00::1", 26257}}
	s.Locality = "region=eu,zone=b"
	s.StoreBytes = 0
	return s
}

func accessOf(s StartSpec) Access { return Access{At: s.Listen.Dial()} }

func secured(s StartSpec) StartSpec {
	s.CertsDir = "certs"
	return s
}

func securedAccess(a Access) Access {
	a.CertsDir = "certs-client"
	return a
}

func TestCommandLines(t *testing.T) {
	for _, text := range []string{"v2.0.7", "v2.1.11", "v19.2.12", "v20.1.5", "v20.2.19", "v22.2.19", "v24.1.6", "v25.2.19"} {
		t.Run(text, func(t *testing.T) {
			v := must(text)
			all, agent := accessOf(specFor(v)), accessOf(agentSpecFor(v))
			lines := [][]string{
				StartCommand(specFor(v)),
				StartCommand(agentSpecFor(v)),
				InitCommand(v, all),
				InitCommand(v, agent),
				VersionCommand(),
				NodeStatusCommand(v, all, 3),
				DecommissionCommand(v, agent, 3),
				StartCommand(secured(specFor(v))),
				InitCommand(v, securedAccess(all)),
				NodeStatusCommand(v, securedAccess(agent), 3),
				DecommissionCommand(v, securedAccess(all), 3),
				SQLCommand(v, securedAccess(all), "", CSV),
				SQLCommand(v, securedAccess(agent), "shop", TSV),
			}
			if v.Has(DumpData) {
				lines = append(lines, DumpCommand(v, securedAccess(all), "shop", SnapshotText(snapshot)))
			}
			var b strings.Builder
			for _, args := range lines {
				b.WriteString("cockroach " + strings.Join(args, " \\\n  ") + "\n\n")
			}
			checkGolden(t, filepath.Join("testdata", text+".txt"), b.String())
		})
	}
}

func checkGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update if that is meant.\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// flagsOf lists since when and until when a release takes a flag, read from the releases' own flag tables. It is written
// here a second time, in another form than Table, so that one guards the other.
var flagsOf = map[string]Span{
	"--insecure": from("v2.0.0"), "--store": from("v2.0.0"), "--join": from("v2.0.0"), "--cache": from("v2.0.0"),
	"--max-sql-memory": from("v2.0.0"), "--locality": from("v2.0.0"), "--host": from("v2.0.0"), "--port": from("v2.0.0"),
	"--advertise-host": from("v2.0.0"), "--advertise-port": from("v2.0.0"), "--http-host": from("v2.0.0"), "--http-port": from("v2.0.0"),
	"--listen-addr": from("v2.1.0"), "--advertise-addr": from("v2.1.0"), "--http-addr": from("v2.1.0"),
	"--certs-dir": from("v2.0.0"), "--format": from("v2.0.0"), "--decommission": from("v2.0.0"), "--wait": from("v2.0.0"), "--checks": from("v23.1.0"),
}

// commandWords are the arguments that are no flags.
var commandWords = []string{"start", "init", "node", "status", "decommission", "3"}

func TestNoReleaseGetsAFlagItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"v2.0.0", "v2.0.7", "v2.1.0", "v2.1.11", "v19.1.11", "v19.2.5", "v19.2.12", "v20.1.0", "v20.1.17", "v20.2.0",
		"v21.1.21", "v21.2.17", "v22.1.22", "v22.2.19", "v23.1.30", "v23.2.30", "v24.1.29", "v24.2.10", "v24.3.33", "v25.1.10", "v25.4.11"} {
		v := must(text)
		at := accessOf(agentSpecFor(v))
		for _, arg := range slices.Concat(StartCommand(agentSpecFor(v)), StartCommand(specFor(v)), StartCommand(secured(specFor(v))),
			InitCommand(v, at), NodeStatusCommand(v, at, 3), DecommissionCommand(v, at, 3), InitCommand(v, securedAccess(at))) {
			name, _, hasValue := strings.Cut(arg, "=")
			if slices.Contains(commandWords, arg) {
				continue
			}
			known, found := flagsOf[name]
			if !found || v.Less(known.Since) {
				t.Errorf("%s does not take %s", v, arg)
			}
			if !hasValue && name != "--insecure" && name != "--decommission" {
				t.Errorf("%s: %s has no value after =, which start would take for an argument", v, arg)
			}
		}
	}
}
