package core

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// The journal holds what the log told at INFO and above: the last journalPages*pageSize entries. It is stored in pages, so
// that an entry costs the rewriting of one small page, and only together with a write that leaves anyway: it answers "what
// happened and why" after a failover, and costs no write of its own.
const (
	pageSize     = 16
	journalPages = 64
)

// Entry is one thing that happened.
type Entry struct {
	// Seq counts the entries of a service's life, from 1.
	Seq   uint64    `json:"seq"`
	At    time.Time `json:"at"`
	Level string    `json:"level"`
	// Message says what happened; Facts are ids, names and numbers in the order in which the log has them.
	Message string `json:"message"`
	Facts   []Fact `json:"facts,omitempty"`
}

// Fact is one name with its value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Journal is a ring of pages, and a page a list of entries as JSON, a line each: an entry is encoded once, when it is made,
// and read back only when somebody asks. A page that was handed out never changes, only gets replaced.
type Journal struct {
	pages [][]string
	// Last is the newest entry's number, Stored that of the newest stored one.
	Last, Stored uint64
}

// Since lists the entries behind a number, oldest first. What cannot be read is left out.
func (j Journal) Since(seq uint64) []Entry {
	var list []Entry
	seq = min(seq, j.Last)
	if all := uint64(pageSize * journalPages); j.Last > all {
		seq = max(seq, j.Last-all)
	}
	seen := map[int]bool{}
	for next := seq + 1; next <= j.Last; next++ {
		at := pageOf(next)
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, line := range j.page(at) {
			var entry Entry
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Seq > seq && entry.Seq <= j.Last {
				list = append(list, entry)
			}
		}
	}
	slices.SortFunc(list, func(a, b Entry) int { return int(a.Seq) - int(b.Seq) })
	return list
}

func pageOf(seq uint64) int { return int((seq - 1) / pageSize % journalPages) }

func (j Journal) page(at int) []string {
	if at >= len(j.pages) {
		return nil
	}
	return j.pages[at]
}

// With is the journal with one more entry.
func (j Journal) With(line Log, now time.Time) Journal {
	j.Last++
	entry := Entry{Seq: j.Last, At: now.UTC(), Level: line.Level.String(), Message: line.Message}
	for i := 0; i+1 < len(line.Attrs); i += 2 {
		entry.Facts = append(entry.Facts, Fact{Name: fmt.Sprint(line.Attrs[i]), Value: fmt.Sprint(line.Attrs[i+1])})
	}
	at := pageOf(j.Last)
	page := j.page(at)
	if (j.Last-1)%pageSize == 0 {
		page = nil // the ring came round
	}
	pages := make([][]string, max(len(j.pages), at+1))
	copy(pages, j.pages)
	pages[at] = append(page[:len(page):len(page)], string(encode(entry)))
	j.pages = pages
	return j
}

// store adds the pages with entries that are not stored to a write.
func (j Journal) store(write *Write) Journal {
	for seq := j.Stored + 1; seq <= j.Last; seq++ {
		key := journalKey(pageOf(seq))
		if write.Set[key] == nil {
			write.Set[key] = []byte("[\n" + strings.Join(j.page(pageOf(seq)), ",\n") + "\n]")
		}
	}
	j.Stored = j.Last
	return j
}

// load takes a stored page in. A page that cannot be read is left out: nothing is decided by the journal.
func (j *Journal) load(key string, value []byte) {
	var at int
	if _, err := fmt.Sscanf(strings.TrimPrefix(key, keyJournal), "%d", &at); err != nil || at < 0 || at >= journalPages {
		return
	}
	var page []string
	for line := range strings.SplitSeq(string(value), "\n") {
		if line = strings.TrimSuffix(line, ","); strings.HasPrefix(line, "{") {
			page = append(page, line)
		}
	}
	var newest Entry
	if len(page) == 0 || json.Unmarshal([]byte(page[len(page)-1]), &newest) != nil {
		return
	}
	if at >= len(j.pages) {
		j.pages = append(j.pages, make([][]string, at+1-len(j.pages))...)
	}
	j.pages[at] = page
	j.Last = max(j.Last, newest.Seq)
	j.Stored = j.Last
}

// journalKey is where a page is stored.
func journalKey(page int) string { return fmt.Sprintf("%s%02d", keyJournal, page) }

// keep adds a log line that is worth remembering.
func (f *frame) keep(line Log) {
	if line.Level >= slog.LevelInfo {
		f.Facts.Journal = f.Facts.Journal.With(line, f.Now)
	}
}
