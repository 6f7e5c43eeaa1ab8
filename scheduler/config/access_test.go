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
	"math/big"
	"strings"
	"testing"
	"time"
)

// signedPair is a certificate for names with its key, and the authority that signed it, all in PEM.
func signedPair(t *testing.T, from, until time.Time, names ...string) (cert, key, ca string) {
	t.Helper()
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	make := func(template, parent *x509.Certificate, signer *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey) {
		own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if signer == nil {
			signer = own
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, own.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		return der, own
	}
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: from, NotAfter: until.Add(8760 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	rootDER, rootKey := make(root, root, nil)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: until, DNSNames: names,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leafDER, leafKey := make(leaf, root, rootKey)
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", leafDER), block("PRIVATE KEY", keyDER), block("CERTIFICATE", rootDER)
}

const apiName = "api.cockroachdb.marathon.l4lb.thisdcos.directory"

func TestAccessToTheAPI(t *testing.T) {
	cert, key, ca := signedPair(t, today, today.Add(90*24*time.Hour), apiName, "api.example.org")
	_, otherKey, otherCA := signedPair(t, today, today.Add(90*24*time.Hour), apiName)
	oldCert, oldKey, _ := signedPair(t, today.Add(-48*time.Hour), today.Add(-time.Hour), apiName)
	newCert, newKey, _ := signedPair(t, today.Add(time.Hour), today.Add(90*24*time.Hour), apiName)
	endCert, endKey, _ := signedPair(t, today, today.Add(5*24*time.Hour), apiName)
	disk := folder{"api.crt": cert, "api.key": key, "ca.crt": ca, "other.key": otherKey, "tokens": "# people\ntoken-of-people-1\n\ntoken-of-people-2\n",
		"empty": "\n# nothing\n", "/srv/tokens": "token-of-people-1", "locked": "locked", "/locked": "locked", "text": "hush",
		"weak": "hush\ntoken of people hush\n", "half.key": "-----BEGIN ENCRYPTED PRIVATE KEY-----\naHVzaA==\n-----END ENCRYPTED PRIVATE KEY-----\n"}
	const given = "API_TLS_CERT=api.crt\nAPI_TLS_KEY=api.key"
	for name, tt := range map[string]struct {
		environ string
		faults  []string
		warning string
	}{
		"nothing":                     {"", nil, ""},
		"files":                       {given + "\nAPI_TLS_CA=ca.crt\nAPI_TOKEN=/srv/tokens", nil, ""},
		"a CA of the systems":         {given, nil, ""},
		"another name":                {given + "\nAPI_ADVERTISE=api.example.org:8090", nil, ""},
		"a token without TLS":         {"API_TOKEN=0123456789abcdef", nil, "whoever reads the network"},
		"a CA without a certificate":  {"API_TLS_CA=ca.crt", nil, "no effect without API_TLS_CERT"},
		"it ends soon":                {"API_TLS_CERT=end.crt\nAPI_TLS_KEY=end.key", nil, "expires in 5 days"},
		"no key":                      {"API_TLS_CERT=api.crt", []string{"API_TLS_KEY= is needed with"}, ""},
		"no certificate":              {"API_TLS_KEY=api.key", []string{"API_TLS_CERT= is needed with"}, ""},
		"of two pairs":                {"API_TLS_CERT=api.crt\nAPI_TLS_KEY=other.key", []string{"API_TLS_KEY=[redacted] is not the key of the certificate"}, ""},
		"no such files":               {"API_TLS_CERT=hush\nAPI_TLS_KEY=hush\nAPI_TLS_CA=gone\nAPI_TOKEN=/hush", []string{"API_TLS_CERT=hush is not PEM, and as a path", "API_TLS_KEY=[redacted] is not PEM", "API_TLS_CA=gone is not PEM", "API_TOKEN=[redacted] names no file"}, ""},
		"locked files":                {"API_TLS_CERT=locked\nAPI_TLS_KEY=locked\nAPI_TOKEN=/locked", []string{"permission denied", "permission denied", "permission denied"}, ""},
		"files of something else":     {"API_TLS_CERT=text\nAPI_TLS_KEY=text\nAPI_TLS_CA=text\nAPI_TOKEN=./text", []string{"API_TLS_CERT=text holds no certificate", "API_TLS_KEY=[redacted] holds no private key", "API_TLS_CA=text holds no certificate", "API_TOKEN=[redacted] names no file"}, ""},
		"a key with a password":       {"API_TLS_CERT=api.crt\nAPI_TLS_KEY=half.key", []string{"locked with a password"}, ""},
		"expired":                     {"API_TLS_CERT=old.crt\nAPI_TLS_KEY=old.key", []string{"API_TLS_CERT=old.crt has expired on"}, ""},
		"not yet valid":               {"API_TLS_CERT=new.crt\nAPI_TLS_KEY=new.key", []string{"API_TLS_CERT=new.crt is not valid before"}, ""},
		"not where tasks reach it":    {given + "\nAPI_ADVERTISE=10.0.0.5:8090", []string{"API_TLS_CERT=api.crt is not for 10.0.0.5"}, ""},
		"of another authority":        {given + "\nAPI_TLS_CA=" + "other-ca.crt", []string{"API_TLS_CA=(PEM) does not certify API_TLS_CERT"}, ""},
		"no tokens":                   {"API_TOKEN=/empty", []string{"API_TOKEN=[redacted] holds no token"}, "whoever"},
		"a weak token, and a bad one": {"API_TOKEN=/weak", []string{"line 1 is shorter than 16", "line 2 has characters"}, "whoever"},
		"a weak token as it is":       {"API_TOKEN=hush", []string{"line 1 is shorter than 16"}, "whoever"},
		"all at once, beside others": {"NODE_COUNT=0\nAPI_TLS_CERT=old.crt\nAPI_TLS_KEY=old.key\nAPI_TOKEN=hush\nLOG_LEVEL=loud",
			[]string{"NODE_COUNT", "API_TLS_CERT", "API_TOKEN", "LOG_LEVEL"}, ""},
		"a removal goes with a certificate that ended": {"SDK_UNINSTALL=yes\nAPI_TLS_CERT=old.crt\nAPI_TLS_KEY=old.key", nil, ""},
		"and keeps its tokens":                         {"SDK_UNINSTALL=yes\nNODE_COUNT=0\nAPI_TOKEN=hush", []string{"API_TOKEN=[redacted] line 1 is shorter"}, ""},
	} {
		disk["old.crt"], disk["old.key"], disk["end.crt"], disk["end.key"] = oldCert, oldKey, endCert, endKey
		disk["new.crt"], disk["new.key"], disk["other-ca.crt"], disk["/empty"], disk["/weak"] = newCert, newKey, otherCA, disk["empty"], disk["weak"]
		t.Run(name, func(t *testing.T) {
			parsed := ParseFiles(append([]string{"PORT_API=8090"}, strings.Split(tt.environ, "\n")...), today, disk.read)
			var got []string
			for _, fault := range parsed.Faults {
				got = append(got, fmt.Sprintf("%s=%s %s", fault.Field, fault.Value, fault.Message))
				if fault.Remedy == "" || strings.Contains(fault.Error(), "hush") && fault.Field != "API_TLS_CERT" {
					t.Errorf("%v has no remedy, or shows what may be a secret", fault)
				}
			}
			if len(got) != len(tt.faults) {
				t.Fatalf("got %q, want %q", got, tt.faults)
			}
			for i, want := range tt.faults {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q in it", got[i], want)
				}
			}
			if said := strings.Join(parsed.Warnings, "\n"); !strings.Contains(said, tt.warning) || tt.warning == "" && len(tt.faults) == 0 && strings.Contains(said, "API_") {
				t.Errorf("warnings %q, want %q", said, tt.warning)
			}
		})
	}
}

// What the tasks are told, and that nothing of it shows a secret.
func TestAccessAndTheTarget(t *testing.T) {
	cert, key, ca := signedPair(t, today, today.Add(90*24*time.Hour), apiName)
	disk := folder{"/ca.crt": ca}
	parsed := ParseFiles([]string{"PORT_API=8090", "API_TLS_CERT=" + cert, "API_TLS_KEY=" + key, "API_TLS_CA=/ca.crt", "API_TOKEN=0123456789abcdef"}, today, disk.read)
	if len(parsed.Faults) > 0 {
		t.Fatal(parsed.Faults)
	}
	service := parsed.Settings.Target().Service
	if !service.APITLS || service.APICA != strings.TrimSpace(ca) && service.APICA != ca || !strings.HasPrefix(service.Scheduler(), "https://"+apiName) {
		t.Errorf("%v %q %s", service.APITLS, service.APICA, service.Scheduler())
	}
	encoded, err := json.Marshal(parsed.Settings)
	if err != nil {
		t.Fatal(err)
	}
	target, err := json.Marshal(parsed.Settings.Target())
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s %s", parsed.Settings, parsed.Settings, parsed.Settings, encoded, target)
	for _, secret := range []string{"0123456789abcdef", strings.Split(key, "\n")[1]} {
		if strings.Contains(shown, secret) {
			t.Errorf("%.8s… shows", secret)
		}
	}
}
