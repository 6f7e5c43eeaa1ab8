package s3

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

func kindOf(t *testing.T, err error) *Error {
	t.Helper()
	fault := (*Error)(nil)
	if !errors.As(err, &fault) {
		t.Fatalf("no *Error: %v", err)
	}
	return fault
}

func TestARealServerRefuses(t *testing.T) {
	s := store.Start(t, store.Options{})
	bucket := s.Bucket()
	access, secret := s.Account()
	for name, test := range map[string]struct {
		change func(*Options)
		bucket string
		want   Kind
		remedy string
	}{
		"no rights":        {func(o *Options) { o.Keys = Keys{access, secret, ""} }, bucket, Denied, "policy"},
		"wrong access key": {func(o *Options) { o.Keys.AccessKeyID = "AKIAOTHER" }, bucket, WrongKeys, "--aws-access-key"},
		"wrong secret key": {func(o *Options) { o.Keys.SecretAccessKey += "x" }, bucket, WrongKeys, "--aws-secret-key"},
		"missing bucket":   {func(*Options) {}, "no-such-bucket", NoBucket, "the bucket's name"},
		"wrong region":     {func(o *Options) { o.Region = "eu-west-3" }, bucket, WrongRegion, "--region us-west-1"},
		"plain and TLS":    {func(o *Options) { o.Endpoint = strings.Replace(o.Endpoint, "http:", "https:", 1) }, bucket, Unreachable, "http://"},
	} {
		o := optionsFor(s)
		test.change(&o)
		c, err := newClient(o, brisk)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// Every operation says the same.
		for op, err := range map[string]error{
			"check":  c.CheckBucket(soon(t), test.bucket),
			"put":    c.Put(soon(t), test.bucket, "k", []byte("x"), ""),
			"list":   c.List(soon(t), test.bucket, "", "", nil, nil),
			"get":    func() error { _, _, err := c.Get(soon(t), test.bucket, "k"); return err }(),
			"head":   func() error { _, err := c.Head(soon(t), test.bucket, "k"); return err }(),
			"delete": c.Delete(soon(t), test.bucket, "k"),
			"stale":  func() error { _, err := c.AbortStale(soon(t), test.bucket, "k"); return err }(),
			"upload": func() error {
				u, err := c.Upload(soon(t), test.bucket, "k", nil, nil)
				if err == nil {
					_, err = u.Write(content(12 * mib))
				}
				// What could not be reached cannot be asked whether it has begun an upload.
				if abort := u.Abort(); abort != nil && test.want != Unreachable {
					t.Errorf("%s: abort of an upload that never began: %v", name, abort)
				}
				return err
			}(),
		} {
			fault := kindOf(t, err)
			if fault.Kind != test.want || !strings.Contains(fault.Remedy, test.remedy) || fault.Bucket != test.bucket {
				t.Errorf("%s, %s: %q %v", name, op, fault.Kind, err)
			}
			hideAndSeek(t, o.Keys, err)
		}
	}
	c, _ := connect(t, s, nil)
	_, _, err := c.Get(soon(t), bucket, "no/such/object")
	if fault := kindOf(t, err); fault.Kind != NoObject || fault.Key != "no/such/object" {
		t.Error(err)
	}
	if _, err := c.Head(soon(t), bucket, "no/such/object"); kindOf(t, err).Kind != NoObject {
		t.Error(err)
	}
	if err := c.CheckBucket(soon(t), bucket); err != nil {
		t.Error(err)
	}
}

func TestTLS(t *testing.T) {
	s := store.Start(t, store.Options{TLS: true, Proxy: true})
	c, bucket := connect(t, s, nil)
	if err := c.Put(soon(t), bucket, "k", content(3*mib), ""); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s.Read(bucket, "k"), content(3*mib)) {
		t.Error("the object differs")
	}
	o := optionsFor(s)
	o.CA = nil
	o.Endpoint = strings.TrimPrefix(o.Endpoint, "https://") // the scheme is https by itself
	stranger, err := newClient(o, brisk)
	if err != nil {
		t.Fatal(err)
	}
	before := len(s.Proxy.Requests())
	fault := kindOf(t, stranger.CheckBucket(soon(t), bucket))
	if fault.Kind != Unreachable || !strings.Contains(fault.Remedy, "--ca-file") {
		t.Error(fault)
	}
	if after := len(s.Proxy.Requests()); after != before {
		t.Errorf("%d requests over a connection that is not trusted", after-before)
	}
}

// TestAnswersAsDocumented has what only Amazon and other stores say, by the documents of their errors.
func TestAnswersAsDocumented(t *testing.T) {
	keys := Keys{"AKIDOFTHETEST", "a/secret+of/the/test", "token/of/the/test"}
	for name, test := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   Kind
		text   string // in the error
	}{
		"expired token": {400, nil, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>", Expired, "--iam"},
		"clock": {403, nil, "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>",
			ClockSkew, "NTP"},
		"denied": {403, nil, "<Error><Code>AccessDenied</Code><Message>User is not authorized to perform: s3:ListBucket</Message></Error>",
			Denied, "s3:ListBucket"},
		"unauthorized":  {401, nil, "<Error><Code>Unauthorized</Code></Error>", Denied, "policy"},
		"invalid token": {400, nil, "<Error><Code>InvalidToken</Code><Message>malformed</Message></Error>", WrongKeys, "AWS_SESSION_TOKEN"},
		"region in the text": {400, nil, `<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region
			'us-west-1' is wrong; expecting 'eu-west-3'</Message><Region>eu-west-3</Region></Error>`, WrongRegion, "--region eu-west-3"},
		"region in the header": {301, map[string]string{"x-amz-bucket-region": "eu-west-3"}, "<Error><Code>PermanentRedirect</Code></Error>",
			WrongRegion, "--region eu-west-3"},
		"region not told": {301, map[string]string{"Location": "https://elsewhere.example/"}, "", WrongRegion, "--region"},
		"malformed key": {400, nil, `<Error><Code>AuthorizationHeaderMalformed</Code><Message>the Credential is mal-formed</Message></Error>`,
			WrongKeys, "--aws-access-key"},
		"a key quoted back": {403, nil, "<Error><Code>AccessDenied</Code><Message>AKIDOFTHETEST token/of/the/test a/secret+of/the/test</Message></Error>",
			Denied, "[redacted] [redacted] [redacted]"},
		"slow down":       {503, nil, "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>", Throttled, "slow down"},
		"an endless wait": {503, map[string]string{"Retry-After": "86400"}, "<Error><Code>SlowDown</Code></Error>", Throttled, "slow down"},
		"too many":        {429, nil, "", Throttled, "slow down"},
		"fault of its own": {500, nil, "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>",
			Other, "internal error"},
		"gateway":        {502, nil, "<html>bad gateway</html>", Unreachable, "gateway"},
		"a web server":   {404, nil, "<!doctype html><p>nothing here", Other, "does not speak S3"},
		"something else": {409, nil, "<Error><Code>OperationAborted</Code><Message>A conflict.</Message></Error>", Other, "OperationAborted: A conflict."},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range test.header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(test.status)
			fmt.Fprint(w, test.body)
		}))
		c, err := newClient(Options{Region: "us-west-1", Endpoint: server.URL, Keys: keys, Retries: 2}, brisk)
		if err != nil {
			t.Fatal(err)
		}
		err = c.CheckBucket(soon(t), "b")
		if fault := kindOf(t, err); fault.Kind != test.want || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %q %v", name, fault.Kind, err)
		}
		hideAndSeek(t, keys, err)
		server.Close()
	}
}

func TestNobodyAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	l.Close()
	c, err := newClient(Options{Region: "us-west-1", Endpoint: "http://" + free, Keys: Keys{"a", "b", ""}}, brisk)
	if err != nil {
		t.Fatal(err)
	}
	err = c.CheckBucket(soon(t), "b")
	if fault := kindOf(t, err); fault.Kind != Unreachable || !strings.Contains(err.Error(), "no connection to http://"+free) {
		t.Error(err)
	}
	// A name that does not resolve, without asking anybody.
	fault := c.judgeNetwork(fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "b.s3.invalid", IsNotFound: true}}))
	if fault.Kind != Unreachable || !strings.Contains(fault.Problem, "b.s3.invalid does not resolve") {
		t.Error(fault)
	}
}

func TestACheckIsTriedAFewTimesOnly(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	s.Proxy.SlowDown(1)
	if err := c.CheckBucket(soon(t), bucket); kindOf(t, err).Kind != Throttled {
		t.Error(err)
	}
	if n := len(s.Proxy.Requests()); n != 4 {
		t.Errorf("a check made %d requests, want 4", n)
	}
	if err := c.Put(soon(t), bucket, "k", nil, ""); kindOf(t, err).Kind != Throttled {
		t.Error(err)
	}
	if n := len(s.Proxy.Requests()) - 4; n != standardRetries+1 {
		t.Errorf("a write made %d requests, want %d", n, standardRetries+1)
	}
	s.Proxy.SlowDown(0)
	if err := c.CheckBucket(soon(t), bucket); err != nil {
		t.Error(err)
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	err := &Error{Kind: Denied, Op: "write", Bucket: "b", Key: "k", Problem: "no", Remedy: "ask for it"}
	if got, want := err.Error(), "write s3://b/k: no. Ask for it"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// hideAndSeek looks for key material in every way to print a value.
func hideAndSeek(t *testing.T, keys Keys, values ...any) {
	t.Helper()
	for _, value := range values {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "value", value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "value", value)
		for _, encode := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
			text, _ := encode(value) // what cannot be encoded shows nothing
			out.Write(text)
		}
		for _, secret := range []string{keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken} {
			for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
				if form != "" && strings.Contains(out.String(), form) {
					t.Errorf("%T shows a key:\n%s", value, out.String())
				}
			}
		}
	}
}

func TestKeysAreNeverShown(t *testing.T) {
	o := Options{Region: "us-west-1", Keys: Keys{"AKIDOFTHETEST", "secretofthetest", "tokenofthetest"}}
	c, err := newClient(o, brisk)
	if err != nil {
		t.Fatal(err)
	}
	u, err := c.Upload(t.Context(), "b", "k", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	hidden := struct {
		c *Client
		u *Upload
	}{c, u}
	hideAndSeek(t, o.Keys, o.Keys, &o.Keys, o, &o, []Keys{o.Keys}, map[string]Keys{"k": o.Keys}, c, *c, u, hidden, &hidden)
	if got := fmt.Sprint(o.Keys); got != "[redacted]" {
		t.Errorf("got %q", got)
	}
	if text, err := json.Marshal(o); err != nil || !strings.Contains(string(text), `"Keys":"[redacted]"`) {
		t.Errorf("%s: %v", text, err)
	}
}
