package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Entry is one entry of the replicated log.
type Entry struct {
	Index uint64          `json:"i"`
	Term  uint64          `json:"t"`
	Kind  string          `json:"k"`
	Data  json.RawMessage `json:"d,omitempty"`
}

// Vote is what a node promised: its term, and whom it voted for in it.
type Vote struct {
	Term uint64 `json:"term"`
	For  int    `json:"for"`
}

// Snapshot is the state machine after all entries up to Index.
type Snapshot struct {
	Index  uint64          `json:"index"`
	Term   uint64          `json:"term"`
	Voters []int           `json:"voters"`
	State  json.RawMessage `json:"state"`
}

// Loaded is everything that replication needs from a store at start.
type Loaded struct {
	Vote     Vote
	Snapshot *Snapshot
	Entries  []Entry
}

const (
	voteFile     = "VOTE"
	snapshotFile = "SNAPSHOT"
	logFile      = "WAL"
)

// Load reads vote, snapshot and log, and opens the log for appending. A last
// line that was cut off by a crash is dropped: it was never acknowledged.
func (f *Folder) Load() (Loaded, error) {
	var l Loaded
	if err := f.read(voteFile, &l.Vote); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l, err
	}
	var snap Snapshot
	switch err := f.read(snapshotFile, &snap); {
	case err == nil:
		l.Snapshot = &snap
	case !errors.Is(err, fs.ErrNotExist):
		return l, err
	}
	w, err := os.OpenFile(filepath.Join(f.Path, logFile), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return l, fmt.Errorf("open the store's log: %w", err)
	}
	f.log = w
	good := int64(0)
	r := bufio.NewReader(w)
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return l, fmt.Errorf("read the store's log: %w", err)
		}
		e, err := decode(line)
		if err != nil {
			if rest, _ := io.ReadAll(r); len(rest) > 0 {
				return l, fmt.Errorf("the store's log is damaged at byte %d: %w", good, err)
			}
			break
		}
		good += int64(len(line))
		if l.Snapshot == nil || e.Index > l.Snapshot.Index {
			l.Entries = append(l.Entries, e)
		}
	}
	if err := w.Truncate(good); err != nil {
		return l, fmt.Errorf("cut the store's log: %w", err)
	}
	if _, err := w.Seek(good, io.SeekStart); err != nil {
		return l, fmt.Errorf("open the store's log: %w", err)
	}
	return l, nil
}

// encode puts a checksum in front of the entry: one line of hex, space, JSON.
func encode(e Entry) ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode log entry %d: %w", e.Index, err)
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(b), b), nil
}

func decode(line []byte) (Entry, error) {
	var e Entry
	var sum uint32
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < 9 {
		return e, fmt.Errorf("short line")
	}
	if _, err := fmt.Sscanf(string(line[:8]), "%08x", &sum); err != nil || crc32.ChecksumIEEE(line[9:]) != sum {
		return e, fmt.Errorf("checksum does not match")
	}
	return e, json.Unmarshal(line[9:], &e)
}

// Append writes entries at the end of the log and syncs it.
func (f *Folder) Append(entries []Entry) error {
	var b []byte
	for _, e := range entries {
		line, err := encode(e)
		if err != nil {
			return err
		}
		b = append(b, line...)
	}
	if _, err := f.log.Write(b); err != nil {
		return fmt.Errorf("append to the store's log: %w", err)
	}
	if err := f.log.Sync(); err != nil {
		return fmt.Errorf("sync the store's log: %w", err)
	}
	return nil
}

// Rewrite replaces the whole log.
func (f *Folder) Rewrite(entries []Entry) error {
	var b []byte
	for _, e := range entries {
		line, err := encode(e)
		if err != nil {
			return err
		}
		b = append(b, line...)
	}
	if err := f.replace(logFile, b); err != nil {
		return err
	}
	w, err := os.OpenFile(filepath.Join(f.Path, logFile), os.O_RDWR|os.O_APPEND, 0o640)
	if err != nil {
		return fmt.Errorf("open the store's log: %w", err)
	}
	f.log.Close()
	f.log = w
	return nil
}

// SetVote stores a promise before it is given.
func (f *Folder) SetVote(v Vote) error { return f.write(voteFile, v) }

// SetSnapshot stores a snapshot; the log may be cut afterwards.
func (f *Folder) SetSnapshot(s Snapshot) error { return f.write(snapshotFile, s) }
