package dump

import "bytes"

// DefaultPiece is the usual limit of one piece of text, in bytes.
const DefaultPiece = 1 << 20

// Piece is a part of a statement's text, usually all of it.
type Piece struct {
	// Statement is complete in the last piece. In the pieces before it Kind and the name are known (a longer head than a
	// piece leaves Kind empty), while Rows, Bytes and Databases are what was seen so far.
	Statement
	// Text begins with the first word of the statement and ends, in the last piece, with its semicolon. It is valid until
	// the function returns.
	Text []byte
	Last bool
}

// Scanner splits a dump into statements. Comments and spaces between statements are left out.
type Scanner struct {
	lexer lexer
	tally tally
	hand  func(Piece) error
	limit int
	text  []byte
	// ended says that the last byte was a line end; command, that a line of this statement begins with a backslash.
	ended, command bool
	err            error
}

// NewScanner hands the statements of a dump to hand, in pieces of at most limit bytes. A limit of 0 or less hands over one
// piece without text for each statement.
//
// A statement in which a line begins with a backslash is of kind ClientCommand, wherever the line is. `cockroach dump`
// writes no such line, and `cockroach sql` would run it as a command of its own if it took it for the beginning of a
// statement, which depends on how its release reads quotes.
func NewScanner(limit int, hand func(Piece) error) *Scanner {
	return &Scanner{limit: limit, hand: hand, tally: newTally()}
}

// Write scans p. The error is what the function given to NewScanner returned; nothing is scanned after one.
func (s *Scanner) Write(p []byte) (int, error) {
	written := 0
	for s.err == nil && written < len(p) {
		rest := p[written:]
		open := s.lexer.open
		n, ended := s.lexer.scan(rest)
		written += n
		s.take(rest[:n], open)
		if ended {
			s.finish()
		}
	}
	s.tally.counts.Bytes += int64(written)
	return written, s.err
}

// take adds to the text of the statement what belongs to it, and hands over what is more than a piece. Open says that the
// statement had begun before p.
func (s *Scanner) take(p []byte, open bool) {
	switch {
	case s.lexer.start >= 0:
		p = p[s.lexer.start:]
		s.ended, s.command = false, false
	case s.lexer.carry != 0:
		s.ended, s.command = false, false
		s.add([]byte{s.lexer.carry})
	case !open:
		return
	}
	s.add(p)
}

func (s *Scanner) add(p []byte) {
	if len(p) == 0 {
		return
	}
	if s.ended && p[0] == '\\' || bytes.Contains(p, clientLine) {
		s.command = true
	}
	s.ended = p[len(p)-1] == '\n'
	if s.limit <= 0 {
		return
	}
	for len(s.text)+len(p) > s.limit && s.err == nil {
		room := s.limit - len(s.text)
		s.text = append(s.text, p[:room]...)
		p = p[room:]
		if len(p) == 0 {
			break
		}
		s.give(false)
	}
	s.text = append(s.text, p...)
}

var clientLine = []byte("\n\\")

func (s *Scanner) finish() {
	st := s.lexer.judge.st
	if s.command {
		st.Kind = ClientCommand
	}
	if s.err == nil {
		s.err = s.tally.add(st)
	}
	s.give(true)
}

func (s *Scanner) give(last bool) {
	if s.err != nil {
		return
	}
	st := s.lexer.judge.st
	if s.command {
		st.Kind = ClientCommand
	}
	s.err = s.hand(Piece{Statement: st, Text: s.text, Last: last})
	s.text = s.text[:0]
}

// End says that the dump is over. The error is an *UnfinishedError when the stream did not end on a whole statement.
func (s *Scanner) End() error {
	if s.err != nil {
		return s.err
	}
	return s.lexer.finish()
}

// Counts is what was scanned so far.
func (s *Scanner) Counts() Counts { return s.tally.counts }
