package door

import (
	"bytes"
	"crypto/tls"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFilesAreReadAgain: what changes counts from the next look on, and what broke changes nothing.
func TestFilesAreReadAgain(t *testing.T) {
	var log bytes.Buffer
	now, file, looks := noon, "first-token-of-all", 0
	var broken error
	kept := NewReread(must(ParseTokens(file)), [][]byte{[]byte(file)}, Source[Tokens]{What: "the token", Every: time.Second,
		Read: func() ([][]byte, error) { looks++; return [][]byte{[]byte(file)}, broken },
		Make: func(texts [][]byte) (Tokens, error) {
			tokens, faults := ParseTokens(string(texts[0]))
			if len(faults) > 0 {
				return tokens, faults[0]
			}
			return tokens, nil
		},
		Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, step := range []struct {
		name    string
		after   time.Duration
		file    string
		err     error
		is      string
		looks   int
		lines   int
		mention string
	}{
		{"nothing changed", time.Second, file, nil, file, 1, 0, ""},
		{"changed, and too early to look", 0, "second-token-of-all", nil, file, 1, 0, ""},
		{"changed", time.Second, "second-token-of-all", nil, "second-token-of-all", 2, 1, "the new one is in force"},
		{"empty", time.Second, "", nil, "second-token-of-all", 3, 2, "the former stays in force"},
		{"still empty", time.Second, "", nil, "second-token-of-all", 4, 2, ""},
		{"gone", time.Second, "", errors.New("no such file"), "second-token-of-all", 5, 3, "no such file"},
		{"weak", time.Second, "short", nil, "second-token-of-all", 6, 4, "line 1 is shorter"},
		{"as before", time.Second, "second-token-of-all", nil, "second-token-of-all", 7, 4, ""},
		{"a clock that was set back", -time.Hour, "third-token-of-them", nil, "third-token-of-them", 8, 5, "in force"},
	} {
		now, file, broken = now.Add(step.after), step.file, step.err
		tokens := kept.Value()
		if !tokens.Has(step.is) || step.file != step.is && tokens.Has(step.file) {
			t.Errorf("%s: %s is not the token", step.name, step.is)
		}
		if lines := strings.Count(log.String(), "\n"); looks != step.looks || lines != step.lines || !strings.Contains(log.String(), step.mention) {
			t.Errorf("%s: %d looks, want %d; %d lines, want %d:\n%s", step.name, looks, step.looks, lines, step.lines, &log)
		}
	}
	if strings.Contains(log.String(), "token-of") {
		t.Errorf("the log shows a token:\n%s", &log)
	}
}

// TestALookThatHangsHoldsUpNobody: a file system that does not answer keeps what there is in force.
func TestALookThatHangsHoldsUpNobody(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	now := noon
	kept := NewReread(1, nil, Source[int]{Every: time.Second, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Read: func() ([][]byte, error) { close(begun); <-release; return [][]byte{{2}}, nil },
		Make: func(texts [][]byte) (int, error) { return int(texts[0][0]), nil }})
	now = now.Add(time.Minute)
	var done sync.WaitGroup
	done.Go(func() { kept.Value() })
	<-begun
	if got := kept.Value(); got != 1 {
		t.Errorf("got %d", got)
	}
	close(release)
	done.Wait()
	if got := kept.Value(); got != 2 {
		t.Errorf("got %d", got)
	}
}

// TestAPairWhoseHalvesComeOneAfterTheOther is put in force when both are there.
func TestAPairWhoseHalvesComeOneAfterTheOther(t *testing.T) {
	cert, key := made(t, noon, noon.Add(time.Hour))
	newCert, newKey := made(t, noon, noon.Add(2*time.Hour))
	now, files := noon, [][]byte{cert, key}
	pair := func(texts [][]byte) (tls.Certificate, error) { return Pair(texts[0], texts[1]) }
	first, err := pair(files)
	if err != nil {
		t.Fatal(err)
	}
	kept := NewReread(first, files, Source[tls.Certificate]{Every: time.Second, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Read: func() ([][]byte, error) { return files, nil }, Make: pair})
	for _, step := range []struct {
		files [][]byte
		ends  time.Time
	}{{[][]byte{newCert, key}, noon.Add(time.Hour)}, {[][]byte{newCert, newKey}, noon.Add(2 * time.Hour)}} {
		now, files = now.Add(time.Second), step.files
		if got := kept.Value().Leaf.NotAfter; !got.Equal(step.ends) {
			t.Errorf("it ends at %v, want %v", got, step.ends)
		}
	}
}
