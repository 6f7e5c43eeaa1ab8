package core

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// The journal holds what the log told at INFO and above: the last journalPages*pageSize entries. It is stored in pages, so
// that an entry costs the rewriting of one small page, and only together with a write that leaves anyway: it answers "what
// happened and why" after a failover, and costs no write of its own.
const (
	pageSize     = 32
	journalPages = 32
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

// Journal is a ring of pages. A page that was handed out never changes, only gets replaced.
type Journal struct {
	// Pages by their place in the ring.
	Pages map[int][]Entry
	// Last is the newest entry's number, Stored that of the newest stored one.
	Last, Stored uint64
}

// Since lists the entries behind a number, oldest first.
func (j Journal) Since(seq uint64) []Entry {
	var list []Entry
	seq = min(seq, j.Last)
	if oldest := uint64(pageSize * journalPages); j.Last > oldest {
		seq = max(seq, j.Last-oldest)
	}
	for next := seq + 1; next <= j.Last; next++ {
		page := j.Pages[pageOf(next)]
		for _, entry := range page {
			if entry.Seq == next {
				list = append(list, entry)
			}
		}
	}
	return list
}

func pageOf(seq uint64) int { return int((seq - 1) / pageSize % journalPages) }

// with is the journal with one more entry.
func (j Journal) with(line Log, now time.Time) Journal {
	j.Last++
	entry := Entry{Seq: j.Last, At: now.UTC(), Level: line.Level.String(), Message: line.Message}
	for i := 0; i+1 < len(line.Attrs); i += 2 {
		entry.Facts = append(entry.Facts, Fact{Name: fmt.Sprint(line.Attrs[i]), Value: fmt.Sprint(line.Attrs[i+1])})
	}
	at := pageOf(j.Last)
	page := j.Pages[at]
	if (j.Last-1)%pageSize == 0 {
		page = nil // the ring came round
	}
	pages := make(map[int][]Entry, len(j.Pages)+1)
	for number, entries := range j.Pages {
		pages[number] = entries
	}
	pages[at] = append(page[:len(page):len(page)], entry)
	j.Pages = pages
	return j
}

// store adds the pages with entries that are not stored to a write.
func (j Journal) store(write *Write) Journal {
	for seq := j.Stored + 1; seq <= j.Last; seq++ {
		at := pageOf(seq)
		write.Set[fmt.Sprintf("%s%02d", keyJournal, at)] = encode(j.Pages[at])
	}
	j.Stored = j.Last
	return j
}

// load takes a stored page in. A page that cannot be read is left out: nothing is decided by the journal.
func (j *Journal) load(key string, value []byte) {
	var at int
	var page []Entry
	if _, err := fmt.Sscanf(strings.TrimPrefix(key, keyJournal), "%d", &at); err != nil || json.Unmarshal(value, &page) != nil {
		return
	}
	if j.Pages == nil {
		j.Pages = map[int][]Entry{}
	}
	j.Pages[at] = page
	for _, entry := range page {
		j.Last = max(j.Last, entry.Seq)
	}
	j.Stored = j.Last
}

// keep adds a log line that is worth remembering.
func (f *frame) keep(line Log) {
	if line.Level >= slog.LevelInfo {
		f.Facts.Journal = f.Facts.Journal.with(line, f.Now)
	}
}
