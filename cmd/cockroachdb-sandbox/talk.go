package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// introduce says what was started.
func (b *sandbox) introduce(out io.Writer) {
	fmt.Fprintf(out, "A loopback Mesos with four agents: %s\n", b.cluster.URL())
	fmt.Fprintf(out, "The scheduler's API:               %s\n", b.url())
	fmt.Fprintf(out, "Sandboxes, logs and state:         %s\n\n", b.dir)
}

// answers shows what the plug-in says of the deployed service.
func (b *sandbox) answers(ctx context.Context, out io.Writer) error {
	commands := [][]string{{"endpoints", "pg"}, {"pod", "list"}, {"plan", "status", "deploy"}}
	if b.secure {
		commands = append(commands, []string{"certs", "list"}, []string{"certs", "client", "root", "--out", filepath.Join(b.dir, "certs"), "--force"})
	}
	for _, args := range commands {
		fmt.Fprintf(out, "\n$ dcos cockroachdb %s %s\n", args[0], joined(args[1:]))
		cmd := exec.CommandContext(ctx, b.cli, append([]string{"--url", b.url()}, args...)...)
		cmd.Stdout, cmd.Stderr = out, out
		cmd.Env = append(os.Environ(), "DCOS_URL=", "DCOS_ACS_TOKEN=")
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("dcos cockroachdb %s %s: %w", args[0], joined(args[1:]), err)
		}
	}
	return nil
}

// suggest says what to try next.
func (b *sandbox) suggest(out io.Writer) {
	fmt.Fprintf(out, `
Deployed. In another terminal, with
    export COCKROACHDB_SCHEDULER_URL=%s
try
    %[2]s pod status
    %[2]s pod info cockroachdb-0
    %[2]s plan status recovery
    curl %[1]s/v1/metrics/prometheus
or kill a node's process, and watch it come back on its volume:
    pkill -9 -f 'cockroach start.*advertise-addr=%[3]s:'

Ctrl-C stops everything.
`, b.url(), b.cli, b.second())
}

func joined(args []string) string {
	text := ""
	for i, arg := range args {
		if i > 0 {
			text += " "
		}
		text += arg
	}
	return text
}
