package job

import (
	"context"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Store is what a job needs of the object store. *s3.Client is one, by way of OpenS3.
type Store interface {
	CheckBucket(ctx context.Context, bucket string) error
	Upload(ctx context.Context, bucket, key string, metadata map[string]string, progress func(stored int64)) (Upload, error)
	Put(ctx context.Context, bucket, key string, body []byte, contentType string) error
	Get(ctx context.Context, bucket, key string) (io.ReadCloser, s3.Object, error)
	Head(ctx context.Context, bucket, key string) (s3.Object, error)
	List(ctx context.Context, bucket, prefix, delimiter string, each func(s3.Object) error, folder func(prefix string) error) error
	Delete(ctx context.Context, bucket string, keys ...string) error
	AbortStale(ctx context.Context, bucket, prefix string) (int, error)
}

// Upload is an object that becomes visible at Complete and never before.
type Upload interface {
	io.Writer
	Complete(ctx context.Context) (s3.Uploaded, error)
	Abort() error
}

type s3Store struct{ *s3.Client }

func (s s3Store) Upload(ctx context.Context, bucket, key string, metadata map[string]string, progress func(int64)) (Upload, error) {
	upload, err := s.Client.Upload(ctx, bucket, key, metadata, progress)
	if err != nil {
		return nil, err
	}
	return upload, nil
}

// OpenS3 makes the store of a job's parameters and keys. Nothing is sent yet. tool is for the store's access log.
func OpenS3(tool string) func(tasks.JobParams, s3.Keys) (Store, error) {
	return func(p tasks.JobParams, keys s3.Keys) (Store, error) {
		client, err := s3.New(s3.Options{
			Region: p.Region, Endpoint: p.Endpoint, PathStyle: p.PathStyle, CA: []byte(p.CA), IAM: p.IAM, Keys: keys,
			UserAgent: "dcos-cockroachdb/" + tool,
		})
		if err != nil {
			return nil, err
		}
		return s3Store{client}, nil
	}
}
