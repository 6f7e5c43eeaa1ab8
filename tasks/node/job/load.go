package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// mostPiece is how much of one statement is held at once, in bytes.
const mostPiece = 1 << 20

// load streams the dump into one `cockroach sql` process: object, unpacker, statements, its stdin. Each waits for the slower one.
// What the process prints says which statements are done.
func (w *work) load(ctx context.Context, target string, c checked, wasEmpty bool) error {
	w.how.doing("loading into database %s", target)
	w.how.set(func(p *tasks.JobProgress) { p.TotalRows, p.TotalBytes = c.counts.Rows, c.counts.Bytes })
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := w.startLoad(ctx, target)
	if err != nil {
		return err
	}
	done := newLedger(w.how, c.statements)
	counted := make(chan error, 1)
	go func() {
		defer client.out.Close()
		counted <- done.read(client.out)
	}()
	feedErr := w.feed(ctx, c, client.in, done)
	_ = client.in.Close() // the client ends at the end of its input, or has ended
	if feedErr != nil && !errors.Is(feedErr, errClientGone) {
		cancel()
	}
	code, countErr := <-client.exited, <-counted
	switch {
	case ctx.Err() != nil && context.Cause(ctx) != context.Canceled:
		return context.Cause(ctx)
	case feedErr != nil && !errors.Is(feedErr, errClientGone):
		return faultOf(fmt.Sprintf("the restore ended after %s", done.soFar()), feedErr, again(wasEmpty, target))
	case code != 0:
		said := readSQLError(clientResult{code: code, stderr: client.stderr.String()})
		return fault(done.failing(said), again(wasEmpty, target))
	case countErr != nil:
		return faultOf(fmt.Sprintf("the restore ended after %s", done.soFar()), countErr, again(wasEmpty, target))
	case done.open() > 0:
		return fault(fmt.Sprintf("the database's client ended without an error after %s", done.soFar()), again(wasEmpty, target))
	}
	return nil
}

// again says what to do about a restore that broke off.
func again(wasEmpty bool, target string) string {
	if wasEmpty {
		return fmt.Sprintf("ask for the restore again when the reason is gone: database %q is marked as unfinished, and the next restore into it begins anew", target)
	}
	return fmt.Sprintf("drop what was loaded into database %q and the table %s by hand, or restore with --existing drop, which drops all of the database", target, markerTable)
}

// loader is the running client.
type loader struct {
	in, out *os.File
	stderr  tail
	exited  chan int
}

func (w *work) startLoad(ctx context.Context, target string) (*loader, error) {
	childIn, in, err := pipe()
	if err != nil {
		return nil, err
	}
	out, childOut, err := pipe()
	if err != nil {
		_, _ = childIn.Close(), in.Close()
		return nil, err
	}
	l := &loader{in: in, out: out, exited: make(chan int, 1)}
	at, _ := w.db.address()
	child := w.db.child(cockroach.SQLCommand(w.db.client, w.db.access(at), target, cockroach.TSV))
	child.Stdin, child.Stdout, child.Stderr = childIn, childOut, &l.stderr
	p, err := child.Start()
	_, _ = childIn.Close(), childOut.Close() // the child has its own
	if err != nil {
		_, _ = in.Close(), out.Close()
		return nil, fmt.Errorf("run cockroach sql: %w", err)
	}
	go func() {
		code, err := wait(ctx, p)
		if err != nil {
			code = -1
		}
		l.exited <- code
	}()
	return l, nil
}

// errClientGone says that the client takes no more input: its exit code says why.
var errClientGone = errors.New("the database's client ended")

// feed reads the object once more and writes its statements to the client. It is the very object that was checked: the store is asked
// for that one, and the checksum, which is known at the end, says so where the store cannot tell.
func (w *work) feed(ctx context.Context, c checked, to io.Writer, done *ledger) error {
	reader, _, err := w.store.GetSame(ctx, w.place.Bucket, c.object)
	if err != nil {
		return err
	}
	defer reader.Close()
	sum := sha256.New()
	in := w.counted(reader, sum)
	text, _, err := unpacker(in)
	if err != nil {
		return err
	}
	defer text.Close()
	judge := &foreign{database: w.params.Database}
	writer := &feeder{to: to, done: done, judge: judge}
	scanner := dump.NewScanner(mostPiece, writer.take)
	piece := make([]byte, pieceBytes)
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n, err := text.Read(piece)
		if n > 0 {
			if _, err := scanner.Write(piece[:n]); err != nil {
				return err
			}
			bytes := scanner.Counts().Bytes
			w.how.set(func(p *tasks.JobProgress) { p.Bytes = bytes })
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := scanner.End(); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	if in.n != c.stored || hex.EncodeToString(sum.Sum(nil)) != c.sha256 {
		return fault("the object was replaced after it was checked", "see that nobody writes to the backup, then restore again")
	}
	return nil
}

// feeder writes statements to the client and enters them in the ledger first.
type feeder struct {
	to    io.Writer
	done  *ledger
	judge *foreign
	// begun says that a part of the statement was written.
	begun bool
}

func (f *feeder) take(p dump.Piece) error {
	skip, err := f.judge.judge(p)
	if err != nil || skip || p.Kind == dump.Empty {
		return err
	}
	f.done.enter(p.Statement, !f.begun)
	f.begun = !p.Last
	text := p.Text
	if p.Last {
		// The client reads by line: a statement must not wait for the next one.
		text = append(text, '\n')
	}
	if _, err := f.to.Write(text); err != nil {
		return errors.Join(errClientGone, err)
	}
	return nil
}
