package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCompletionAsksTheScheduler(t *testing.T) {
	f := newFixture(t).scheduler(t, "")
	f.answers["GET /v1/jobs"] = jobsOf(aJob("running"), aJob("failed", id("6f2a9c1e-0003-4c6f-8a91-0d2e4f6a8b10")))
	env := map[string]string{"COCKROACHDB_SCHEDULER_URL": f.URL}
	tests := []struct {
		words []string
		want  []string
	}{
		{[]string{""}, []string{"backup", "certs", "completion", "debug", "describe", "diff", "endpoints", "events", "help", "plan", "pod", "restore", "update", "version", "why"}},
		{[]string{"p"}, []string{"plan", "pod"}},
		{[]string{"plan", "pause", "d"}, []string{"deploy"}},
		{[]string{"plan", "pause", "deploy", ""}, []string{"node-deploy", "metrics-deploy"}},
		{[]string{"plan", "pause", "deploy", "node-deploy", ""}, nil},
		{[]string{"plan", "force-complete", "deploy", "node-deploy", "cockroachdb-1"}, []string{"cockroachdb-1:[node-join]"}},
		{[]string{"plan", "restart", "deploy", "0b2ac1f2-8c3e-4b19-8a92-7d1f2b7d3a05", ""}, []string{"metrics-0:[server]"}},
		{[]string{"plan", "restart", "broken", ""}, []string{"node-deploy"}},
		{[]string{"plan", "stop", "r"}, []string{"recovery"}},
		{[]string{"update", "pause", "m"}, []string{"metrics-deploy"}},
		{[]string{"update", "force", "metrics-deploy", ""}, []string{"metrics-0:[server]"}},
		{[]string{"pod", "replace", "m"}, []string{"metrics-0"}},
		{[]string{"debug", "pod", "pause", "m"}, []string{"metrics-0"}},
		{[]string{"debug", "plans", "deploy", "n"}, []string{"node-deploy"}},
		{[]string{"plan", "status", ""}, []string{"deploy", "recovery", "sidecar"}},
		{[]string{"pod", "status", "cockroachdb-1"}, []string{"cockroachdb-1", "cockroachdb-10"}},
		{[]string{"endpoints", ""}, []string{"http", "pg"}},
		{[]string{"debug", "state", "property", "s"}, []string{"suppressed"}},
		{[]string{"plan", "status", "deploy", ""}, nil},
		{[]string{"backup", ""}, []string{"cancel", "list", "status", "verify"}},
		{[]string{"backup", "bank", ""}, nil},
		{[]string{"backup", "--compress", ""}, []string{"gzip", "zstd", "none"}},
		{[]string{"backup", "--method", "d"}, []string{"dump"}},
		{[]string{"restore", "--existing", ""}, []string{"refuse", "keep", "drop"}},
		{[]string{"backup", "status", ""}, []string{jobID, "6f2a9c1e-0003-4c6f-8a91-0d2e4f6a8b10"}},
		{[]string{"restore", "cancel", ""}, []string{jobID}},
		{[]string{"backup", "cancel", "6"}, nil},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.words, " "), func(t *testing.T) {
			o := run(t, env, append([]string{"__completeNoDesc"}, tt.words...)...)
			lines := strings.Split(strings.TrimSpace(o.stdout), "\n")
			if got := lines[:len(lines)-1]; o.exit != 0 || !slices.Equal(got, tt.want) {
				t.Errorf("exit %d, offers %q, want %q", o.exit, got, tt.want)
			}
		})
	}
}

func TestCompletionIsQuietWithoutACluster(t *testing.T) {
	o := run(t, nil, "__completeNoDesc", "plan", "status", "")
	if o.exit != 0 || o.stdout != ":4\n" {
		t.Errorf("got %+v", o)
	}
}

func TestCompletionScripts(t *testing.T) {
	for shell, want := range map[string]string{
		"bash": "__start_dcos-cockroachdb", "zsh": "#compdef dcos-cockroachdb", "fish": "complete -c dcos-cockroachdb",
	} {
		if o := run(t, nil, "completion", shell); o.exit != 0 || !strings.Contains(o.stdout, want) {
			t.Errorf("%s: exit %d, the script lacks %q", shell, o.exit, want)
		}
	}
}

// completeInBash calls the function that dcos calls, with the variables and the
// reply function that dcos provides, and a dcos that runs the plug-in.
func completeInBash(t *testing.T, binary, url string) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("bash is not installed: CI skips nothing")
		}
		t.Skip("bash is not installed")
	}
	dir := t.TempDir()
	shim := "#!" + bash + "\nexec '" + binary + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "dcos"), []byte(shim), 0o755); err != nil {
		t.Fatal(err)
	}
	const script = `
set -u
source <(dcos cockroachdb completion dcos)
__dcos_handle_compreply() { for offer in "$@"; do [[ $offer == "$cur"* ]] && echo "$offer"; done; true; }
words=(dcos cockroachdb "$@")
cword=$((${#words[@]} - 1)) c=2 cur=${words[cword]}
_dcos_cockroachdb`
	tests := []struct {
		words []string
		want  string
	}{
		{[]string{"end"}, "endpoints"},
		{[]string{"plan", "stat"}, "status"},
		{[]string{"pod", "info", "m"}, "metrics-0"},
		{[]string{"pod", "restart", "m"}, "metrics-0"},
		{[]string{"plan", "force", "deploy", "metrics-deploy", "m"}, "metrics-0:[server]"},
		{[]string{"--js"}, "--json"},
	}
	for _, tt := range tests {
		c := exec.Command(bash, append([]string{"-c", script, "bash"}, tt.words...)...)
		c.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "COCKROACHDB_SCHEDULER_URL=" + url}
		out, err := c.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != tt.want {
			t.Errorf("%q offers %q (%v), want %q", tt.words, got, err, tt.want)
		}
	}
}
