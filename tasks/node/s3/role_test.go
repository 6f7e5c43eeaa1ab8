package s3

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	sdk "github.com/aws/aws-sdk-go/service/s3"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// address is the URL a request for an object would go to.
func (c *Client) address(bucket, key string) string {
	req, _ := c.api.GetObjectRequest(&sdk.GetObjectInput{Bucket: &bucket, Key: aws.String(key)})
	_ = req.Build() // a fault shows in the address
	return req.HTTPRequest.URL.String()
}

// metadataService answers as the one of an instance does (version 2: a token first).
func metadataService(t *testing.T, roles string, keys Keys) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /latest/api/token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "600")
		fmt.Fprint(w, "a-token")
	})
	mux.HandleFunc("GET /latest/meta-data/iam/security-credentials/", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("X-Aws-Ec2-Metadata-Token") != "a-token":
			w.WriteHeader(http.StatusUnauthorized)
		case roles == "":
			w.WriteHeader(http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/"):
			fmt.Fprintln(w, roles)
		default:
			fmt.Fprintf(w, `{"Code":"Success","AccessKeyId":%q,"SecretAccessKey":%q,"Token":"","Expiration":%q}`,
				keys.AccessKeyID, keys.SecretAccessKey, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestKeysOfARole(t *testing.T) {
	s := store.Start(t, store.Options{})
	keys := optionsFor(s).Keys
	bucket := s.Bucket()
	check := func(metadata string) error {
		tuned := brisk
		tuned.metadata = metadata
		c, err := newClient(Options{Region: s.Region, Endpoint: s.Endpoint, IAM: true}, tuned)
		if err != nil {
			t.Fatal(err)
		}
		return c.CheckBucket(soon(t), bucket)
	}
	// What is in the environment is not for this program.
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAOFTHEENVIRONMENT")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "SECRETOFTHEENVIRONMENT")
	if err := check(metadataService(t, "a-role", keys)); err != nil {
		t.Error(err)
	}
	wrong := Keys{keys.AccessKeyID, keys.SecretAccessKey + "x", ""}
	err := check(metadataService(t, "a-role", wrong))
	if kindOf(t, err).Kind != WrongKeys {
		t.Error(err)
	}
	hideAndSeek(t, wrong, err)

	gone := httptest.NewServer(nil)
	gone.Close()
	for name, metadata := range map[string]string{"no role": metadataService(t, "", keys), "no service": gone.URL} {
		began := time.Now()
		err := check(metadata)
		if fault := kindOf(t, err); fault.Kind != NoRole || !strings.Contains(fault.Remedy, "--iam") {
			t.Errorf("%s: %q %v", name, fault.Kind, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: it took %s to say so", name, took)
		}
	}
}
