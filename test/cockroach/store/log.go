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
	At    int64           `json:"at,omitempty"` // when the leader took it, in nanoseconds; never less than before
	Data  json.RawMessage `json:"d,omitempty"`
	Blob  []byte          `json:"b,omitempty"` // what is too long for JSON: the text of a statement
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
	r := bufio.NewReaderSize(w, 1<<20)
	for {
		line, err := r.ReadBytes('\n')
		blob := make([]byte, blobLength(line))
		if err == nil {
			_, err = io.ReadFull(r, blob)
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return l, fmt.Errorf("read the store's log: %w", err)
		}
		e, err := decode(line, blob)
		if err != nil {
			if rest, _ := io.ReadAll(r); len(rest) > 0 {
				return l, fmt.Errorf("the store's log is damaged at byte %d: %w", good, err)
			}
			break
		}
		good += int64(len(line) + len(blob))
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

// encode gives one line of hex checksum, length of the blob and JSON, and after
// it the blob and a newline.
func encode(b []byte, e Entry) ([]byte, error) {
	blob := e.Blob
	e.Blob = nil
	text, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode log entry %d: %w", e.Index, err)
	}
	sum := crc32.Update(crc32.ChecksumIEEE(text), crc32.IEEETable, blob)
	b = fmt.Appendf(b, "%08x %d %s\n", sum, len(blob), text)
	if len(blob) > 0 {
		b = append(append(b, blob...), '\n')
	}
	return b, nil
}

// blobLength gives how many bytes follow a line. A damaged line has none.
func blobLength(line []byte) int {
	var sum string
	var n int
	if _, err := fmt.Sscanf(string(line[:min(len(line), 24)]), "%8s %d", &sum, &n); err != nil || n <= 0 {
		return 0
	}
	return n + 1
}

func decode(line, blob []byte) (Entry, error) {
	var e Entry
	var sum uint32
	parts := bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), 3)
	if len(parts) != 3 {
		return e, fmt.Errorf("short line")
	}
	blob = bytes.TrimSuffix(blob, []byte("\n"))
	if _, err := fmt.Sscanf(string(parts[0]), "%08x", &sum); err != nil || crc32.Update(crc32.ChecksumIEEE(parts[2]), crc32.IEEETable, blob) != sum {
		return e, fmt.Errorf("checksum does not match")
	}
	err := json.Unmarshal(parts[2], &e)
	if len(blob) > 0 {
		e.Blob = blob
	}
	return e, err
}

// Append writes entries at the end of the log and syncs it.
func (f *Folder) Append(entries []Entry) error {
	var b []byte
	for _, e := range entries {
		var err error
		if b, err = encode(b, e); err != nil {
			return err
		}
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
		var err error
		if b, err = encode(b, e); err != nil {
			return err
		}
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

// SetSnapshot stores a snapshot, after the pages that it refers to; the log may be
// cut afterwards.
func (f *Folder) SetSnapshot(s Snapshot) error {
	if err := f.pages.Sync(); err != nil {
		return fmt.Errorf("sync the store's pages: %w", err)
	}
	return f.write(snapshotFile, s)
}
