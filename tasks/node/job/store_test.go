package job

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// folderStore is a Store whose one bucket is a folder; unfinished uploads lie beside it.
type folderStore struct {
	last             context.Context // of the last call that hooks see
	objects, uploads string
	// fail makes an operation fail, by its name.
	fail map[string]error
	// onWrite is called at each write of an upload, beforeSame before an object is read again. This store tells no ETags.
	onWrite, beforeSame func()
	// before and after, if set, are called round "put", "head" and "complete"; an error of theirs is the answer.
	before, after func(op, key string) error
}

func newFolderStore(t *testing.T) *folderStore {
	root := t.TempDir()
	s := &folderStore{objects: filepath.Join(root, "objects"), uploads: filepath.Join(root, "uploads"), fail: map[string]error{}}
	for _, dir := range []string{s.objects, s.uploads} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *folderStore) CheckBucket(context.Context, string) error { return s.fail["check"] }

func (s *folderStore) write(key string, body []byte) error {
	path := filepath.Join(s.objects, key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, body, 0o644)
}

func (s *folderStore) Put(ctx context.Context, _, key string, body []byte, _ string) error {
	s.last = ctx
	for _, which := range []string{filepath.Ext(key), filepath.Base(key)} {
		if err := s.fail["put "+which]; err != nil {
			return err
		}
	}
	if err := s.ask(s.before, "put", key); err != nil {
		return err
	}
	if err := s.write(key, body); err != nil {
		return err
	}
	return s.ask(s.after, "put", key)
}

func (s *folderStore) ask(hook func(op, key string) error, op, key string) error {
	if hook == nil {
		return nil
	}
	return hook(op, key)
}

func (s *folderStore) Head(ctx context.Context, bucket, key string) (s3.Object, error) {
	s.last = ctx
	if err := s.ask(s.before, "head", key); err != nil {
		return s3.Object{}, err
	}
	return s.stat(bucket, key)
}

func (s *folderStore) stat(bucket, key string) (s3.Object, error) {
	info, err := os.Stat(filepath.Join(s.objects, key))
	if err != nil {
		return s3.Object{}, &s3.Error{Kind: s3.NoObject, Op: "read", Bucket: bucket, Key: key, Problem: "there is no such object"}
	}
	return s3.Object{Key: key, Size: info.Size(), LastModified: info.ModTime()}, nil
}

func (s *folderStore) Get(ctx context.Context, bucket, key string) (io.ReadCloser, s3.Object, error) {
	object, err := s.stat(bucket, key)
	if err != nil {
		return nil, object, err
	}
	file, err := os.Open(filepath.Join(s.objects, key))
	return file, object, err
}

func (s *folderStore) GetSame(ctx context.Context, bucket string, object s3.Object) (io.ReadCloser, s3.Object, error) {
	if s.beforeSame != nil {
		s.beforeSame()
	}
	return s.Get(ctx, bucket, object.Key)
}

func (s *folderStore) keys() []string {
	var out []string
	_ = filepath.WalkDir(s.objects, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			key, _ := filepath.Rel(s.objects, path)
			out = append(out, key)
		}
		return nil
	})
	slices.Sort(out)
	return out
}

func (s *folderStore) List(ctx context.Context, bucket, prefix, _ string, each func(s3.Object) error, _ func(string) error) error {
	if err := s.fail["list "+prefix]; err != nil {
		return err
	}
	for _, key := range s.keys() {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		object, err := s.stat(bucket, key)
		if err == nil {
			err = each(object)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *folderStore) Delete(_ context.Context, _ string, keys ...string) error {
	if err := s.fail["delete"]; err != nil {
		return err
	}
	for _, key := range keys {
		_ = os.Remove(filepath.Join(s.objects, key))
	}
	return nil
}

func (s *folderStore) uploading() []string {
	entries, _ := os.ReadDir(s.uploads)
	var out []string
	for _, e := range entries {
		out = append(out, strings.ReplaceAll(e.Name(), "!", "/"))
	}
	return out
}

func (s *folderStore) AbortStale(_ context.Context, _ string, keys ...string) (int, error) {
	if err := s.fail["stale "+keys[0]]; err != nil {
		return 0, err
	}
	n := 0
	for _, key := range s.uploading() {
		if slices.Contains(keys, key) {
			n++
			_ = os.Remove(filepath.Join(s.uploads, strings.ReplaceAll(key, "/", "!")))
		}
	}
	return n, nil
}

func (s *folderStore) Upload(ctx context.Context, _, key string, _ map[string]string, progress func(int64)) (Upload, error) {
	u := &folderUpload{store: s, key: key, ctx: ctx, progress: progress}
	return u, os.WriteFile(u.beside(), nil, 0o644)
}

type folderUpload struct {
	store    *folderStore
	key      string
	ctx      context.Context
	body     bytes.Buffer
	progress func(int64)
}

func (u *folderUpload) beside() string {
	return filepath.Join(u.store.uploads, strings.ReplaceAll(u.key, "/", "!"))
}

func (u *folderUpload) Write(p []byte) (int, error) {
	if u.store.onWrite != nil {
		u.store.onWrite()
	}
	if err := u.store.fail["upload"]; err != nil {
		return 0, err
	}
	if u.ctx.Err() != nil {
		return 0, context.Cause(u.ctx)
	}
	n, err := u.body.Write(p)
	u.progress(int64(u.body.Len()))
	return n, err
}

func (u *folderUpload) Complete(ctx context.Context) (s3.Uploaded, error) {
	if ctx.Err() != nil {
		return s3.Uploaded{}, context.Cause(ctx)
	}
	if err := u.store.fail["complete"]; err != nil {
		return s3.Uploaded{}, err
	}
	_ = os.Remove(u.beside())
	sum := sha256.Sum256(u.body.Bytes())
	u.store.last = ctx
	done := s3.Uploaded{Bytes: int64(u.body.Len()), SHA256: hex.EncodeToString(sum[:])}
	if err := u.store.write(u.key, u.body.Bytes()); err != nil {
		return done, err
	}
	return done, u.store.ask(u.store.after, "complete", u.key)
}

func (u *folderUpload) Abort() error {
	if err := u.store.fail["abort"]; err != nil {
		return err
	}
	_ = os.Remove(u.beside())
	return nil
}
