package s3

import (
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// forgetful is a store that forgets an upload when it is completed, as Amazon does, and whose answer to the first completion
// gets lost. It says that the object has an ETag of its own choice when foreign is not empty.
func forgetful(t *testing.T, foreign string) *Client {
	t.Helper()
	sums, size, completions := md5.New(), 0, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		switch {
		case query.Has("uploads"):
			fmt.Fprint(w, "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
		case query.Has("partNumber"):
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			sum := md5.Sum(body)
			_, _ = sums.Write(sum[:])
			size += len(body)
			w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sum))
		case r.Method == http.MethodPost && completions == 0:
			completions++
			panic(http.ErrAbortHandler)
		case r.Method == http.MethodPost, r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchUpload</Code><Message>The upload ID may be invalid.</Message></Error>")
		case r.Method == http.MethodHead:
			etag := fmt.Sprintf(`"%x-2"`, sums.Sum(nil))
			if foreign != "" {
				etag = foreign
			}
			w.Header().Set("ETag", etag)
			w.Header().Set("Content-Length", strconv.Itoa(size))
		}
	}))
	t.Cleanup(server.Close)
	c, err := newClient(Options{Region: "us-west-1", Endpoint: server.URL, Keys: Keys{"a", "b", ""}, Parallel: 1}, brisk)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestALostAnswerToACompletion(t *testing.T) {
	for name, foreign := range map[string]string{"the object is there": "", "another object is there": `"0123-2"`} {
		u, err := forgetful(t, foreign).Upload(soon(t), "bucket", "k", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		// The second part is not begun before the first has ended: the store counts them as they come.
		if _, err := u.Write(content(5 * mib)); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Write(content(mib)); err != nil {
			t.Fatal(err)
		}
		u.inFlight.Wait()
		done, err := u.Complete(soon(t))
		if (err == nil) != (foreign == "") || err == nil && done.Bytes != 6*mib {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
		if err := u.Abort(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
