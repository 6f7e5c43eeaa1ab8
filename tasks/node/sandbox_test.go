package node

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"
)

func TestFindSandbox(t *testing.T) {
	current, sandbox := t.TempDir(), t.TempDir()
	t.Chdir(current)
	t.Setenv("MESOS_SANDBOX", sandbox)
	find := func(given, want string) {
		t.Helper()
		got, err := FindSandbox(given)
		got, _ = filepath.EvalSymlinks(got)
		want, _ = filepath.EvalSymlinks(want)
		if err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	find("", current)
	if err := WriteState(sandbox, State{Phase: Preparing}); err != nil {
		t.Fatal(err)
	}
	find("", sandbox)
	if err := WriteState(current, State{Phase: Preparing}); err != nil {
		t.Fatal(err)
	}
	find("", current)
	find(sandbox, sandbox)
}

func TestJournalLines(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 11, 22, 9, 0, 0, 5e6, time.FixedZone("", 3600))
	NewJournal(&out, func() time.Time { return at }).Say("a %d\nb", 1)
	if want := "2026-11-22T08:00:00.005Z cockroachdb-node: a 1\n2026-11-22T08:00:00.005Z cockroachdb-node: b\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}

func TestPhasesNeverGoBack(t *testing.T) {
	dir := t.TempDir()
	k := &stateKeeper{dir: dir, state: State{Phase: Preparing}, journal: NewJournal(&bytes.Buffer{}, time.Now)}
	k.running(7)
	k.advance(Stopping)
	k.member("id")
	got, err := ReadState(dir)
	if err != nil || got != (State{Phase: Stopping, PID: 7, ClusterID: "id"}) {
		t.Errorf("%+v, %v", got, err)
	}
}
