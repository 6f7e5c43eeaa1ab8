package process

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func tgz(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	archive := tar.NewWriter(zipped)
	for name, content := range files {
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func zipped(t *testing.T, name, content string) []byte {
	t.Helper()
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	file, err := archive.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func TestWhatIsFetched(t *testing.T) {
	program := []byte("#!/bin/sh\nexit 0\n")
	archive := tgz(t, map[string]string{"db-v1/db": string(program)})
	files := map[string][]byte{"/tool": program, "/db-v1.linux-amd64.tgz": archive, "/db.zip": zipped(t, "db/readme", "hello"),
		"/evil.tgz": tgz(t, map[string]string{"../../../evil": "x"}), "/broken.tgz": []byte("no gzip")}
	local := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(local+name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/tool", http.StatusFound)
			return
		}
		data, found := files[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(data)
	}))
	defer server.Close()
	yes, no, other := true, false, "bin/other-name"
	for name, test := range map[string]struct {
		uri     mesos.CommandInfo_URI
		command string
		failure string
	}{
		"executable":             {uri: mesos.CommandInfo_URI{Value: "file://" + local + "/tool", Executable: &yes}, command: "./tool"},
		"local path":             {uri: mesos.CommandInfo_URI{Value: local + "/tool", Executable: &yes, Cache: &yes}, command: "./tool"},
		"not executable":         {uri: mesos.CommandInfo_URI{Value: server.URL + "/tool"}, command: "test -f tool -a ! -x tool"},
		"redirect":               {uri: mesos.CommandInfo_URI{Value: server.URL + "/moved"}, command: "test -s moved"},
		"query is not a name":    {uri: mesos.CommandInfo_URI{Value: server.URL + "/tool?x=1/2"}, command: "test -s tool"},
		"output file":            {uri: mesos.CommandInfo_URI{Value: server.URL + "/tool", Executable: &yes, OutputFile: &other}, command: "bin/other-name"},
		"archive over http":      {uri: mesos.CommandInfo_URI{Value: server.URL + "/db-v1.linux-amd64.tgz"}, command: "db-v1/db && test -f db-v1.linux-amd64.tgz"},
		"archive, not wanted":    {uri: mesos.CommandInfo_URI{Value: "file://" + local + "/db-v1.linux-amd64.tgz", Extract: &no}, command: "test ! -e db-v1"},
		"zip":                    {uri: mesos.CommandInfo_URI{Value: server.URL + "/db.zip"}, command: "grep -q hello db/readme"},
		"not there":              {uri: mesos.CommandInfo_URI{Value: server.URL + "/nothing"}, failure: "the server answered 404 Not Found"},
		"no such file":           {uri: mesos.CommandInfo_URI{Value: "file:///no/such/file"}, failure: "no such file or directory"},
		"scheme":                 {uri: mesos.CommandInfo_URI{Value: "hdfs://x/y"}, failure: `scheme "hdfs"`},
		"no name":                {uri: mesos.CommandInfo_URI{Value: server.URL + "/"}, failure: "not a file name inside the sandbox"},
		"archive that leads out": {uri: mesos.CommandInfo_URI{Value: server.URL + "/evil.tgz"}, failure: "path escapes"},
		"broken archive":         {uri: mesos.CommandInfo_URI{Value: server.URL + "/broken.tgz"}, failure: "unpack broken.tgz"},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			task := one("a", test.command)
			task.Command.URIs = []mesos.CommandInfo_URI{test.uri}
			launch(t, agent, pod(task))
			if test.failure == "" {
				seen.last(t, "a", mesos.TASK_FINISHED)
				return
			}
			failed := seen.last(t, "a", mesos.TASK_FAILED)
			got := failed.GetMessage()
			if !strings.HasPrefix(got, "Failed to fetch all URIs for container 'nested-a'") || !strings.Contains(got, test.failure) {
				t.Errorf("message: got %q, want the fetcher's with %q", got, test.failure)
			}
			if failed.Reason != nil {
				t.Errorf("reason: got %s, want none, as from the default executor", failed.Reason)
			}
			if matches, _ := filepath.Glob(filepath.Join(agent.options.WorkDir, "slaves/agent-S0/frameworks/*/evil")); len(matches) > 0 {
				t.Errorf("an archive wrote outside the sandbox: %v", matches)
			}
		})
	}
}

func TestAKillEndsAFetch(t *testing.T) {
	reached := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	}))
	defer server.Close()
	agent, seen := newAgent(t, nil)
	task := one("a", "true")
	task.Command.URIs = []mesos.CommandInfo_URI{{Value: server.URL + "/slow"}}
	launch(t, agent, pod(task))
	<-reached
	agent.Kill("fw", "pod", "a", -1)
	seen.last(t, "a", mesos.TASK_KILLED)
}
