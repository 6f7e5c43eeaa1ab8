package cockroach

import (
	"slices"
	"strings"
	"testing"
)

// TestDecommissionCommand: what differs from release to release; the whole lines of some are in testdata.
func TestDecommissionCommand(t *testing.T) {
	for _, c := range []struct{ version, command string }{
		{"v2.0.7", "node decommission 3 --wait=none --format=csv --insecure --host=10.0.0.1 --port=26257"},
		{"v2.1.0", "node decommission 3 --wait=none --format=csv --insecure --host=10.0.0.1:26257"},
		{"v19.1.11", "node decommission 3 --wait=none --format=csv --insecure --host=10.0.0.1:26257"},
		{"v22.2.19", "node decommission 3 --wait=none --format=csv --insecure --host=10.0.0.1:26257"},
		{"v23.1.0", "node decommission 3 --wait=none --checks=skip --format=csv --insecure --host=10.0.0.1:26257"},
		{"v25.4.11", "node decommission 3 --wait=none --checks=skip --format=csv --insecure --host=10.0.0.1:26257"},
	} {
		at := Access{At: Address{"10.0.0.1", 26257}}
		if got := DecommissionCommand(must(c.version), at, 3); !slices.Equal(got, strings.Fields(c.command)) {
			t.Errorf("%s: %q", c.version, got)
		}
		want := "node status 3 --decommission " + c.command[strings.Index(c.command, "--format"):]
		if got := NodeStatusCommand(must(c.version), at, 3); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %q", c.version, got)
		}
	}
}

// Headers of `node status --decommission` by release (cockroachdb-versions.md, 4.1).
const (
	status20  = "id,address,build,updated_at,started_at,is_live,gossiped_replicas,is_decommissioning,is_draining\n"
	status21  = "id,address,build,started_at,updated_at,is_available,is_live,gossiped_replicas,is_decommissioning,is_draining\n"
	status201 = "id,address,sql_address,build,started_at,updated_at,locality,is_available,is_live,gossiped_replicas,is_decommissioning,is_draining\n"
	status202 = "id,address,sql_address,build,started_at,updated_at,locality,is_available,is_live,gossiped_replicas,is_decommissioning,membership,is_draining\n"
	status253 = "id,address,sql_address,build,started_at,updated_at,locality,attrs,is_available,is_live,gossiped_replicas,is_decommissioning,membership,is_draining\n"
)

func TestReadNodeStatus(t *testing.T) {
	const row = "4,127.0.0.1:26454,127.0.0.1:26454,v20.1.5,2026-11-22 07:17:49.978599+00:00,2026-11-22 07:18:11.410585+00:00,"
	for name, c := range map[string]struct {
		code           int
		stdout, stderr string
		want           NodeWord
		known          bool
		fault          string
	}{
		"alive":                       {stdout: status201 + row + ",true,true,16,false,false\n", want: NodeWord{Alive: true, Replicas: 16}, known: true},
		"dead":                        {stdout: status201 + row + ",false,false,16,false,false\n", want: NodeWord{Replicas: 16}, known: true},
		"just killed":                 {stdout: status201 + row + ",true,false,16,false,false\n", want: NodeWord{Alive: true, Replicas: 16}, known: true},
		"expired and heard of":        {stdout: status201 + row + ",false,true,16,false,false\n", want: NodeWord{Alive: true, Replicas: 16}, known: true},
		"being decommissioned":        {stdout: status201 + row + ",false,false,0,true,true\n", want: NodeWord{Leaving: true}, known: true},
		"locality with a comma":       {stdout: status201 + row + `"region=a,zone=b",false,false,3,false,false` + "\n", want: NodeWord{Replicas: 3}, known: true},
		"v2.0, alive":                 {stdout: status20 + "4,a:1,v2.0.7,T,T,true,3,false,false\n", want: NodeWord{Alive: true, Replicas: 3}, known: true},
		"v2.0, dead":                  {stdout: status20 + "4,a:1,v2.0.7,T,T,false,3,false,false\n", want: NodeWord{Replicas: 3}, known: true},
		"v2.1, dead":                  {stdout: status21 + "4,a:1,v2.1.11,T,T,false,false,3,false,false\n", want: NodeWord{Replicas: 3}, known: true},
		"v20.2, decommissioned":       {stdout: status202 + row + ",false,false,0,true,decommissioned,false\n", want: NodeWord{Leaving: true, Final: true}, known: true},
		"v20.2, active":               {stdout: status202 + row + ",false,false,9,false,active,false\n", want: NodeWord{Replicas: 9}, known: true},
		"v25.3":                       {stdout: status253 + row + ",[],true,true,9,false,active,false\n", want: NodeWord{Alive: true, Replicas: 9}, known: true},
		"never gossiped since":        {stdout: status201 + "4,NULL,NULL,NULL,NULL,NULL,NULL,false,false,NULL,false,false\n", known: true},
		"a liveness that is not said": {stdout: status201 + row + ",false,NULL,16,false,false\n", want: NodeWord{Alive: true, Replicas: 16}, known: true},
		"unknown, v20.1":              {code: 1, stderr: "ERROR: node 4 doesn't exist\nFailed running \"node status\"\n"},
		"unknown, v19.2":              {code: 1, stderr: "Error: node 4 doesn't exist\nFailed running \"node status\"\n"},
		"another is unknown":          {code: 1, stderr: "ERROR: node 44 doesn't exist\n", fault: "ended with code 1"},
		"no server":                   {code: 1, stderr: "ERROR: cannot dial server.\n", fault: "ended with code 1"},
		"an empty table":              {stdout: status201},
		"another node's row":          {stdout: status201 + "3" + row[1:] + ",true,true,16,false,false\n"},
		"nothing":                     {},
		"no column is_live":           {stdout: "id,is_decommissioning\n4,false\n", fault: "no column is_live"},
		"no column of the mark":       {stdout: "id,is_live\n4,false\n", fault: "no column is_decommissioning"},
		"replicas that are no number": {stdout: "id,is_live,gossiped_replicas,is_decommissioning\n4,false,many,false\n", fault: `"many" as a number`},
	} {
		t.Run(name, func(t *testing.T) {
			got, known, err := ReadNodeStatus(4, c.code, c.stdout, c.stderr)
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Fatalf("%v; want %q", err, c.fault)
			}
			if err == nil && (got != c.want || known != c.known) {
				t.Errorf("%+v, %v; want %+v, %v", got, known, c.want, c.known)
			}
		})
	}
}

func TestReadDecommission(t *testing.T) {
	const (
		table20  = "id,is_live,gossiped_replicas,is_decommissioning,is_draining\n"
		table201 = "id,is_live,replicas,is_decommissioning,is_draining\n"
		table202 = "id,is_live,replicas,is_decommissioning,membership,is_draining\n"
		table231 = "id,is_live,replicas,is_decommissioning,membership,is_draining,readiness,blocking_ranges\n"
		end      = "\nNo more data reported on target nodes. Please verify cluster health before removing the nodes.\n"
	)
	for name, c := range map[string]struct {
		version        string
		code           int
		stdout, stderr string
		want           DecommissionOutcome
	}{
		"v2.0: marked is all":            {"v2.0.7", 0, table20 + "4,false,32,true,false\n", "\n", DecommissionDone},
		"v20.1: marked is all":           {"v20.1.5", 0, table201 + "4,false,16,true,false\n", "\n", DecommissionDone},
		"v20.1: already":                 {"v20.1.5", 0, table201 + "4,false,0,true,false\n" + end, "warning: node 4 is already decommissioning or decommissioned\n\n", DecommissionDone},
		"v20.1: not marked":              {"v20.1.5", 0, table201 + "4,false,16,false,false\n", "\n", DecommissionFailed},
		"v20.1: unknown":                 {"v20.1.5", 1, "", "warning: cannot find status of node 4\n\nERROR: while trying to mark as decommissioning: rpc error: code = Unknown desc = during liveness update 4 -> true: node not in the liveness table\n", DecommissionDone},
		"v20.2: data left":               {"v20.2.19", 0, table202 + "4,false,16,true,decommissioning,false\n", "\n", DecommissionMarked},
		"v20.2: empty":                   {"v20.2.19", 0, table202 + "4,false,0,true,decommissioning,false\n" + end, "\n", DecommissionDone},
		"v20.2: was decommissioned":      {"v20.2.19", 0, table202 + "4,false,0,true,decommissioned,false\n" + end, "warning: node 4 is already decommissioning or decommissioned\n", DecommissionDone},
		"v20.2: decommissioned by force": {"v20.2.19", 0, table202 + "4,false,2,true,decommissioned,false\n", "\n", DecommissionDone},
		"v20.2: unknown":                 {"v20.2.19", 1, "", "ERROR: node does not exist\nFailed running \"node decommission\"\n", DecommissionDone},
		"v24.1: drain of a dead node":    {"v24.1.6", 1, table202 + "4,false,0,true,decommissioning,false\n", "\nERROR: while trying to drain n4: rpc error\n", DecommissionDone},
		"v24.1: drain of a live node":    {"v24.1.6", 1, table202 + "4,true,0,true,decommissioning,false\n", "\nERROR: while trying to drain n4: rpc error\n", DecommissionMarked},
		"v24.1: fails with data left":    {"v24.1.6", 1, table202 + "4,false,3,true,decommissioning,false\n", "\nERROR: rpc error\n", DecommissionMarked},
		"v24.1: refused by the checks":   {"v24.1.6", 1, table231 + "4,false,16,false,active,false,allocation errors,5\n", "\nranges blocking decommission detected\nERROR: Cannot decommission nodes.\n", DecommissionFailed},
		"more columns":                   {"v25.2.19", 0, table231 + "4,false,0,true,decommissioning,false,ready,0\n" + end, "", DecommissionDone},
		"the last of several tables":     {"v24.1.6", 0, table202 + "4,false,16,true,decommissioning,false\n" + table202 + "4,false,0,true,decommissioning,false\n" + end, "\n...\n", DecommissionDone},
		"no server":                      {"v20.1.5", 1, "", "ERROR: cannot dial server.\nIs the server running?\n", DecommissionFailed},
		"the words of absence, code 0":   {"v24.1.6", 0, "", "node does not exist", DecommissionFailed},
		"no end":                         {"v24.1.6", 137, "", "\nno end within 20s", DecommissionFailed},
		"a table that cannot be read":    {"v24.1.6", 0, "id,replicas\n4,0\n", "", DecommissionFailed},
		"killed after the mark is made":  {"v20.1.5", 137, table201 + "4,false,16,true,false\n", "\nno end within 20s", DecommissionDone},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ReadDecommission(must(c.version), 4, c.code, c.stdout, c.stderr); got != c.want {
				t.Errorf("%v; want %v", got, c.want)
			}
		})
	}
}
