package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/leader"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover/takeovertest"
)

const javaRoot = "dcos-service-cockroachdb"

// plant writes a former service into ZooKeeper and points the environment at it.
func plant(t *testing.T, tree map[string][]byte) (*zktest.Server, config.Settings) {
	t.Helper()
	server := zktest.Start(t, zktest.WithTick(500*time.Millisecond))
	conn, err := zkconn.Dial(t.Context(), zkconn.Settings{Servers: []string{server.Address()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for path, value := range tree {
		if err := conn.MakePath(t.Context(), "/"+javaRoot+"/"+path); err != nil {
			t.Fatal(err)
		}
		if err := conn.Multi(t.Context(), zkconn.Set("/"+javaRoot+"/"+path, value, zkconn.AnyVersion)); err != nil {
			t.Fatal(err)
		}
	}
	environ := []string{"PORT_API=8090", "COCKROACH_VERSION=v2.0.1", "STATE_STORE=" + server.URL("")}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	return server, config.Parse(environ, time.Now()).Settings
}

func look(t *testing.T, server *zktest.Server) store.FormerState {
	t.Helper()
	former, err := store.OpenFormer(t.Context(), server.URL(""), javaRoot)
	if err != nil {
		t.Fatal(err)
	}
	defer former.Close()
	state, err := former.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func takeoverRun(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	command := root()
	command.SetArgs(append([]string{"takeover"}, args...))
	command.SetOut(&out)
	command.SetErr(&errs)
	code := exitCode(command.ExecuteContext(context.Background()))
	return out.String(), code
}

func facts(t *testing.T, server *zktest.Server) core.Facts {
	t.Helper()
	values, err := store.Read(t.Context(), server.URL(""), javaRoot)
	if err != nil {
		t.Fatal(err)
	}
	out, err := core.Decode(values)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A whole life: a dry run, the takeover, going back, again, and the end of the way back.
func TestTakeoverThereAndBack(t *testing.T) {
	tree := takeovertest.New(takeovertest.SDK20, 3).Tree()
	server, settings := plant(t, tree)
	log := slog.New(slog.DiscardHandler)
	before := look(t, server)

	out, code := takeoverRun(t, "--dry-run")
	if code != 0 || !strings.Contains(out, "cockroachdb-2-node-join") {
		t.Fatalf("dry run: %d\n%s", code, out)
	}
	out, code = takeoverRun(t, "--dry-run", "--json")
	var report takeover.Report
	if err := json.Unmarshal([]byte(out), &report); code != 0 || err != nil || len(report.Tasks) != 4 || len(report.Refused) != 0 {
		t.Fatalf("dry run as JSON: %d %v\n%s", code, err, out)
	}
	if now := look(t, server); now.Own || !maps.EqualFunc(now.Nodes, before.Nodes, bytes.Equal) {
		t.Fatal("a dry run wrote something")
	}

	if _, code := takeoverRun(t, "undo"); code != exitUnread {
		t.Errorf("undo before the takeover ends with %d", code)
	}
	if err := takeOverFirst(t.Context(), settings, log); err != nil {
		t.Fatal(err)
	}
	if err := takeOver(t.Context(), settings, log); err != nil {
		t.Fatal(err)
	}
	if err := takeOver(t.Context(), settings, log); err != nil {
		t.Errorf("taking over twice: %v", err)
	}
	taken := facts(t, server)
	if len(taken.Records) != 4 || taken.FrameworkID != takeovertest.Framework || !formerKept(t.Context(), settings, taken, log) {
		t.Errorf("taken over: %+v", taken)
	}
	if out, code = takeoverRun(t, "--dry-run"); code != exitUnread {
		t.Errorf("a dry run afterwards ends with %d\n%s", code, out)
	}

	leadership, err := leader.Acquire(t.Context(), server.URL(""), javaRoot)
	if err != nil {
		t.Fatal(err)
	}
	if _, code = takeoverRun(t, "undo"); code != exitLock {
		t.Errorf("undo beside a running scheduler ends with %d", code)
	}
	leadership.Release()
	if out, code = takeoverRun(t, "undo"); code != 0 {
		t.Fatalf("undo: %d\n%s", code, out)
	}
	if now := look(t, server); now.Own || len(now.Kept) != 0 || !maps.EqualFunc(now.Nodes, before.Nodes, bytes.Equal) {
		t.Error("the former state is not back as it was")
	}

	if err := takeOver(t.Context(), settings, log); err != nil {
		t.Fatal(err)
	}
	if out, code = takeoverRun(t, "confirm"); code != 0 || !strings.Contains(out, "Removed [java-state-") {
		t.Errorf("confirm: %d\n%s", code, out)
	}
	if formerKept(t.Context(), settings, facts(t, server), log) {
		t.Error("a confirmed takeover still keeps the former state")
	}
	if _, code = takeoverRun(t, "undo"); code != exitUnread {
		t.Errorf("undo after confirming ends with %d", code)
	}
	if out, code = takeoverRun(t, "confirm"); code != 0 || !strings.Contains(out, "No state") {
		t.Errorf("confirming twice: %d\n%s", code, out)
	}
}

// Where we have launched something, the former scheduler would not know it: undo says what, and writes nothing without --force.
func TestUndoSaysWhatWouldBeLost(t *testing.T) {
	server, settings := plant(t, takeovertest.New(takeovertest.SDK20, 3).Tree())
	log := slog.New(slog.DiscardHandler)
	if err := takeOver(t.Context(), settings, log); err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(t.Context(), server.URL(""), javaRoot)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	const node = "cockroachdb-1-node-join"
	record := *facts(t, server).Records[node]
	record.TaskID = "cockroachdb__" + node + "__ours"
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Apply(t.Context(), store.Batch{Set: map[string][]byte{"records/" + node: text}}); err != nil {
		t.Fatal(err)
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	if out, code := takeoverRun(t, "undo"); code != 1 || !strings.Contains(out, node+" was launched by this scheduler") || !look(t, server).Own {
		t.Errorf("undo: %d\n%s", code, out)
	}
	if out, code := takeoverRun(t, "undo", "--force"); code != 0 || look(t, server).Own {
		t.Errorf("undo --force: %d\n%s", code, out)
	}
}

func TestWhatIsRefusedIsPrintedAndNothingIsWritten(t *testing.T) {
	s := takeovertest.New(takeovertest.SDK20, 3)
	s.Task("cockroachdb-1-node-join").Override = "PAUSED"
	server, settings := plant(t, s.Tree())
	before := look(t, server)
	for name, do := range map[string]func(context.Context, config.Settings, *slog.Logger) error{"before the lock": takeOverFirst, "with the lock": takeOver} {
		if err := do(t.Context(), settings, slog.New(slog.DiscardHandler)); exitCode(err) != exitConfig {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, code := takeoverRun(t, "--dry-run"); code != exitConfig || !strings.Contains(out, "cockroachdb-1-node-join (PAUSED)") {
		t.Errorf("dry run: %d\n%s", code, out)
	}
	if now := look(t, server); now.Own || len(now.Kept)+len(now.Broken) != 0 || !maps.EqualFunc(now.Nodes, before.Nodes, bytes.Equal) {
		t.Error("something was written")
	}
}

func TestTakeoverHasToBeToldWhatToDo(t *testing.T) {
	if _, code := takeoverRun(t); code != exitConfig {
		t.Errorf("ends with %d", code)
	}
	t.Setenv("PORT_API", "8090")
	t.Setenv("STATE_STORE", "file:///tmp/none")
	if _, code := takeoverRun(t, "--dry-run"); code != exitUnread {
		t.Errorf("a state that is no ZooKeeper ends with %d", code)
	}
}

// hears calls do at each line that is logged.
type hears struct{ do func(message string) }

func (hears) Enabled(context.Context, slog.Level) bool             { return true }
func (h hears) Handle(_ context.Context, record slog.Record) error { h.do(record.Message); return nil }
func (h hears) WithAttrs([]slog.Attr) slog.Handler                 { return h }
func (h hears) WithGroup(string) slog.Handler                      { return h }

// The lock of a Java scheduler that has just been killed is waited for; anything else that is in the way is told at once.
func TestTheFormerLockIsWaitedFor(t *testing.T) {
	tree := takeovertest.New(takeovertest.SDK20, 3).Tree()
	tree["lock"], tree["lock/_c_1-lock-0000000001"] = nil, []byte("10.0.0.9")
	server, settings := plant(t, tree)
	waited := 0
	log := slog.New(hears{func(message string) {
		if !strings.Contains(message, "lock is still there") {
			return
		}
		waited++
		conn, err := zkconn.Dial(context.Background(), zkconn.Settings{Servers: []string{server.Address()}})
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		if err := conn.Multi(context.Background(), zkconn.Delete("/"+javaRoot+"/lock/_c_1-lock-0000000001", zkconn.AnyVersion)); err != nil {
			t.Error(err)
		}
	}})
	if err := takeOverFirst(t.Context(), settings, log); err != nil || waited != 1 {
		t.Errorf("waited %d times: %v", waited, err)
	}
}
