package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// errUnconfirmed: the person did not type the word.
var errUnconfirmed = errors.New("not confirmed, and nothing was done")

// canAsk says that a person sits at the terminal on both sides.
func (s *session) canAsk() bool {
	_, in := s.terminal(s.stdin)
	_, out := s.terminal(s.stderrStream)
	return in && out
}

// confirm asks a person to type a word, and fails unless it is typed.
func (s *session) confirm(ctx context.Context, question, want string) error {
	fmt.Fprintf(s.stderr, "%s\nType %s to go on: ", render.Text(question), render.Text(want))
	typed := make(chan string, 1)
	go func() {
		// One line; what was typed before the end of input counts too.
		line, _ := bufio.NewReader(io.LimitReader(s.stdin, 1000)).ReadString('\n')
		typed <- line
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case line := <-typed:
		if strings.TrimSpace(line) != want {
			return errUnconfirmed
		}
		return nil
	}
}
