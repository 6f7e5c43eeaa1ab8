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
		{"plan_start", false, "plan start deploy -p A=b"},
		{"plan_start_bad", false, "plan start deploy -p A"},
		{"plan_start_no_name", false, "plan start deploy -p =b"},
		{"plan_start_refused", false, "plan start recovery -p 1A=b"},
		{"plan_start_missing", false, "plan start nosuch"},
		{"plan_stop", false, "plan stop deploy"},
		{"plan_pause", false, "plan pause deploy"},
		{"plan_pause_phase", true, "plan interrupt deploy node-deploy"},
		{"plan_pause_json", false, "plan pause deploy --json"},
		{"plan_pause_already", false, "plan pause recovery"},
		{"plan_pause_missing", false, "plan pause nosuch"},
		{"plan_pause_missing_phase", false, "plan pause deploy no"},
		{"plan_pause_too_many", false, "plan pause deploy node-deploy cockroachdb-1:[node-join]"},
		{"plan_resume", false, "plan resume deploy"},
		{"plan_resume_phase", false, "plan continue deploy node-deploy"},
		{"plan_resume_could_not", false, "plan resume broken"},
		{"plan_force_restart", false, "plan force-restart deploy"},
		{"plan_force_restart_phase", false, "plan restart deploy node-deploy"},
		{"plan_force_restart_step", false, "plan force-restart deploy node-deploy cockroachdb-1:[node-join]"},
		{"plan_force_restart_missing_step", false, "plan force-restart deploy node-deploy no"},
		{"plan_force_restart_missing_any", false, "plan force-restart nosuch"},
		{"plan_force_complete", false, "plan force-complete deploy node-deploy cockroachdb-1:[node-join]"},
		{"plan_force_complete_alias", false, "plan force deploy node-deploy cockroachdb-1:[node-join]"},
		{"plan_force_complete_phase", false, "plan force-complete deploy node-deploy"},
		{"plan_force_complete_plan", false, "plan force-complete deploy"},
		{"plan_force_complete_none", false, "plan force-complete"},
		{"help_plan_force_complete", false, "plan force-complete --help"},
		{"pod_restart", false, "pod restart cockroachdb-0"},
		{"pod_restart_waits", false, "pods restart cockroachdb-1 --json"},
		{"pod_restart_missing", false, "pod restart nosuch"},
		{"pod_replace", false, "pod replace cockroachdb-2"},
		{"pod_replace_waits", false, "pod replace cockroachdb-1"},
		{"help_pod_replace", false, "help pod replace"},
		{"pod_replace_refused", false, "pod replace cockroachdb-0"},
		{"debug_pod_pause", false, "debug pod pause cockroachdb-0 -t node-init"},
		{"debug_pod_pause_missing", false, "debug pod pause nosuch -t a -t b"},
		{"debug_pod_resume", false, "debug pods resume cockroachdb-0"},
		{"debug_offers", false, "debug offers"},
		{"debug_plans", false, "debug plans"},
		{"debug_plans_missing", false, "debug plans nosuch"},
		{"debug_plans_json", false, "debug plans --json"},
		{"debug_task_statuses", false, "debug task-statuses"},
		{"debug_reservations", false, "debug reservations"},
		{"debug_reservations_json", false, "debug reservations --json"},
		{"debug_reservations_sdk", false, "debug reservations --name=sdk"},
		{"debug_reservations_strict", false, "debug reservations --name=strict"},
		{"why", false, "why"},
		{"why_nothing", false, "why --name=calm"},
		{"diff_nothing", false, "diff NODE_CPUS=1 --name=calm"},
		{"diff_no_task", false, "diff SIDE_DISK=1 --name=calm2"},
		{"events_nothing", false, "events --name=calm"},
		{"events_nothing_since", false, "events --since 20s"},
		{"events_nothing_json", false, "events --since 20s --json"},
		{"why_json", false, "why --json"},
		{"events", false, "events"},
		{"events_json", false, "events --json"},
		{"events_since", false, "events --since 30m"},
		{"events_bad", false, "events -n 0"},
		{"events_bad_since", false, "events --since -1h"},
		{"diff", false, "diff NODE_CPUS=2"},
		{"diff_json", false, "diff NODE_CPUS=2 --json"},
		{"diff_none", false, "diff"},
		{"diff_bad", false, "diff NODE_CPUS"},
		{"update_status", false, "update status"},
		{"update_status_json", true, "update show --json"},
		{"update_pause", true, "update pause"},
		{"update_resume", false, "update continue node-deploy"},
		{"update_force_restart", false, "update restart node-deploy cockroachdb-1:[node-join]"},
		{"update_force_complete", false, "update force node-deploy cockroachdb-1:[node-join]"},
		{"update_none", false, "update start"},
		{"update_direct", true, "update start --package-version 2"},
		{"update_versions_direct", true, "update package-versions"},
		{"update_start", false, "update start --package-version 2"},
		{"update_start_file_missing", false, "update start --options no/such.json"},
		{"update_versions", false, "update package-versions"},
		{"update_versions_json", false, "update package-versions --json"},
		{"help_update", false, "update --help"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t).scheduler(t, "").scheduler(t, "/service/cockroachdb")
			f.answers["GET /service/team/crdb/v1/plans"] = canned{200, "application/json", `["deploy"]`}
			f.answers["POST /cosmos/service/describe"] = canned{200, "application/vnd.dcos.service.describe-response+json;charset=utf-8;version=v1",
				`{"package":{"version":"1.0"},"upgradesTo":["2","3"],"downgradesTo":[],"resolvedOptions":{"service":{"name":"cockroachdb"},"node":{"count":3}}}`}
			f.answers["POST /cosmos/service/update"] = canned{200, "application/vnd.dcos.service.update-response+json;charset=utf-8;version=v1", `{"marathonDeploymentId":"d1"}`}
			f.answers["GET /service/calm/v1/debug/why"] = canned{200, "application/json", `{"service":"calm","at":"2026-11-22T12:00:00Z","waiting":[],"database":[]}`}
			f.answers["POST /service/calm/v1/diff"] = canned{200, "application/json", `{"faults":[],"changes":[],"steps":[{"task":"a","action":"keep"}]}`}
			f.answers["POST /service/calm2/v1/diff"] = canned{200, "application/json", `{"faults":[],"changes":[{"field":"SIDE_DISK","old":"5000","new":"1"}],"steps":[{"task":"a","action":"keep"}]}`}
			// The SDK's own schedulers do not look at parameters that they do not know; others refuse them.
			f.answers["GET /service/sdk/v1/debug/reservations"] = canned{200, "application/json", `{"a.test":["77aa"]}`}
			f.answers["GET /service/strict/v1/debug/reservations"] = canned{200, "application/json", `{"a.test":["77aa"]}`}
			f.answers["GET /service/strict/v1/debug/reservations?details=true"] = canned{400, "text/plain", `Couldn't read the request: there is no parameter "details"`}
			f.answers["GET /service/calm/v1/events"] = canned{200, "application/json", `{"events":[],"last":0}`}
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
