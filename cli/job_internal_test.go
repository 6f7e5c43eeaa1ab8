package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func TestThePaceIsThatOfTheJobsOwnTimes(t *testing.T) {
	at := func(seconds int) time.Time { return time.Date(2026, 11, 22, 12, 0, seconds, 0, time.UTC) }
	type look struct {
		seconds, bytes, total int
		want                  render.Pace
	}
	tests := []struct {
		name  string
		looks []look
	}{
		{"nothing at first", []look{{0, 100, 1000, render.Pace{}}}},
		{"steady", []look{{0, 0, 1000, render.Pace{}}, {10, 100, 1000, render.Pace{BytesPerSecond: 10, Left: 90 * time.Second}}}},
		{"no total", []look{{0, 0, 0, render.Pace{}}, {10, 100, 0, render.Pace{BytesPerSecond: 10}}}},
		{"the same word twice", []look{{0, 0, 1000, render.Pace{}}, {10, 100, 1000, render.Pace{BytesPerSecond: 10, Left: 90 * time.Second}}, {10, 100, 1000, render.Pace{BytesPerSecond: 10, Left: 90 * time.Second}}}},
		{"it stands still", []look{{0, 500, 1000, render.Pace{}}, {10, 500, 1000, render.Pace{}}}},
		{"the last half minute counts", []look{{0, 0, 0, render.Pace{}}, {10, 1000, 0, render.Pace{BytesPerSecond: 100}}, {40, 1030, 0, render.Pace{BytesPerSecond: 1}}}},
		{"launched again", []look{{0, 0, 0, render.Pace{}}, {10, 1000, 0, render.Pace{BytesPerSecond: 100}}, {20, 10, 0, render.Pace{}}, {30, 30, 0, render.Pace{BytesPerSecond: 2}}}},
		{"its clock goes back", []look{{10, 0, 0, render.Pace{}}, {5, 1000, 0, render.Pace{}}, {15, 2000, 0, render.Pace{BytesPerSecond: 100}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p pace
			for i, look := range tt.looks {
				got := p.add(&wire.JobProgress{At: at(look.seconds), Bytes: int64(look.bytes), TotalBytes: int64(look.total)})
				if got.Left = got.Left.Round(time.Second); got != look.want {
					t.Errorf("look %d: %+v, want %+v", i, got, look.want)
				}
			}
		})
	}
}

func TestOneLineInTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, told := time.Now(), []string{}
		l := lines{tell: func(text string) {
			told = append(told, fmt.Sprintf("%s %s", time.Since(start), text[strings.LastIndex(text, ": ")+2:]))
		}}
		look := func(state, waiting string, bytes int64) {
			job := wire.Job{State: state, Waiting: waiting}
			if state == "running" {
				job.Progress = &wire.JobProgress{Doing: "dumping", Bytes: bytes, At: time.Now()}
			}
			l.show(jobView{job: job, now: time.Now()})
			time.Sleep(4 * time.Second)
		}
		look("queued", "a", 0)
		look("queued", "b", 0) // too early
		look("queued", "b", 0)
		look("queued", "c", 0)
		look("running", "", 100) // another state
		look("running", "", 200)
		look("running", "", 200)
		look("running", "", 300)
		look("running", "", 300)
		want := []string{"0s a", "12s c", "16s dumping, 100 B", "28s dumping, 300 B, 16 B/s"}
		if strings.Join(told, "|") != strings.Join(want, "|") {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

func TestLooksAreRarerInLongJobs(t *testing.T) {
	for since, want := range map[time.Duration]time.Duration{0: time.Second, time.Minute: time.Second, 3 * time.Minute: 1800 * time.Millisecond, time.Hour: 5 * time.Second} {
		if got := rhythm(since); got != want {
			t.Errorf("after %s: %s, want %s", since, got, want)
		}
	}
}

func TestWordsOfAShell(t *testing.T) {
	for word, want := range map[string]string{
		"bank": "bank", "a/b-c_d.e": "a/b-c_d.e", "": "''", "two words": "'two words'", "it's": `'it'\''s'`, "$(rm)": "'$(rm)'", "a\x1b[2J": "'a [2J'", "*": "'*'", "Ärger": "'Ärger'",
	} {
		if got := shellWord(word); got != want {
			t.Errorf("%q becomes %s, want %s", word, got, want)
		}
	}
}

func TestCtrlCEndsAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, typed := io.Pipe()
		defer typed.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var out bytes.Buffer
		s := &session{stdin: in, stderr: &out}
		if err := s.confirm(ctx, "Sure\x1b[2J?", "bank"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ends with %v", err)
		}
		if out.String() != "Sure [2J?\nType bank to go on: " {
			t.Errorf("asked %q", out.String())
		}
	})
}

func TestAPipeAndAFileAreNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, stream := range []any{r, w, &bytes.Buffer{}, nil, (*os.File)(nil)} {
		if columns, ok := terminalOf(stream); ok {
			t.Errorf("%T is a terminal of %d columns", stream, columns)
		}
	}
}
