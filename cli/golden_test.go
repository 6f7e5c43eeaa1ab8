package cli_test

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCommandsPrintWhatTheGoldenFilesHold runs every command against a cluster,
// and some against a scheduler without one.
func TestCommandsPrintWhatTheGoldenFilesHold(t *testing.T) {
	tests := []struct {
		name   string
		direct bool
		args   string
	}{
		{"endpoints", false, "endpoints"},
		{"endpoints_pg", false, "endpoints pg"},
		{"endpoints_pg_direct", true, "endpoint pg"},
		{"endpoints_text", false, "endpoints text"},
		{"endpoints_missing", false, "endpoints nosuch"},
		{"plan_list", false, "plan list"},
		{"plan_status", false, "plan status deploy"},
		{"plan_status_alias", true, "plans show deploy"},
		{"plan_status_json", false, "plan status deploy --json"},
		{"plan_status_complete", false, "plan status recovery"},
		{"plan_status_errors", false, "plan status broken"},
		{"plan_status_sdk", false, "plan status sdk"},
		{"plan_missing", false, "plan status nosuch"},
		{"pod_list", false, "pod list"},
		{"pod_status", false, "pods status"},
		{"pod_status_one", false, "pod status cockroachdb-0"},
		{"pod_status_one_json", false, "pod status cockroachdb-0 --json"},
		{"pod_status_missing", false, "pod status nosuch"},
		{"pod_info", false, "pod info cockroachdb-0"},
		{"pod_info_missing", true, "pod info nosuch"},
		{"debug_config_list", false, "debug config list"},
		{"debug_config_show", false, "debug config show 2a6ae6ae"},
		{"debug_config_show_missing", false, "debug config show nosuch"},
		{"debug_config_target", false, "debug configs target"},
		{"debug_config_target_id", false, "debug config target_id"},
		{"debug_state_framework_id", false, "debug state framework_id"},
		{"debug_state_properties", false, "debug state properties"},
		{"debug_state_property", false, "debug state property suppressed"},
		{"debug_state_property_missing", false, "debug state property nosuch"},
		{"debug_state_refresh_cache", false, "debug state refresh_cache"},
		{"describe", false, "describe"},
		{"describe_direct", true, "describe"},
		{"version", false, "version"},
		{"version_json", true, "version --json"},
		{"service_unknown", false, "plan list --name=other"},
		{"service_foldered", false, "plan list --name=/team/crdb"},
		{"verbose", false, "plan list -v"},
		{"verbose_bodies", false, "describe -vv"},
		{"info", false, "--info"},
		{"config_schema", false, "--config-schema"},
		{"version_flag", false, "--version"},
		{"help", false, "--help"},
		{"help_plan", false, "help plan"},
		{"help_unknown", false, "help nosuch"},
		{"usage_none", false, ""},
		{"usage_group", false, "plan"},
		{"usage_unknown", false, "enpoints"},
		{"usage_unknown_far", false, "xyzzy"},
		{"usage_unknown_sub", false, "pod lost"},
		{"usage_deprecated", false, "state framework_id"},
		{"usage_flag", false, "plan list --jsn"},
		{"usage_missing", false, "plan status"},
		{"usage_too_many", false, "plan list deploy"},
		{"usage_dots", false, "plan status .."},
		{"completion_dcos", false, "completion dcos"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t).scheduler(t, "").scheduler(t, "/service/cockroachdb")
			f.answers["GET /service/team/crdb/v1/plans"] = canned{200, "application/json", `["deploy"]`}
			f.answers["POST /cosmos/service/describe"] = canned{200, "application/vnd.dcos.service.describe-response+json;charset=utf-8;version=v1",
				`{"package":{"version":"1.0"},"resolvedOptions":{"service":{"name":"cockroachdb"},"node":{"count":3}}}`}
			env := attachedTo(f)
			if tt.direct {
				env["COCKROACHDB_SCHEDULER_URL"] = f.URL
			}
			checkGolden(t, tt.name, f, tt.args, run(t, env, strings.Fields(tt.args)...))
		})
	}
}

var took = regexp.MustCompile(`[0-9.]+m?s\n`)

// checkGolden compares a run with its golden file; the address of the fixture
// and the time a query took differ from run to run and are made equal.
func checkGolden(t *testing.T, name string, f *fixture, args string, o outcome) {
	t.Helper()
	u, err := url.Parse(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	stderr := o.stderr
	if strings.Contains(stderr, "< ") {
		stderr = took.ReplaceAllString(stderr, "3ms\n")
	}
	got := fmt.Sprintf("$ dcos cockroachdb %s\n--- stdout\n%s--- stderr\n%s--- exit %d\n", args, o.stdout, stderr, o.exit)
	got = strings.ReplaceAll(got, u.Host, "cluster.test:80")
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
