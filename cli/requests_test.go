package cli_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
)

// TestRequests checks what leaves the plug-in: path and token.
func TestRequests(t *testing.T) {
	auth := " token=" + secret
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want string
		body string
	}{
		{"the name is cockroachdb", nil, []string{"plan", "list"}, "GET /service/cockroachdb/v1/plans" + auth, ""},
		{"the configured name", map[string]string{"DCOS_COCKROACHDB_SERVICE_NAME": "crdb"}, []string{"plan", "list"}, "GET /service/crdb/v1/plans" + auth, ""},
		{"the flag wins", map[string]string{"DCOS_COCKROACHDB_SERVICE_NAME": "crdb"}, []string{"plan", "--name", "other", "list"}, "GET /service/other/v1/plans" + auth, ""},
		{"a foldered name", nil, []string{"--name=//team//crdb/", "pod", "list"}, "GET /service/team/crdb/v1/pod" + auth, ""},
		{"no token", map[string]string{"DCOS_ACS_TOKEN": ""}, []string{"pod", "list"}, "GET /service/cockroachdb/v1/pod", ""},
		{"a name is escaped", nil, []string{"debug", "state", "property", "with space/1"}, "GET /service/cockroachdb/v1/state/properties/with%20space%2F1" + auth, ""},
		{"a command", nil, []string{"debug", "state", "refresh_cache"}, "PUT /service/cockroachdb/v1/state/refresh" + auth, ""},
		{"cosmos", nil, []string{"describe"}, "POST /cosmos/service/describe" + auth, `{"appId":"cockroachdb"}`},
		{"a start without parameters", nil, []string{"plan", "start", "deploy"}, "POST /service/cockroachdb/v1/plans/deploy/start" + auth, `{}`},
		{"parameters split at the first =", nil, []string{"plan", "start", "x", "-p", "A=b=c,d", "--params=B="}, "POST /service/cockroachdb/v1/plans/x/start" + auth, `{"A":"b=c,d","B":""}`},
		{"a stop", nil, []string{"plan", "stop", "deploy"}, "POST /service/cockroachdb/v1/plans/deploy/stop" + auth, ""},
		{"a pause", nil, []string{"plan", "pause", "deploy"}, "POST /service/cockroachdb/v1/plans/deploy/interrupt" + auth, ""},
		{"a resume of a phase", nil, []string{"plan", "resume", "deploy", "a&b"}, "POST /service/cockroachdb/v1/plans/deploy/continue?phase=a%26b" + auth, ""},
		{"a restart of a step", nil, []string{"plan", "force-restart", "deploy", "p", "cockroachdb-1:[node-join]"}, "POST /service/cockroachdb/v1/plans/deploy/restart?phase=p&step=cockroachdb-1%3A%5Bnode-join%5D" + auth, ""},
		{"a forced step by id", nil, []string{"plan", "force", "deploy", "p", "0b2ac1f2-8c3e-4b19-8a92-7d1f2b7d3a02"}, "POST /service/cockroachdb/v1/plans/deploy/forceComplete?phase=p&step=0b2ac1f2-8c3e-4b19-8a92-7d1f2b7d3a02" + auth, ""},
		{"update pause is about deploy", nil, []string{"update", "pause"}, "POST /service/cockroachdb/v1/plans/deploy/interrupt" + auth, ""},
		{"update resume is about deploy", nil, []string{"update", "resume", "p"}, "POST /service/cockroachdb/v1/plans/deploy/continue?phase=p" + auth, ""},
		{"update force-restart is about deploy", nil, []string{"update", "force-restart"}, "POST /service/cockroachdb/v1/plans/deploy/restart" + auth, ""},
		{"update force-complete is about deploy", nil, []string{"update", "force-complete", "p", "s"}, "POST /service/cockroachdb/v1/plans/deploy/forceComplete?phase=p&step=s" + auth, ""},
		{"update status is about deploy", nil, []string{"update", "status"}, "GET /service/cockroachdb/v1/plans/deploy" + auth, ""},
		{"a version", nil, []string{"update", "start", "--package-version=2"}, "POST /cosmos/service/update" + auth, `{"appId":"cockroachdb","packageVersion":"2","replace":false}`},
		{"versions", nil, []string{"update", "package-versions"}, "POST /cosmos/service/describe" + auth, `{"appId":"cockroachdb"}`},
		{"a pod restart", nil, []string{"pod", "restart", "cockroachdb-1"}, "POST /service/cockroachdb/v1/pod/cockroachdb-1/restart" + auth, ""},
		{"a forced pod replace", nil, []string{"pods", "replace", "--force", "cockroachdb-1"}, "POST /service/cockroachdb/v1/pod/cockroachdb-1/replace?force=true" + auth, ""},
		{"a pause of a pod", nil, []string{"debug", "pod", "pause", "cockroachdb-1"}, "POST /service/cockroachdb/v1/pod/cockroachdb-1/pause" + auth, ""},
		{"a pause of tasks", nil, []string{"debug", "pods", "pause", "cockroachdb-1", "-t", "a", "--tasks", "b"}, "POST /service/cockroachdb/v1/pod/cockroachdb-1/pause" + auth, `["a","b"]`},
		{"a forced resume", nil, []string{"debug", "pod", "resume", "cockroachdb-1", "--force"}, "POST /service/cockroachdb/v1/pod/cockroachdb-1/resume?force=true" + auth, ""},
		{"why", nil, []string{"why"}, "GET /service/cockroachdb/v1/debug/why" + auth, ""},
		{"the newest events", nil, []string{"events"}, "GET /service/cockroachdb/v1/events?limit=100" + auth, ""},
		{"some events", nil, []string{"events", "-n", "5", "--since", "1h"}, "GET /service/cockroachdb/v1/events?limit=5" + auth, ""},
		{"all young events", nil, []string{"events", "--since", "1h"}, "GET /service/cockroachdb/v1/events" + auth, ""},
		{"a diff", nil, []string{"diff", "NODE_MEM=4000", "NODE_PLACEMENT="}, "POST /service/cockroachdb/v1/diff" + auth, `{"NODE_MEM":"4000","NODE_PLACEMENT":""}`},
		{"offers", nil, []string{"debug", "offers"}, "GET /service/cockroachdb/v1/debug/offers" + auth, ""},
		{"plans", nil, []string{"debug", "plans", "deploy", "p", "s"}, "GET /service/cockroachdb/v1/debug/plans?phase=p&plan=deploy&step=s" + auth, ""},
		{"tasks of a plan", nil, []string{"debug", "taskStatuses", "deploy"}, "GET /service/cockroachdb/v1/debug/taskStatuses?plan=deploy" + auth, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			env := attachedTo(f)
			for name, value := range tt.env {
				env[name] = value
			}
			run(t, env, tt.args...)
			if got := f.asked(); len(got) != 1 || got[0] != tt.want {
				t.Errorf("asked %q, want %q", got, tt.want)
			}
			if f.bodies[0] != tt.body {
				t.Errorf("sent %q, want %q", f.bodies[0], tt.body)
			}
		})
	}
}

func TestNoCommandHasTheNameOfTheModule(t *testing.T) {
	// argv[1] could not be told from the word that dcos adds.
	if o := run(t, nil, "cockroachdb"); o.exit != 1 || !strings.Contains(o.stderr, `unknown command "cockroachdb"`) {
		t.Errorf("got %+v", o)
	}
}

func TestTheTokenNeverGoesToASchedulerAddressedDirectly(t *testing.T) {
	f := newFixture(t).scheduler(t, "")
	o := run(t, map[string]string{"DCOS_URL": "http://cluster.test", "DCOS_ACS_TOKEN": secret}, "plan", "list", "--url", f.URL+"/")
	if o.exit != 0 {
		t.Fatalf("exit %d: %s", o.exit, o.stderr)
	}
	if got := f.asked(); !slices.Equal(got, []string{"GET /v1/plans"}) {
		t.Errorf("asked %q", got)
	}
}

func TestTheFlagWinsOverTheVariableForTheAddress(t *testing.T) {
	f := newFixture(t).scheduler(t, "")
	o := run(t, map[string]string{"COCKROACHDB_SCHEDULER_URL": "http://127.0.0.1:1"}, "plan", "list", "--url", f.URL)
	if o.exit != 0 {
		t.Errorf("exit %d: %s", o.exit, o.stderr)
	}
}

func TestTheBinaryWorksWithAndWithoutTheWordThatDcosAdds(t *testing.T) {
	f := newFixture(t).scheduler(t, "")
	env := map[string]string{"COCKROACHDB_SCHEDULER_URL": f.URL}
	with := runArgv(t, env, "/home/u/.dcos/bin/dcos-cockroachdb", "cockroachdb", "plan", "list")
	without := runArgv(t, env, "./dcos-cockroachdb", "plan", "list")
	if with != without || with.exit != 0 || with.stdout == "" {
		t.Errorf("with: %+v\nwithout: %+v", with, without)
	}
	if o := runArgv(t, env, "./dcos-cockroachdb", "nosuch"); !strings.HasPrefix(o.stderr, "dcos-cockroachdb: error: ") {
		t.Errorf("the message names another program: %q", o.stderr)
	}
	if o := runArgv(t, env); o.exit != 1 {
		t.Errorf("no arguments at all: exit %d", o.exit)
	}
}

func TestRedirectsWithinTheClusterAreFollowed(t *testing.T) {
	f := newFixture(t)
	f.answers["GET /service/cockroachdb/v1/plans"] = canned{307, "/service/cockroachdb/v1/plans/", ""}
	f.answers["GET /service/cockroachdb/v1/plans/"] = canned{200, "application/json", `[]`}
	o := run(t, attachedTo(f), "plan", "list")
	if o.exit != 0 || o.stdout != "[]\n" {
		t.Errorf("got %+v", o)
	}
	if got := f.asked(); len(got) != 2 || !strings.HasSuffix(got[1], secret) {
		t.Errorf("asked %q", got)
	}
}

func TestVerbosityOfDcosIsTakenOver(t *testing.T) {
	f := newFixture(t).scheduler(t, "")
	for _, env := range []map[string]string{{"DCOS_VERBOSITY": "1"}, {"DCOS_LOG_LEVEL": "info"}, {"DCOS_DEBUG": "true"}} {
		env["COCKROACHDB_SCHEDULER_URL"] = f.URL
		if o := run(t, env, "plan", "list"); !strings.Contains(o.stderr, "> GET ") {
			t.Errorf("%v shows no query: %q", env, o.stderr)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAnAnswerThatCannotBeWrittenIsAFailure(t *testing.T) {
	var stderr bytes.Buffer
	exit := cli.Run(context.Background(), cli.Process{
		Args: []string{"dcos-cockroachdb", "--info"}, Stdout: full{}, Stderr: &stderr,
		Env: func(string) (string, bool) { return "", false },
	})
	if exit != 1 || !strings.Contains(stderr.String(), "write the answer: no space left on device") {
		t.Errorf("exit %d, stderr %q", exit, stderr.String())
	}
}
