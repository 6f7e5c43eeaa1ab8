package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
)

// TestFollowingOverHTTP ends as it does for a person: the process is interrupted while a query waits.
func TestFollowingOverHTTP(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		stdout string
	}{
		{[]string{"events", "--follow", "-n", "1"}, "1  2026-11-22 12:00:00 UTC  INFO   first\n2  2026-11-22 12:00:01 UTC  WARN   second\n"},
		{[]string{"events", "-f", "-n", "1", "--json"},
			`{"seq":1,"at":"2026-11-22T12:00:00Z","level":"INFO","message":"first","facts":[]}` + "\n" +
				`{"seq":2,"at":"2026-11-22T12:00:01Z","level":"WARN","message":"second","facts":[]}` + "\n"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var asked []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.RequestURI())
			switch len(asked) {
			case 1:
				io.WriteString(w, `{"events":[{"seq":1,"at":"2026-11-22T12:00:00Z","level":"INFO","message":"first","facts":null}],"last":1}`)
			case 2:
				io.WriteString(w, `{"events":[{"seq":2,"at":"2026-11-22T12:00:01Z","level":"WARN","message":"second"}],"last":2}`)
			default:
				cancel()
				<-r.Context().Done()
			}
		}))
		var stdout, stderr bytes.Buffer
		exit := cli.Run(ctx, cli.Process{
			Args: append([]string{"dcos-cockroachdb"}, tt.args...), Stdout: &stdout, Stderr: &stderr,
			Env: func(name string) (string, bool) { return server.URL, name == "COCKROACHDB_SCHEDULER_URL" },
		})
		server.Close()
		cancel()
		if exit != 0 || stdout.String() != tt.stdout || stderr.Len() > 0 {
			t.Errorf("exit %d, stdout %q, stderr %q", exit, stdout.String(), stderr.String())
		}
		want := []string{"/v1/events?limit=1", "/v1/events?after=1&wait=15s", "/v1/events?after=2&wait=15s"}
		if !slices.Equal(asked, want) {
			t.Errorf("asked %q, want %q", asked, want)
		}
	}
}

func TestACommandThatIsBrokenOffSaysNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	var stdout, stderr bytes.Buffer
	exit := cli.Run(ctx, cli.Process{
		Args: []string{"dcos-cockroachdb", "plan", "list"}, Stdout: &stdout, Stderr: &stderr,
		Env: func(name string) (string, bool) { return server.URL, name == "COCKROACHDB_SCHEDULER_URL" },
	})
	if exit != 130 || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("exit %d, stdout %q, stderr %q", exit, stdout.String(), stderr.String())
	}
}
