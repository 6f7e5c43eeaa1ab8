package bench

import (
	"strings"
	"sync"
	"testing"
)

// said is what a program has written so far.
type said struct {
	until string
	heard chan struct{}

	mu   sync.Mutex
	text strings.Builder
	done bool
}

func (s *said) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(data)
	if !s.done && s.until != "" && strings.Contains(s.text.String(), s.until) {
		s.done = true
		close(s.heard)
	}
	return len(data), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// after is the rest of the line behind a text, without space around it.
func (s *said) after(text string) string {
	_, rest, _ := strings.Cut(s.String(), text)
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

func TestWhatAProgramSaysIsHeardAcrossItsWrites(t *testing.T) {
	s := &said{until: "all done", heard: make(chan struct{})}
	for _, part := range []string{"the API: http://here:1\nall ", "done\n", "all done again\n"} {
		select {
		case <-s.heard:
			if part == "done\n" {
				t.Fatal("heard before it was said")
			}
		default:
		}
		if n, err := s.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("got %d, %v", n, err)
		}
	}
	select {
	case <-s.heard:
	default:
		t.Error("said, and not heard")
	}
	if got := s.after("the API:"); got != "http://here:1" {
		t.Errorf("got %q", got)
	}
}
