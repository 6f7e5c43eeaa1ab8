package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// parts are the fields of a credential, with some of them changed.
func parts(t *testing.T, changes map[string]any) string {
	t.Helper()
	fields := map[string]any{}
	if err := json.Unmarshal([]byte(authtest.New("crdb", time.Hour).Credential("https://master.mesos")), &fields); err != nil {
		t.Fatal(err)
	}
	for name, value := range changes {
		fields[name] = value
		if value == nil {
			delete(fields, name)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestCredentialsThatWork(t *testing.T) {
	key := rsaKey(t)
	pkcs1 := inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	for name, tt := range map[string]struct {
		changes  map[string]any
		endpoint string
	}{
		"as DC/OS makes it":                {nil, "https://master.mesos/acs/api/v1/auth/login"},
		"the SDK's two fields":             {map[string]any{"scheme": nil, "login_endpoint": nil}, ""},
		"a key in PKCS #1":                 {map[string]any{"private_key": pkcs1}, "https://master.mesos/acs/api/v1/auth/login"},
		"fields that nobody knows":         {map[string]any{"comment": "x", "more": []int{1}}, "https://master.mesos/acs/api/v1/auth/login"},
		"line ends of another system":      {map[string]any{"private_key": strings.ReplaceAll(pkcs1, "\n", "\r\n")}, "https://master.mesos/acs/api/v1/auth/login"},
		"an endpoint on a port of its own": {map[string]any{"login_endpoint": "http://127.0.0.1:8101/login"}, "http://127.0.0.1:8101/login"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(parts(t, tt.changes))
			if err != nil {
				t.Fatal(err)
			}
			if got.UID != "crdb" || got.Endpoint != tt.endpoint {
				t.Errorf("uid %q, endpoint %q, want crdb, %q", got.UID, got.Endpoint, tt.endpoint)
			}
			if _, err := got.sign(time.Now()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBrokenCredentialsAreToldAllAtOnce(t *testing.T) {
	key := rsaKey(t)
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	onCurve, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	whole := authtest.New("crdb", time.Hour).PEM()
	tests := []struct {
		name, text string
		wants      []string
	}{
		{"no JSON", "{hush-6f1d", []string{"not JSON from byte 2 on"}},
		{"cut off", parts(t, nil)[:200], []string{"not JSON"}},
		{"only the key", whole, []string{"not JSON from byte 2 on"}},
		{"a list", `["hush-6f1d"]`, []string{"not a JSON object"}},
		{"a number for a name", `{"uid": 61}`, []string{`"uid" is not a text`}},
		{"nothing in it", `{}`, []string{`has no "uid"`, `has no "private_key"`}},
		{"null", `null`, []string{`has no "uid"`, `has no "private_key"`}},
		{"four at once", `{"uid": "a b", "private_key": "hush-6f1d", "scheme": "HS256", "login_endpoint": "master.mesos"}`,
			[]string{`a "scheme" other than RS256`, `a "uid" with a blank`, `not PEM`, `"login_endpoint" that is not a URL`}},
		{"an endpoint with a password", parts(t, map[string]any{"login_endpoint": "https://u:hush-6f1d@master.mesos/"}), []string{`"login_endpoint" that is not a URL`}},
		{"a public key", parts(t, map[string]any{"private_key": inPEM("PUBLIC KEY", public)}), []string{"a public key or a certificate"}},
		{"a key of another kind", parts(t, map[string]any{"private_key": inPEM("PRIVATE KEY", onCurve)}), []string{"not of RSA"}},
		{"a key with a password", parts(t, map[string]any{"private_key": inPEM("ENCRYPTED PRIVATE KEY", []byte{1, 2})}), []string{"locked with a password"}},
		{"a key that is cut off", parts(t, map[string]any{"private_key": inPEM("PRIVATE KEY", []byte{1, 2})}), []string{"cannot be read"}},
		{"line ends escaped twice", parts(t, map[string]any{"private_key": strings.ReplaceAll(whole, "\n", `\n`)}), []string{"backslash and n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.text)
			faults := apart(err)
			if len(faults) != len(tt.wants) {
				t.Fatalf("%d faults, want %d: %v", len(faults), len(tt.wants), err)
			}
			for i, want := range tt.wants {
				if got := faults[i]; got.Field != Setting || got.Remedy == "" || !strings.Contains(got.Message, want) {
					t.Errorf("got %+v, want %q in it", got, want)
				}
			}
			if shows(err.Error()) || strings.Contains(err.Error(), "hush") {
				t.Errorf("a secret shows: %v", err)
			}
		})
	}
}

// apart are the faults of a joined error.
func apart(err error) []tasks.Fault {
	var joined interface{ Unwrap() []error }
	list := []error{err}
	if errors.As(err, &joined) {
		list = joined.Unwrap()
	}
	var faults []tasks.Fault
	for _, one := range list {
		var fault tasks.Fault
		if errors.As(one, &fault) {
			faults = append(faults, fault)
		}
	}
	return faults
}

// shows tells whether a line of the test account's key is in a text.
func shows(text string) bool {
	return slices.ContainsFunc(authtest.New("crdb", time.Hour).KeyLines(), func(line string) bool { return strings.Contains(text, line) })
}

// FuzzParse holds Parse to its promise for any text: it never panics, faults are whole and show no value, and an account
// without faults can sign.
func FuzzParse(f *testing.F) {
	f.Add(`{"uid": "x", "private_key": "y", "scheme": 1, "login_endpoint": "https://%zz"}`)
	f.Add(authtest.New("crdb", time.Hour).Credential("https://m"))
	f.Fuzz(func(t *testing.T, text string) {
		account, err := Parse(text)
		if err == nil {
			if _, err := account.sign(time.Now()); err != nil || account.UID == "" {
				t.Errorf("%v, %v", account, err)
			}
			return
		}
		for _, fault := range apart(err) {
			if fault.Field != Setting || fault.Value != hidden || fault.Message == "" || fault.Remedy == "" {
				t.Errorf("%+v", fault)
			}
		}
	})
}

func TestAPathIsToldFromACredential(t *testing.T) {
	for value, path := range map[string]bool{
		"secrets/service-account.json": true, "/run/secrets/account": true, "hush": true,
		"{}": false, " {": false, "-----BEGIN PRIVATE KEY-----": false, "a\nb": false, `"uid"`: false, parts(t, nil): false,
	} {
		if got := IsPath(value); got != path {
			t.Errorf("IsPath(%q) = %v", value, got)
		}
	}
}

func TestNoWayOfPrintingShowsASecret(t *testing.T) {
	account, err := Parse(parts(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	session := NewSession(account, Options{})
	session.current = token{text: secretOf("hush-6f1d"), ends: time.Now().Add(time.Hour)}
	holder := struct {
		Account  Credential
		account  Credential
		session  *Session
		token    token
		Exported any
	}{account, account, session, session.current, session.Transport(nil)}
	encoded, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []any{account, &account, session, holder, &holder, session.current.text, session.Transport(nil)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "hush") || strings.Contains(text, fmt.Sprintf("%x", "hush")) || shows(text) {
				t.Errorf("%s of %T shows a secret: %s", verb, value, text)
			}
		}
	}
	if strings.Contains(string(encoded), "hush") || shows(string(encoded)) {
		t.Errorf("JSON shows a secret: %s", encoded)
	}
}
