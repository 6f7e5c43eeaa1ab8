package cli

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// rotationDisplay shows how far a rotation of certificates is, and notes in between.
type rotationDisplay interface {
	rotation(rotationView)
	note(string)
	close()
}

// display is a bar where a person watches, and lines elsewhere. Both go to stderr: stdout is for the answer.
func (s *session) display() display {
	if columns, ok := s.terminal(s.stderrStream); ok {
		return newBar(s.stderr, columns)
	}
	return &lines{tell: s.note}
}

// rotationDisplay is the same for a rotation.
func (s *session) rotationDisplay() rotationDisplay {
	if columns, ok := s.terminal(s.stderrStream); ok {
		return newBar(s.stderr, columns)
	}
	return &lines{tell: s.note}
}

// terminalOf asks the operating system whether a stream is a terminal, and how wide.
func terminalOf(stream any) (columns int, ok bool) {
	file, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
		return columns, true
	}
	return 80, true
}

// betweenLines is the time between two lines at least, but for a change of state.
const betweenLines = 10 * time.Second

// lines tells in whole lines how far a job is, one when something changed.
type lines struct {
	tell   func(string)
	pace   pace
	last   string
	phase  string
	spoken time.Time
}

func (l *lines) show(view jobView) {
	pace := l.pace.add(view.job.Progress)
	if ended(view.job) {
		return // the end has words of its own
	}
	parts := render.ProgressParts(view.job, pace, true)
	text := render.JobName(view.job) + ": " + strings.Join(parts, ", ")
	// What a job waits for and what it does may hold numbers that change with every look.
	phase := fmt.Sprint(view.job.State, view.job.Cancelling)
	l.say(view.now, phase, text)
}

// rotation tells how far a rotation of certificates is.
func (l *lines) rotation(view rotationView) {
	done, _ := render.StepsDone(view.plan)
	text := "new certificates: " + strings.Join(render.RotationParts(view.plan, view.known), ", ")
	l.say(view.now, fmt.Sprint(view.known.Change, view.plan.Status, done), text)
}

// say writes a line when the text changed, at once in another phase, and else not before it is due.
func (l *lines) say(now time.Time, phase, text string) {
	due := time.Since(l.spoken) >= betweenLines || phase != l.phase
	if text == l.last || !due {
		return
	}
	l.last, l.phase, l.spoken = text, phase, time.Now()
	l.tell(render.Moment(now) + "  " + text)
}

func (l *lines) note(text string) { l.tell(text) }

func (l *lines) close() {}
