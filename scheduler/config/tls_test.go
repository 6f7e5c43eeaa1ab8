package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// passphrase is one of the tests; it has hush in it, so that it can be looked for.
const passphrase = "hush hush hush hush"

// written makes a certificate and its key in PEM; by is the template and key of the one that signs, nil for itself.
func written(t *testing.T, template, by *x509.Certificate, signing *ecdsa.PrivateKey) (certificate, key string, own *ecdsa.PrivateKey) {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(7)
	if by == nil {
		by, signing = template, own
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by, own.Public(), signing)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})), own
}

func valid(template x509.Certificate) *x509.Certificate {
	template.NotBefore, template.NotAfter, template.BasicConstraintsValid = today.Add(-time.Hour), today.Add(1000*time.Hour), true
	return &template
}

func authority() *x509.Certificate {
	return valid(x509.Certificate{Subject: pkix.Name{CommonName: "CA"}, IsCA: true, KeyUsage: x509.KeyUsageCertSign})
}

// Each setting of PEM or a passphrase takes the text or a path, and files are read at the start.
func TestTextsAndFilesOfASecureCluster(t *testing.T) {
	ca := authority()
	caText, caKey, signing := written(t, ca, nil, nil)
	other, otherKey, _ := written(t, authority(), nil, nil)
	both := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	node, nodeKey, _ := written(t, valid(x509.Certificate{Subject: pkix.Name{CommonName: "node"}, ExtKeyUsage: both, DNSNames: []string{"*.cockroachdb.autoip.dcos.thisdcos.directory"}}), ca, signing)
	root, rootKey, _ := written(t, valid(x509.Certificate{Subject: pkix.Name{CommonName: "root"}, ExtKeyUsage: both[1:]}), ca, signing)
	narrow, narrowKey, _ := written(t, valid(x509.Certificate{Subject: pkix.Name{CommonName: "node"}, ExtKeyUsage: both,
		DNSNames: []string{"cockroachdb-0-node-init.cockroachdb.autoip.dcos.thisdcos.directory"}}), ca, signing)
	api, apiKey, _ := written(t, valid(x509.Certificate{Subject: pkix.Name{CommonName: "api"}, ExtKeyUsage: both,
		DNSNames: []string{"api.cockroachdb.marathon.l4lb.thisdcos.directory"}}), ca, signing)
	kept := map[string]string{"/api.crt": api, "/api.key": apiKey, "/ca.crt": caText, "/ca.key": caKey, "/other.crt": other, "/other.key": otherKey, "/node.crt": node, "/node.key": nodeKey,
		"/root.crt": root, "/root.key": rootKey, "/empty": "\n", "/words": "hush", "secrets/pass": passphrase + "\n", "/narrow.crt": narrow, "/narrow.key": narrowKey}
	read := func(path string) ([]byte, error) {
		if text, ok := kept[path]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	const door = "API_TLS_CERT=/api.crt API_TLS_KEY=/api.key "
	finished := door + "TLS_CA_CERT=/ca.crt TLS_NODE_CERT=/node.crt TLS_NODE_KEY=/node.key TLS_CLIENT_CERT=/root.crt TLS_CLIENT_KEY=/root.key"
	for _, tt := range []struct {
		name, env string
		// faults are fields and a part of their messages; without any the settings are good.
		faults []string
		want   string
	}{
		{"a passphrase in a file", "TLS_ENABLED=true TLS_CA_PASSPHRASE=secrets/pass", nil, "hush hush hush hush made"},
		{"no such file", "TLS_ENABLED=true TLS_CA_PASSPHRASE=/nosuch", []string{"TLS_CA_PASSPHRASE: names no file that can be read: file does not exist"}, ""},
		{"an empty file", "TLS_ENABLED=true TLS_CA_PASSPHRASE=/empty", []string{"TLS_CA_PASSPHRASE: is empty"}, ""},
		{"a given authority", "TLS_ENABLED=true TLS_CA_CERT=/ca.crt TLS_CA_KEY=/ca.key TLS_CA_EXTRA=/other.crt", nil, " given 2"},
		{"another's key", "TLS_ENABLED=true TLS_CA_CERT=/ca.crt TLS_CA_KEY=/other.key", []string{"TLS_CA_KEY: does not belong"}, ""},
		{"not PEM, and no file", "TLS_CA_CERT=hush TLS_CA_KEY=/words", []string{"TLS_CA_CERT: is not PEM", "TLS_CA_KEY: holds nothing in PEM"}, ""},
		{"finished certificates", "TLS_ENABLED=true " + finished, nil, " given 1"},
		{"finished ones that are mixed up", door + "TLS_ENABLED=true TLS_CA_CERT=/other.crt TLS_NODE_CERT=/root.crt TLS_NODE_KEY=/root.key TLS_CLIENT_CERT=/root.crt TLS_CLIENT_KEY=/node.key",
			[]string{"TLS_NODE_CERT: cannot be traced", "TLS_CLIENT_KEY: does not belong"}, ""},
		{"finished ones for some nodes", "TLS_ENABLED=true NODE_COUNT=3 " + strings.NewReplacer("/node.crt", "/narrow.crt", "/node.key", "/narrow.key").Replace(finished),
			[]string{"TLS_NODE_CERT: is not good for 2 of 3 names"}, ""},
		{"half of them, and nothing to hand the key over with", "TLS_ENABLED=true TLS_CA_CERT=/ca.crt TLS_NODE_CERT=/node.crt", []string{"API_TLS_CERT: is needed", "TLS_NODE_KEY: is needed", "TLS_CLIENT_CERT: is needed", "TLS_CLIENT_KEY: is needed"}, ""},
	} {
		parsed := ParseFiles(append(strings.Fields(tt.env), "PORT_API=8090"), today, read)
		var found []string
		for _, fault := range parsed.Faults {
			found = append(found, fault.Field+": "+fault.Message)
			if strings.Contains(fault.Error(), "hush") || fault.Remedy == "" {
				t.Errorf("%s: %v", tt.name, fault)
			}
		}
		for _, want := range tt.faults {
			field, part, _ := strings.Cut(want, ": ")
			if !slices.ContainsFunc(found, func(one string) bool { return strings.HasPrefix(one, field+": ") && strings.Contains(one, part) }) {
				t.Errorf("%s: %q, want %q", tt.name, found, want)
			}
		}
		if len(found) != len(tt.faults) {
			t.Errorf("%s: faults %q", tt.name, found)
		}
		if tt.want == "" {
			continue
		}
		made := parsed.Settings.Certificates(today)
		got := string(made.Passphrase) + " made"
		if made.Outside != nil {
			got = fmt.Sprintf("%s given %d", string(made.Passphrase), len(made.Outside.Authorities))
		}
		if got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
		encoded, err := json.Marshal(parsed.Settings)
		if shown := fmt.Sprintf("%+v %#v %v %+v %s", parsed.Settings, parsed.Settings.TLS.CAKey, made, made.Outside, encoded); err != nil ||
			strings.Contains(shown, "hush") || strings.Contains(shown, strings.Split(caKey, "\n")[1]) || strings.Contains(shown, strings.Split(nodeKey, "\n")[1]) {
			t.Errorf("%s: a secret shows: %v", tt.name, err)
		}
	}
}
