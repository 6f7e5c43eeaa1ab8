package cli

import (
	"context"
	"encoding/json"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// ask sends a question to the scheduler; also are statuses that are answers too.
func (s *session) ask(ctx context.Context, path string, also ...int) (client.Answer, error) {
	c, err := s.connect()
	if err != nil {
		return client.Answer{}, err
	}
	return c.Get(ctx, path, also...)
}

// tell sends a command to the scheduler, with body as JSON unless it is nil.
func (s *session) tell(ctx context.Context, path string, body any) (client.Answer, error) {
	c, err := s.connect()
	if err != nil {
		return client.Answer{}, err
	}
	return c.Post(ctx, path, body)
}

// showJSON asks and prints the answer as it came, indented.
func (s *session) showJSON(ctx context.Context, path string) error {
	answer, err := s.ask(ctx, path)
	if err != nil {
		return err
	}
	return s.printJSON(answer)
}

func (s *session) printJSON(answer client.Answer) error {
	raw, err := answer.JSON()
	if err != nil {
		return err
	}
	return s.printRaw(raw)
}

func (s *session) printRaw(raw json.RawMessage) error {
	return s.print(func(w io.Writer) error { return render.JSON(w, raw) })
}

// showTree asks and draws the answer with draw, or prints it as JSON with --json.
func showTree[T any](s *session, answer client.Answer, draw func(io.Writer, T) error) error {
	if s.json {
		return s.printJSON(answer)
	}
	value, err := client.Decode[T](answer)
	if err != nil {
		return err
	}
	return s.print(func(w io.Writer) error { return draw(w, value) })
}
