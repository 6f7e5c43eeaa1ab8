package process

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process/guard"
)

// probeOutput is how much of a check command's output is kept, in bytes.
const probeOutput = 4096

// probeHost is where HTTP and TCP checks go: the executors check the loopback address, whatever the agent's own is.
const probeHost = "127.0.0.1"

// probeCommand runs a check's command in the task's sandbox with the task's environment and its own on top. It returns false
// when there is no exit code: not started, timed out, or ended by a signal. What it printed goes to the sandbox's stderr when it
// did not succeed, so that a person can see why.
func (t *task) probeCommand(ctx context.Context, what string, info *mesos.CommandInfo) (int32, bool) {
	code, output, err := t.runProbe(ctx, info)
	if ctx.Err() != nil && t.ctx.Err() == nil {
		err = errors.New("timed out")
	}
	if t.ctx.Err() == nil && (err != nil || code != 0) {
		t.note(fmt.Sprintf("%s: exit code %d, error %v, output: %s\n", what, code, err, output))
	}
	return code, err == nil
}

func (t *task) runProbe(ctx context.Context, info *mesos.CommandInfo) (code int32, output []byte, err error) {
	command, err := t.guardCommand(info, info.GetEnvironment())
	if err != nil {
		return 0, nil, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return 0, nil, fmt.Errorf("make a pipe for a check: %w", err)
	}
	defer reader.Close()
	run, err := guard.Start(command, writer, writer)
	writer.Close()
	if err != nil {
		return 0, nil, err
	}
	defer context.AfterFunc(ctx, run.Abandon)()
	output, _ = io.ReadAll(io.LimitReader(reader, probeOutput))
	_, _ = io.Copy(io.Discard, reader)
	status, err := run.Wait()
	switch {
	case err != nil:
		return 0, output, err
	case ctx.Err() != nil:
		return 0, output, ctx.Err()
	case !status.Exited():
		return 0, output, errors.New(waitMessage(status))
	}
	return int32(status.ExitStatus()), output, nil
}

// noteLimit is the size above which a task's stderr gets no more notes about its checks, in bytes.
const noteLimit = 1 << 20

func (t *task) note(text string) {
	file, err := t.output("stderr")
	if err != nil {
		t.agent().log.Warn("cannot note a check", "task_id", t.id, "error", err)
		return
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() < noteLimit {
		_, _ = file.WriteString(text)
	}
}

func probeHTTP(ctx context.Context, scheme string, port uint32, path string) (uint32, bool) {
	if scheme == "" {
		scheme = "http"
	}
	url := scheme + "://" + net.JoinHostPort(probeHost, strconv.Itoa(int(port))) + path
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, false
	}
	// The executors' own check does not verify certificates, and follows redirects.
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Do(request)
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	return uint32(response.StatusCode), true
}

func probeTCP(ctx context.Context, port uint32) bool {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(probeHost, strconv.Itoa(int(port))))
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}
