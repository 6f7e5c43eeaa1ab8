package certs

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
)

// TestJudge has one certificate, given first with one authority and then with two.
func TestJudge(t *testing.T) {
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	old, next := newAuthority(t, "authority"), newAuthority(t, "authority")
	answer := answerOf(old, keys)
	former, err := newIssued(answer, keys, testName)
	if err != nil {
		t.Fatal(err)
	}
	answer.CA, answer.Trust = next.pem+old.pem, []string{next.id, old.id}
	present, err := newIssued(answer, keys, testName)
	if err != nil {
		t.Fatal(err)
	}
	another, err := Certificates(old.leaf(nodeUser, keys.Node.signer.Public()))
	if err != nil {
		t.Fatal(err)
	}
	shown := present.node.chain
	one, two := [][]byte{old.cert.RawSubject}, [][]byte{old.cert.RawSubject, next.cert.RawSubject}
	stranger := newAuthority(t, "stranger")
	for name, c := range map[string]struct {
		sql, http []*x509.Certificate
		trust     [][]byte
		serial    string
		trusted   []string
		problem   string
	}{
		"all in force":           {shown, shown, two, present.Serial, present.Trust, ""},
		"silent about trust":     {shown, shown, nil, present.Serial, present.Trust, ""},
		"trust of before":        {shown, shown, one, present.Serial, former.Trust, "still trusts other authorities"},
		"trust of nobody":        {shown, shown, [][]byte{stranger.cert.RawSubject, old.cert.RawSubject}, present.Serial, nil, "still trusts other authorities"},
		"SQL shows another":      {another, shown, two, Serial(another[0]), present.Trust, "new SQL connections get the certificate " + Serial(another[0])},
		"HTTP shows another":     {shown, another, two, Serial(another[0]), present.Trust, "new HTTP connections get the certificate " + Serial(another[0])},
		"another, and is silent": {another, another, nil, Serial(another[0]), nil, "new SQL connections"},
	} {
		got := judge(view{sql: seen{c.sql, c.trust}, http: seen{chain: c.http}}, present, former, testName)
		said := ""
		if got.problem != nil {
			said = got.problem.Error()
		}
		if got.serial != c.serial || !slices.Equal(got.trust, c.trusted) || (said == "") != (c.problem == "") || !strings.Contains(said, c.problem) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := judge(view{sql: seen{shown, two}, http: seen{chain: shown}}, present, nil, "other.example"); got.problem == nil {
		t.Error("in force under another name")
	}
}
