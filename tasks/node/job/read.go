package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// checked is what one full reading of a dump told.
type checked struct {
	counts dump.Counts
	object s3.Object
	stored int64
	sha256 string
	pack   backup.Compression
	// skipped are the first of the statements that are not loaded, statements is how many are.
	skipped    []string
	statements int64
}

// counter counts what is read.
type counter struct {
	in   io.Reader
	also io.Writer
	n    int64
	each func(int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	if c.also != nil {
		_, _ = c.also.Write(p[:n]) // a hash takes everything
	}
	if c.each != nil && n > 0 {
		c.each(c.n)
	}
	return n, err
}

// counted reads a stored dump with progress, and writes what is read to also.
func (w *work) counted(in io.Reader, also io.Writer) *counter {
	return &counter{in: in, also: also, each: func(stored int64) { w.how.set(func(p *tasks.JobProgress) { p.Stored = stored }) }}
}

// checkDump reads a stored dump once from end to end: size, checksum, packing, every statement. It changes nothing.
func (w *work) checkDump(ctx context.Context, found located) (checked, error) {
	w.how.doing("checking the backup")
	if found.manifestFound {
		object, err := w.store.Head(ctx, w.place.Bucket, found.Object)
		if err != nil {
			return checked{}, err
		}
		if err := found.manifest.Check(object.Size, ""); err != nil {
			return checked{}, damaged(err)
		}
	}
	sum := sha256.New()
	reader, object, err := w.store.Get(ctx, w.place.Bucket, found.Object)
	if err != nil {
		return checked{}, err
	}
	defer reader.Close()
	in := w.counted(reader, sum)
	w.how.set(func(p *tasks.JobProgress) { p.TotalBytes, p.TotalRows = found.manifest.Bytes, found.manifest.Rows })
	c := checked{object: object}
	judge := &foreign{database: w.params.Database}
	scanner := dump.NewScanner(64<<10, func(p dump.Piece) error {
		_, err := judge.judge(p)
		return err
	})
	text, pack, err := unpacker(in)
	if err == nil {
		defer text.Close()
		err = w.scan(ctx, text, scanner)
	}
	if err == nil {
		// What follows the packed stream belongs to the checksum, too.
		_, err = io.Copy(io.Discard, in)
	}
	c.counts, c.stored, c.sha256, c.pack, c.skipped = scanner.Counts(), in.n, hex.EncodeToString(sum.Sum(nil)), pack, judge.skipped
	c.statements = c.counts.Statements - judge.count - c.counts.ByKind[dump.Empty]
	if err == nil && in.n != object.Size {
		err = fmt.Errorf("the object has %d bytes and %d came", object.Size, in.n)
	}
	if err != nil {
		return c, w.unreadable(ctx, found, in, err)
	}
	if unfinished := scanner.End(); unfinished != nil {
		return c, faultOf(fmt.Sprintf("the dump %s is cut off", w.place.URI(found.Object)), unfinished, "use another backup: this one is not whole")
	}
	if found.manifestFound {
		if err := found.manifest.Check(in.n, c.sha256); err != nil {
			return c, damaged(err)
		}
		return c, agreeManifest(found.manifest, c.counts)
	}
	return c, nil
}

func damaged(err error) error { return faultOf("the backup is damaged", err, "use another backup") }

// unreadable tells a damaged object from a store that fails.
func (w *work) unreadable(ctx context.Context, found located, in *counter, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if store := (*s3.Error)(nil); errors.As(err, &store) {
		return err
	}
	if found.manifestFound {
		// Damage makes a packed text unreadable, and a plain one another text: the checksum says which it is.
		if _, copyErr := io.Copy(io.Discard, in); copyErr == nil {
			if sum, ok := in.also.(interface{ Sum([]byte) []byte }); ok {
				if bad := found.manifest.Check(in.n, hex.EncodeToString(sum.Sum(nil))); bad != nil {
					return damaged(bad)
				}
			}
		}
	}
	if own := (*node.Fault)(nil); errors.As(err, &own) {
		return err
	}
	return faultOf(fmt.Sprintf("the dump %s cannot be read", w.place.URI(found.Object)), err, "use another backup: this one is damaged or no dump")
}

// scan feeds a scanner to the end of the text, with numbers for the progress.
func (w *work) scan(ctx context.Context, text io.Reader, scanner *dump.Scanner) error {
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
			counts := scanner.Counts()
			w.how.set(func(p *tasks.JobProgress) { p.Bytes, p.Rows = counts.Bytes, counts.Rows })
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// agreeManifest holds what was counted in a dump against what its manifest says.
func agreeManifest(m backup.Manifest, counts dump.Counts) error {
	if counts.Bytes != m.Bytes || counts.Rows != m.Rows {
		return fault(fmt.Sprintf("the dump has %d bytes and %d rows, and its manifest says %d and %d", counts.Bytes, counts.Rows, m.Bytes, m.Rows),
			"use another backup: this one was changed")
	}
	for _, t := range m.Tables {
		if object, there := counts.Object(t.Schema, t.Name); !there || object.Rows != t.Rows && t.Kind == "table" {
			return fault(fmt.Sprintf("%s %s has %d rows in the dump, and its manifest says %d", t.Kind, nameOf(t.Schema, t.Name), object.Rows, t.Rows),
				"use another backup: this one was changed")
		}
	}
	return nil
}

// objects lists what a dump makes.
func objects(counts dump.Counts) []backup.Table {
	var out []backup.Table
	for _, o := range counts.Objects {
		if o.Created > 0 {
			out = append(out, backup.Table{Schema: o.Schema, Name: o.Name, Kind: kindWord(o.Kind), Rows: o.Rows})
		}
	}
	return out
}
