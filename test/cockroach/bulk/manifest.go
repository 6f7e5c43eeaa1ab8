package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
)

// Names in a backup's folder, and of the pointer in the collection.
const (
	ManifestName = "BACKUP_MANIFEST"
	LatestName   = "LATEST"
)

// File is one data file: rows of one object, or the state of a sequence.
type File struct {
	Name   string `json:"name"`
	Object int    `json:"object"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest is what a backup holds, as of End in nanoseconds.
type Manifest struct {
	Database string             `json:"database"`
	Version  string             `json:"version"`
	End      int64              `json:"end"`
	Objects  []*sqlstore.Object `json:"objects"`
	Files    []File             `json:"files"`
}

// Sub names a new backup's folder by its time.
func Sub(at time.Time) string { return at.UTC().Format("2006/01/02-150405.00") }

// DataName names the n-th data file.
func DataName(n int) string { return fmt.Sprintf("data/%d.sst", n) }

// Seal gives the entry of a data file.
func Seal(name string, object int, rows int64, body []byte) File {
	sum := sha256.Sum256(body)
	return File{Name: name, Object: object, Rows: rows, Bytes: int64(len(body)), SHA256: hex.EncodeToString(sum[:])}
}

// Finish writes the manifest, and after it that this is the newest backup.
func (b *Bucket) Finish(ctx context.Context, sub string, m Manifest) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the manifest: %w", err)
	}
	if err := b.Put(ctx, sub+"/"+ManifestName, body); err != nil {
		return err
	}
	return b.Put(ctx, LatestName, []byte(sub))
}

// Latest names the newest backup of a collection.
func (b *Bucket) Latest(ctx context.Context) (string, error) {
	body, err := b.Get(ctx, LatestName)
	if errors.Is(err, ErrMissing) {
		return "", errors.New("path does not contain a completed latest backup: " + err.Error())
	}
	return string(body), err
}

// Manifest reads a backup's manifest.
func (b *Bucket) Manifest(ctx context.Context, sub string) (m Manifest, err error) {
	body, err := b.Get(ctx, sub+"/"+ManifestName)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("decode the manifest: %w", err)
	}
	return m, nil
}

// Data reads a data file and compares it with the manifest.
func (b *Bucket) Data(ctx context.Context, sub string, f File) ([]byte, error) {
	body, err := b.Get(ctx, sub+"/"+f.Name)
	if err != nil {
		return nil, err
	}
	if Seal(f.Name, f.Object, f.Rows, body) != f {
		return nil, fmt.Errorf("file %s is damaged: checksum mismatch", f.Name)
	}
	return body, nil
}
