package store

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func entry(i uint64) Entry {
	return Entry{Index: i, Term: 1, Kind: "write", Data: json.RawMessage(`{"n":1}`)}
}

func TestLogSurvivesAndTornEndIsDropped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	f := open(t, dir)
	if _, err := f.Load(); err != nil {
		t.Fatal(err)
	}
	if err := f.Append([]Entry{entry(1), entry(2)}); err != nil {
		t.Fatal(err)
	}
	f.Close()

	w, _ := os.OpenFile(filepath.Join(dir, logFile), os.O_APPEND|os.O_WRONLY, 0)
	w.WriteString("00000000 {\"i\":3")
	w.Close()

	f = open(t, dir)
	l, err := f.Load()
	if err != nil || len(l.Entries) != 2 {
		t.Fatalf("entries %v, %v; want the two that were synced", l.Entries, err)
	}
	if err := f.Append([]Entry{entry(3)}); err != nil {
		t.Fatal(err)
	}
	f.Close()
	f = open(t, dir)
	if l, err := f.Load(); err != nil || len(l.Entries) != 3 {
		t.Fatalf("after a torn end: %d entries, %v; want 3", len(l.Entries), err)
	}
	f.Close()
}

func TestDamageInTheMiddleIsAnError(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	f.Load()
	f.Append([]Entry{entry(1), entry(2)})
	f.Close()
	b, _ := os.ReadFile(filepath.Join(dir, logFile))
	b[12] ^= 1
	os.WriteFile(filepath.Join(dir, logFile), b, 0o640)
	f = open(t, dir)
	defer f.Close()
	if _, err := f.Load(); err == nil {
		t.Fatal("a damaged log was loaded without an error")
	}
}

func TestSnapshotCutsTheLog(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	f.Load()
	f.Append([]Entry{entry(1), entry(2)})
	f.SetSnapshot(Snapshot{Index: 2, Term: 1, Voters: []int{1}, State: json.RawMessage(`{}`)})
	f.Rewrite([]Entry{entry(3)})
	f.Append([]Entry{entry(4)})
	f.SetVote(Vote{Term: 7, For: 2})
	f.Close()
	f = open(t, dir)
	defer f.Close()
	l, err := f.Load()
	if err != nil || l.Snapshot == nil || l.Snapshot.Index != 2 || len(l.Entries) != 2 || l.Entries[0].Index != 3 || l.Vote != (Vote{7, 2}) {
		t.Fatalf("loaded %+v, %v", l, err)
	}
}

func TestLockAndIdentity(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if _, err := Open(dir, ""); !errors.Is(err, ErrLocked) {
		t.Fatalf("second open: %v; want ErrLocked", err)
	}
	id, err := f.Identity()
	if err != nil || id.Token == "" || id.ClusterID != "" {
		t.Fatalf("new identity %+v, %v", id, err)
	}
	id.ClusterID, id.NodeID = "c", 3
	f.SetIdentity(id)
	temp := f.Temp
	f.Close()
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("temporary folder is still there: %v", err)
	}
	f = open(t, dir)
	defer f.Close()
	if got, _ := f.Identity(); got != id {
		t.Errorf("identity %+v; want %+v", got, id)
	}
}
