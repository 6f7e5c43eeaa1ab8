package s3

import (
	"bytes"
	"crypto/rand"
	"io"
	"os/exec"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/client"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/defaults"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// api talks to the server itself, past the proxy.
func (s *Server) api() *sdk.S3 {
	return sdk.New(config{Config: &aws.Config{
		Region: &s.Region, Endpoint: aws.String(s.direct()), S3ForcePathStyle: aws.Bool(true), HTTPClient: s.client,
		Credentials: credentials.NewStaticCredentials(s.AccessKey, s.SecretKey, ""), LogLevel: aws.LogLevel(aws.LogOff),
	}, Handlers: defaults.Handlers(), Endpoint: s.direct(), SigningRegion: s.Region})
}

// config stands for the SDK's session, which would read the environment.
type config client.Config

func (c config) ClientConfig(string, ...*aws.Config) client.Config { return client.Config(c) }

// Bucket makes an empty bucket and returns its name, which is new.
func (s *Server) Bucket() string {
	s.tb.Helper()
	name := "bucket-" + strings.ToLower(rand.Text()[:10])
	if _, err := s.api().CreateBucket(&sdk.CreateBucketInput{Bucket: &name}); err != nil {
		s.tb.Fatalf("make a bucket: %v", err)
	}
	return name
}

// Objects lists the keys of a bucket, in order.
func (s *Server) Objects(bucket string) []string {
	s.tb.Helper()
	var keys []string
	err := s.api().ListObjectsV2Pages(&sdk.ListObjectsV2Input{Bucket: &bucket}, func(page *sdk.ListObjectsV2Output, _ bool) bool {
		for _, o := range page.Contents {
			keys = append(keys, aws.StringValue(o.Key))
		}
		return true
	})
	if err != nil {
		s.tb.Fatalf("list the bucket: %v", err)
	}
	return keys
}

// Uploads lists the keys of a bucket's incomplete multipart uploads.
func (s *Server) Uploads(bucket string) []string {
	s.tb.Helper()
	var keys []string
	err := s.api().ListMultipartUploadsPages(&sdk.ListMultipartUploadsInput{Bucket: &bucket},
		func(page *sdk.ListMultipartUploadsOutput, _ bool) bool {
			for _, u := range page.Uploads {
				keys = append(keys, aws.StringValue(u.Key))
			}
			return true
		})
	if err != nil {
		s.tb.Fatalf("list the uploads: %v", err)
	}
	return keys
}

// Open reads an object as a stream; the caller closes it.
func (s *Server) Open(bucket, key string) io.ReadCloser {
	s.tb.Helper()
	answer, err := s.api().GetObject(&sdk.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		s.tb.Fatalf("read %s: %v", key, err)
	}
	return answer.Body
}

// Read reads a whole object.
func (s *Server) Read(bucket, key string) []byte {
	s.tb.Helper()
	body := s.Open(bucket, key)
	defer body.Close()
	content, err := io.ReadAll(body)
	if err != nil {
		s.tb.Fatalf("read %s: %v", key, err)
	}
	return content
}

// Metadata is what was stored with an object besides its content, names in lower case.
func (s *Server) Metadata(bucket, key string) map[string]string {
	s.tb.Helper()
	answer, err := s.api().HeadObject(&sdk.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		s.tb.Fatalf("look at %s: %v", key, err)
	}
	found := map[string]string{}
	for name, value := range answer.Metadata {
		found[strings.ToLower(name)] = aws.StringValue(value)
	}
	return found
}

// Put writes an object, as somebody else than the code under test.
func (s *Server) Put(bucket, key string, content []byte) {
	s.tb.Helper()
	if _, err := s.api().PutObject(&sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content)}); err != nil {
		s.tb.Fatalf("write %s: %v", key, err)
	}
}

// Account makes an account without any rights, and returns its keys.
func (s *Server) Account() (access, secret string) {
	s.tb.Helper()
	access, secret = "AKIA"+rand.Text(), rand.Text()+rand.Text()
	create := exec.Command(s.program, "admin", "--endpoint-url", s.direct(), "--allow-insecure",
		"create-user", "--access", access, "--secret", secret, "--role", "user")
	create.Env = []string{"ADMIN_ACCESS_KEY_ID=" + s.AccessKey, "ADMIN_SECRET_ACCESS_KEY=" + s.SecretKey,
		"ADMIN_REGION=" + s.Region, "HOME=" + s.dir}
	if text, err := create.CombinedOutput(); err != nil {
		s.tb.Fatalf("make an account: %v\n%s", err, text)
	}
	return access, secret
}

// Begin leaves an incomplete multipart upload of an object behind, without a part.
func (s *Server) Begin(bucket, key string) {
	s.tb.Helper()
	if _, err := s.api().CreateMultipartUpload(&sdk.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}); err != nil {
		s.tb.Fatalf("begin an upload of %s: %v", key, err)
	}
}
