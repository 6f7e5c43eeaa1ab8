package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// advice is what a person needs to get on after a failure.
type advice struct {
	text   string   // what went wrong, in one line
	asked  string   // the HTTP query, "" when none was made
	answer string   // what came back, "" when it says nothing more
	try    []string // remedies, the likeliest first
}

// complain writes a failure to stderr: in one line, in the SDK's form, when the
// command line was wrong; else with what was asked and what to try.
func (s *session) complain(err error) {
	head := s.program + ": error: "
	if usage, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(s.stderr, "%s%s, try --help\n", head, usage.text)
		return
	}
	a := s.advise(err)
	var out strings.Builder
	out.WriteString(head + render.Text(a.text) + "\n")
	section(&out, "asked", a.asked)
	section(&out, "answer", a.answer)
	section(&out, "try", strings.Join(a.try, "\n"))
	fmt.Fprint(s.stderr, out.String())
}

// section writes a word and, beside it, lines of text.
func section(out *strings.Builder, word, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(render.Text(text), "\n") {
		label := ""
		if word != "" {
			label = word + ":"
		}
		fmt.Fprintf(out, "  %-7s %s\n", label, line)
		word = ""
	}
}

// advise finds the words for an error.
func (s *session) advise(err error) advice {
	if meant, ok := errors.AsType[*meantError](err); ok {
		return adviseMeant(meant)
	}
	if status, ok := errors.AsType[*client.StatusError](err); ok {
		return s.adviseStatus(status)
	}
	if reach, ok := errors.AsType[*client.ReachError](err); ok {
		return s.adviseReach(reach)
	}
	if format, ok := errors.AsType[*client.FormatError](err); ok {
		return s.adviseFormat(format)
	}
	if refused, ok := errors.AsType[*client.CosmosError](err); ok {
		return s.adviseCosmos(refused)
	}
	if unknown, ok := errors.AsType[*cluster.Unknown](err); ok {
		return advice{text: unknown.Message, try: []string{unknown.Remedy}}
	}
	if refused, ok := errors.AsType[*refusedError](err); ok {
		return adviseRefused(refused)
	}
	if refused, ok := errors.AsType[*jobRefusedError](err); ok {
		return adviseJobRefused(refused)
	}
	if ended, ok := errors.AsType[*jobFailedError](err); ok {
		return adviseJobFailed(ended)
	}
	if failed, ok := errors.AsType[*rotationFailedError](err); ok {
		return adviseRotation(failed)
	}
	if several, ok := errors.AsType[*severalError](err); ok {
		return advice{text: several.Error(), try: several.commands}
	}
	if a := adviseFaults(err); a.text != "" {
		return a
	}
	return s.adviseOther(err)
}

func (s *session) adviseOther(err error) advice {
	switch {
	case errors.Is(err, client.ErrNoCosmos):
		return advice{text: "the options of a service are not available with --url: DC/OS keeps them", try: []string{
			"Leave out --url (and " + cluster.DirectURL + "), with a DC/OS cluster attached.",
			"Show the configuration that the scheduler works towards: " + s.program + " debug config target",
		}}
	case errors.Is(err, errNoUpdate):
		return advice{text: err.Error(), try: []string{
			"Start the scheduler with other environment variables; before that, see what they would do: " + s.program + " diff NAME=VALUE …",
			"For a service of DC/OS: leave out --url (and " + cluster.DirectURL + "), with a cluster attached.",
		}}
	case errors.Is(err, errNoOptions):
		return advice{text: err.Error(), try: []string{
			"DC/OS 1.10 or newer is needed.",
			"Show the configuration that the scheduler works towards: " + s.program + " debug config target",
		}}
	}
	return advice{text: err.Error()}
}
