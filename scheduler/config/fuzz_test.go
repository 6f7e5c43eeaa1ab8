package config

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
)

// FuzzParse holds Parse to its promises for any environment: it never panics, its faults are whole, no fault shows the
// credential, and settings without faults make a target that can be run.
func FuzzParse(f *testing.F) {
	for _, tt := range faultCases {
		f.Add(strings.Join(tt.env, "\n"))
	}
	f.Add("")
	f.Add("=\n==\nNODE_COUNT\nNODE_COUNT==3\n\x00=\xff")
	f.Add("ENABLE_VIRTUAL_NETWORK=é\nNODE_CPUS=0x1p-2\nCOCKROACH_CACHE_SIZE=1e400%")
	f.Fuzz(func(t *testing.T, text string) {
		const credential = "hush-6f1d"
		environ := append(strings.Split(text, "\n"), "DCOS_SERVICE_ACCOUNT_CREDENTIAL="+credential)
		parsed := Parse(environ, today)
		for _, fault := range parsed.Faults {
			if fault.Field == "" || fault.Message == "" || fault.Remedy == "" || strings.Contains(fault.Error(), credential) {
				t.Errorf("%+v", fault)
			}
		}
		if len(parsed.Faults) > 0 {
			return
		}
		target := parsed.Settings.Target()
		node := target.Pods[0]
		if _, err := placement.Parse(node.Placement); err != nil {
			t.Error(err)
		}
		task := node.Tasks[1]
		if node.Count < 1 || task.Need.CPUs < 1 || task.Need.Mem < 1 || task.KillGrace <= 0 || task.Ports[0].Port == task.Ports[1].Port ||
			task.Env["CRDB_VERSION"] == "" || parsed.Settings.Port() == 0 || strings.ContainsAny(node.URIs[1].OutputFile, "/\\") {
			t.Errorf("a target that cannot run: %+v", target)
		}
	})
}
