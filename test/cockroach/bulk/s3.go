package bulk

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/s3"
)

// Bucket is an open collection.
type Bucket struct {
	c   Collection
	api *s3.S3
}

// ErrMissing is returned for an object that is not there.
var ErrMissing = errors.New("object does not exist")

// Open connects to a collection. roots are certificates in PEM beside the system's.
func Open(c Collection, roots string) (*Bucket, error) {
	cfg := aws.NewConfig().WithS3ForcePathStyle(c.pathStyle || c.endpoint != "").WithMaxRetries(5)
	if c.endpoint != "" {
		cfg = cfg.WithEndpoint(c.endpoint)
	}
	region := c.region
	if region == "" {
		region = "default-region"
	}
	cfg = cfg.WithRegion(region)
	if !c.implicit {
		cfg = cfg.WithCredentials(credentials.NewStaticCredentials(c.access, c.secret, c.session))
	}
	if roots != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("read the system's certificates: %w", err)
		}
		if !pool.AppendCertsFromPEM([]byte(roots)) {
			return nil, errors.New("failed to parse root CA certificate from cloudstorage.http.custom_ca")
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
		cfg = cfg.WithHTTPClient(&http.Client{Transport: transport})
	}
	sess, err := session.NewSession(cfg)
	if err != nil {
		return nil, c.fault("new aws session", err)
	}
	return &Bucket{c: c, api: s3.New(sess)}, nil
}

// fault wraps an error without the keys that it may hold.
func (c Collection) fault(what string, err error) error {
	var a awserr.Error
	if errors.As(err, &a) && (a.Code() == s3.ErrCodeNoSuchKey || a.Code() == "NotFound") {
		return fmt.Errorf("%s: %w", what, ErrMissing)
	}
	return errors.New(what + ": " + c.Scrub(err.Error()))
}

func (b *Bucket) key(name string) *string { return aws.String(b.c.At(name).Prefix) }

// Put writes an object.
func (b *Bucket) Put(ctx context.Context, name string, body []byte) error {
	_, err := b.api.PutObjectWithContext(ctx, &s3.PutObjectInput{Bucket: &b.c.Bucket, Key: b.key(name), Body: bytes.NewReader(body)})
	if err != nil {
		return b.c.fault("failed to put s3 object", err)
	}
	return nil
}

// Get reads an object whole.
func (b *Bucket) Get(ctx context.Context, name string) ([]byte, error) {
	out, err := b.api.GetObjectWithContext(ctx, &s3.GetObjectInput{Bucket: &b.c.Bucket, Key: b.key(name)})
	if err != nil {
		return nil, b.c.fault("failed to get s3 object", err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return nil, b.c.fault("failed to read s3 object", err)
	}
	return body, nil
}

// Size gives an object's size in bytes.
func (b *Bucket) Size(ctx context.Context, name string) (int64, error) {
	out, err := b.api.HeadObjectWithContext(ctx, &s3.HeadObjectInput{Bucket: &b.c.Bucket, Key: b.key(name)})
	if err != nil {
		return 0, b.c.fault("failed to get s3 object headers", err)
	}
	return aws.Int64Value(out.ContentLength), nil
}

// Remove deletes an object.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	if _, err := b.api.DeleteObjectWithContext(ctx, &s3.DeleteObjectInput{Bucket: &b.c.Bucket, Key: b.key(name)}); err != nil {
		return b.c.fault("failed to delete s3 object", err)
	}
	return nil
}

// Backups names the folders with a manifest, oldest first.
func (b *Bucket) Backups(ctx context.Context) (subs []string, err error) {
	prefix := b.c.Prefix
	if prefix != "" {
		prefix += "/"
	}
	err = b.api.ListObjectsV2PagesWithContext(ctx, &s3.ListObjectsV2Input{Bucket: &b.c.Bucket, Prefix: &prefix}, func(page *s3.ListObjectsV2Output, _ bool) bool {
		for _, o := range page.Contents {
			if sub, ok := strings.CutSuffix(strings.TrimPrefix(aws.StringValue(o.Key), prefix), "/"+ManifestName); ok {
				subs = append(subs, sub)
			}
		}
		return true
	})
	if err != nil {
		return nil, b.c.fault("failed to list s3 bucket", err)
	}
	return subs, nil
}
