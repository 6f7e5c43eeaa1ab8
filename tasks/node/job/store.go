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
	// GetSame is Get of an object that was read before, and of no other that has its name since.
	GetSame(ctx context.Context, bucket string, object s3.Object) (io.ReadCloser, s3.Object, error)
	Head(ctx context.Context, bucket, key string) (s3.Object, error)
	List(ctx context.Context, bucket, prefix, delimiter string, each func(s3.Object) error, folder func(prefix string) error) error
	Delete(ctx context.Context, bucket string, keys ...string) error
	// AbortStale aborts the incomplete uploads of these very keys.
	AbortStale(ctx context.Context, bucket string, keys ...string) (int, error)
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

// besideBuffers is what a job takes of its task's memory beside the buffers of an upload, in bytes: this process and the database's
// client, which dumps and counts at the same time.
const besideBuffers = 192 << 20

// buffersOf is what the buffers of an upload may take of a task's memory, in bytes; 0 where nobody says what the task has.
func buffersOf(memMB int) int64 {
	if memMB == 0 {
		return 0
	}
	return max(int64(memMB)<<20-besideBuffers, 32<<20)
}

// OpenS3 makes the store of a job's parameters and keys. Nothing is sent yet. tool is for the store's access log, memMB is the
// task's memory in Mesos megabytes, 0 when it is not known.
func OpenS3(tool string, memMB int) func(tasks.JobParams, s3.Keys) (Store, error) {
	return func(p tasks.JobParams, keys s3.Keys) (Store, error) {
		client, err := s3.New(s3.Options{
			Region: p.Region, Endpoint: p.Endpoint, PathStyle: p.PathStyle, CA: []byte(p.CA), IAM: p.IAM, Keys: keys,
			UserAgent: "dcos-cockroachdb/" + tool, Memory: buffersOf(memMB),
		})
		if err != nil {
			return nil, err
		}
		return s3Store{client}, nil
	}
}
