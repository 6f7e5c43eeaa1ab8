package bench

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// demo runs the sandbox until the service is deployed, reads the scheduler's memory, and asks the plug-in.
func demo(t *testing.T, programs string) []figure {
	url, p := deployed(t, programs)
	resident := megabytes(t, child(t, p.Process.Pid, filepath.Join(programs, "cockroachdb-scheduler")), "VmRSS")
	figures := []figure{{name: "resident memory of the scheduler after the demo", value: resident, limit: 40, unit: "MB", exact: true}}
	for _, verbs := range [][]string{{"endpoints", "pg"}, {"plan", "status", "deploy"}} {
		figures = append(figures, figure{name: "plug-in from start to answer, " + strings.Join(verbs, " ") + ", median of 21",
			value: milliseconds(asked(t, programs, url, verbs)), limit: 50, unit: "ms"})
	}
	figures = append(figures, figure{name: "plug-in from start to its version, median of 21",
		value: milliseconds(asked(t, programs, url, []string{"--version"})), limit: 30, unit: "ms"})
	p.stop(t)
	return figures
}

// deployed starts the sandbox and waits for what it says last. It returns the address of the scheduler's API.
func deployed(t *testing.T, programs string) (string, *program) {
	t.Helper()
	p := start(t, nil, "Ctrl-C stops everything", filepath.Join(programs, "cockroachdb-sandbox"), "--dir", t.TempDir())
	receive(t, p.output.heard, p, "the end of the deployment")
	return p.output.after("The scheduler's API:"), p
}

// asked is how long the plug-in takes, from the start of its process to its end.
func asked(t *testing.T, programs, url string, verbs []string) time.Duration {
	t.Helper()
	took := make([]time.Duration, 21)
	for i := range took {
		cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "dcos-cockroachdb"), append([]string{"--url", url}, verbs...)...)
		cmd.Env = []string{"HOME=" + t.TempDir()}
		began := time.Now()
		output, err := cmd.CombinedOutput()
		took[i] = time.Since(began)
		if err != nil || len(output) == 0 {
			t.Fatalf("%v: %v\n%s", verbs, err, output)
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}
