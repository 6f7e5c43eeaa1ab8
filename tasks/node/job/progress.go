package job

import (
	"fmt"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// progress is how far the job is. It may be used from several goroutines.
type progress struct {
	journal *node.Journal
	// kick says that what the job is doing changed.
	kick chan struct{}

	mu      sync.Mutex
	now     tasks.JobProgress
	changed bool
}

func newProgress(journal *node.Journal) *progress {
	return &progress{journal: journal, kick: make(chan struct{}, 1)}
}

// doing says what the job does from now on. The numbers of what it did before are gone.
func (p *progress) doing(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.mu.Lock()
	same := p.now.Doing == text
	if !same {
		p.now, p.changed = tasks.JobProgress{Doing: text}, true
	}
	p.mu.Unlock()
	if same {
		return
	}
	p.journal.Say("%s", text)
	p.wake()
}

// renamed changes the words and keeps the numbers, without a line in the journal: the name of the table being loaded.
func (p *progress) renamed(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.set(func(now *tasks.JobProgress) { now.Doing = text })
}

// set changes numbers.
func (p *progress) set(change func(*tasks.JobProgress)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.now
	change(&p.now)
	p.changed = p.changed || p.now != before
}

// take is the progress, and whether it is news.
func (p *progress) take(at time.Time) (tasks.JobProgress, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.changed
	p.changed = false
	now := p.now
	now.At = at.UTC()
	return now, changed
}

// again makes the progress news once more, because telling it failed.
func (p *progress) again() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = true
}

func (p *progress) wake() {
	select {
	case p.kick <- struct{}{}:
	default: // one is waiting already
	}
}
