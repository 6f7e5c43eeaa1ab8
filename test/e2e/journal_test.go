package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
)

// journal keeps what a process says.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
	line func()
}

// hear calls a function for each line, those already said first.
func (j *journal) hear(line func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.line = line
	for range bytes.Count(j.text.Bytes(), []byte("\n")) {
		line()
	}
}

func (j *journal) Write(text []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.line != nil {
		for range bytes.Count(text, []byte("\n")) {
			j.line()
		}
	}
	return j.text.Write(text)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// lacks says which words were not said. Quotes inside a log line are escaped, which nobody who reads it minds.
func (j *journal) lacks(words ...string) error {
	text := strings.ReplaceAll(j.String(), `\"`, `"`)
	var missing []error
	for _, word := range words {
		if !strings.Contains(text, word) {
			missing = append(missing, fmt.Errorf("it does not say %q", word))
		}
	}
	return errors.Join(missing...)
}

// helperLines are what the helper said in a task's stdout.
func helperLines(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, " cockroachdb-node: ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n")
}

func last(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
