package certs

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func FuzzReadRequest(f *testing.F) {
	f.Add(requestOf(f, newKey(f)))
	f.Add("-----BEGIN CERTIFICATE REQUEST-----\nMIIBAA==\n-----END CERTIFICATE REQUEST-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		request, problem := readRequest(text)
		if (request == nil) != (problem != "") || request != nil && (request.CheckSignature() != nil || weakness(request.PublicKey) != "") {
			t.Errorf("%v %q", request, problem)
		}
	})
}

// What is given in settings is read or refused, and nothing of it is in what is said of it.
func FuzzReadOutside(f *testing.F) {
	made, opened, err := makeAuthority("crdb", time.Hour, hush, noon)
	if err != nil {
		f.Fatal(err)
	}
	key, err := keyPEM(opened.key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made.PEM, string(key), "")
	f.Add(made.PEM+made.PEM, "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n", made.PEM)
	f.Fuzz(func(t *testing.T, certificate, key, extra string) {
		outside, faults := ReadOutside(Given{Cert: certificate, Key: wire.Secret(key), Extra: extra, NodeCert: extra, NodeKey: wire.Secret(key)}, noon)
		if (outside == nil) != (len(faults) > 0) {
			t.Errorf("%v %v", outside, faults)
		}
		for _, fault := range faults {
			if fault.Field == "" || fault.Message == "" || fault.Remedy == "" || fault.Value != "" {
				t.Errorf("%+v", fault)
			}
		}
		if outside != nil && outside.signer != nil && !belongs(outside.signer.key, outside.signer.chain[0]) {
			t.Error("a key of another certificate is taken")
		}
	})
}

// Nothing but a signature of the key is a proof.
func FuzzProve(f *testing.F) {
	made, opened, err := makeAuthority("crdb", time.Hour, hush, noon)
	if err != nil {
		f.Fatal(err)
	}
	key := newKey(f)
	node, err := opened.signNode(key.Public(), []string{"n"}, time.Hour, noon)
	if err != nil {
		f.Fatal(err)
	}
	good := proofOf(f, tasks.ProveServed, key, node.text, noon, []byte("body"))
	f.Add(node.text, good.Time, good.Signature, "body")
	f.Add(node.text, good.Time, []byte{0x30, 0}, "body")
	f.Add("", int64(-1<<63), []byte(nil), "")
	f.Fuzz(func(t *testing.T, certificate string, at int64, signature []byte, body string) {
		by, err := prove(tasks.ProveServed, taskID, []byte(body), wire.Proof{Certificate: certificate, Time: at, Signature: signature}, []tasks.Authority{made}, noon)
		if err == nil && (body != "body" || at != good.Time || by.serial != serialText(node.leaf)) {
			t.Errorf("proven: %q at %d by %+v", body, at, by)
		}
	})
}

func FuzzUserName(f *testing.F) {
	for _, name := range []string{"root", "Node", "a b", "ä", "../x", "a\x00"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, problem := UserName(given)
		if (name == "") != (problem != "") || name == "node" || strings.ContainsAny(name, "/\\ \n\x00,=") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") || len([]rune(name)) > 63 {
			t.Errorf("%q: %q %q", given, name, problem)
		}
		if strings.ContainsFunc(name, unicode.IsUpper) {
			t.Errorf("%q has capitals", name)
		}
		if again, _ := UserName(name); name != "" && again != name {
			t.Errorf("%q becomes %q", name, again)
		}
	})
}
