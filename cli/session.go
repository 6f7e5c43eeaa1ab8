package cli

import (
	"bytes"
	"fmt"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// session is one run of the plug-in: what the user gave, and where to write.
type session struct {
	program string // "dcos cockroachdb", for command lines in messages
	version string
	stdin   io.Reader // nil for none
	stdout  io.Writer
	stderr  io.Writer
	env     cluster.Environment
	// terminal says whether a stream is a terminal, and how wide; stderrStream is stderr as it was given.
	terminal     func(stream any) (columns int, ok bool)
	stderrStream io.Writer

	// Global flags.
	name string
	url  string
	// tokenFile and caFile are of the scheduler itself.
	tokenFile, caFile string
	json              bool
	verbose           int
	custom            custom

	// target is set by connect; explanations name it.
	target cluster.Target
}

// connect finds the scheduler. Nothing is sent yet.
func (s *session) connect() (*client.Client, error) {
	target, err := cluster.Find(cluster.Wanted{URL: s.url, Name: s.name, TokenFile: s.tokenFile, CAFile: s.caFile}, s.environ)
	if err != nil {
		return nil, err
	}
	s.target = target
	s.hide(target.APIToken.Reveal())
	level := max(s.verbose, cluster.Verbosity(s.env))
	options := client.Options{Bodies: level > 1}
	if level > 0 {
		options.Trace = s.stderr
	}
	return client.New(target, options)
}

// print writes an answer in one go, so that a failure on the way leaves nothing
// on stdout.
func (s *session) print(fill func(io.Writer) error) error {
	var out bytes.Buffer
	if err := fill(&out); err != nil {
		return err
	}
	if _, err := s.stdout.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}
