package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// company is a root with two authorities between: ours, and one that signs for strangers.
type company struct {
	root, ours, theirs        *x509.Certificate
	rootKey, ourKey, theirKey *ecdsa.PrivateKey
	asRoot, asNode, asOurs    tls.Certificate
	node, client              string
	nodeKey                   wire.Secret
}

func companyOf(t *testing.T) company {
	t.Helper()
	c := company{rootKey: newKey(t), ourKey: newKey(t), theirKey: newKey(t)}
	ca := func(name string) *x509.Certificate {
		return &x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, KeyUsage: x509.KeyUsageCertSign}
	}
	c.root = issue(t, ca("Company"), c.rootKey, nil, nil)
	c.ours = issue(t, ca("Company databases"), c.ourKey, c.root, c.rootKey)
	c.theirs = issue(t, ca("Company laptops"), c.theirKey, c.root, c.rootKey)
	leaf := func(name string, by *x509.Certificate, signing, key *ecdsa.PrivateKey) *x509.Certificate {
		return issue(t, &x509.Certificate{Subject: pkix.Name{CommonName: name}, KeyUsage: x509.KeyUsageDigitalSignature, DNSNames: []string{"cockroachdb-1-node-join.teamcrdb.autoip.example"},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}, key, by, signing)
	}
	shown := func(one, by *x509.Certificate, key *ecdsa.PrivateKey) tls.Certificate {
		return tls.Certificate{Certificate: [][]byte{one.Raw, by.Raw}, PrivateKey: key}
	}
	key := newKey(t)
	c.asRoot = shown(leaf("root", c.theirs, c.theirKey, key), c.theirs, key)
	c.asNode = shown(leaf("node", c.theirs, c.theirKey, key), c.theirs, key)
	c.asOurs = shown(leaf("root", c.ours, c.ourKey, key), c.ours, key)
	c.node, c.client, c.nodeKey = certificatePEM(leaf("node", c.ours, c.ourKey, key)), certificatePEM(leaf("root", c.ours, c.ourKey, key)), secret(t, key)
	return c
}

// lets says whether a server that verifies clients with a ca.crt lets one in, over a real handshake.
func lets(t *testing.T, ca string, server, client tls.Certificate) bool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(ca)) {
		t.Fatal("no authority")
	}
	clock := func() time.Time { return noon }
	here, there := net.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer there.Close()
		// What a stranger shows is shown whether or not the server asked for such a one.
		show := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &client, nil }
		side := tls.Client(there, &tls.Config{InsecureSkipVerify: true, GetClientCertificate: show, Time: clock})
		err := side.HandshakeContext(ctx)
		_, _ = side.Read(make([]byte, 1)) // an alert may come behind the handshake
		done <- err
	}()
	side := tls.Server(here, &tls.Config{Certificates: []tls.Certificate{server}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, Time: clock})
	err := side.HandshakeContext(ctx)
	here.Close()
	<-done
	return err == nil
}

// Whoever has a certificate of the same company, from another authority, is nobody here; clients get the root all the same.
func TestAStrangerOfTheSameCompanyStaysOut(t *testing.T) {
	c := companyOf(t)
	text := certificatePEM
	authority := text(c.ours) + text(c.root)
	key, otherKey := newKey(t), newKey(t)
	older := issue(t, &x509.Certificate{Subject: pkix.Name{CommonName: "Company databases of before"}, IsCA: true, KeyUsage: x509.KeyUsageCertSign}, otherKey, c.root, c.rootKey)
	for _, tt := range []struct {
		name  string
		given Given
		nodes string
		trust int
	}{
		{"an authority that signs", Given{Cert: authority, Key: secret(t, c.ourKey)}, text(c.ours), 1},
		{"another beside it, with the root", Given{Cert: authority, Key: secret(t, c.ourKey), Extra: text(older) + text(c.root)}, text(c.ours) + text(older), 2},
		{"the same twice", Given{Cert: authority, Key: secret(t, c.ourKey), Extra: authority + text(older) + text(older)}, text(c.ours) + text(older), 2},
		{"finished certificates", Given{Cert: authority, NodeCert: c.node, NodeKey: c.nodeKey, ClientCert: c.client, ClientKey: c.nodeKey}, text(c.ours), 1},
		{"the root itself beside it, because its own line asks for that", Given{Cert: authority, Key: secret(t, c.ourKey), Extra: text(c.root) + text(older)},
			text(c.ours) + text(c.root) + text(older), 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outside, faults := ReadOutside(tt.given, noon)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			desk, fake := deskOf(t)
			desk.Settings.Outside = outside
			fake.state = secure()
			found, err := desk.Begin(fake.state.Facts)
			if err != nil {
				t.Fatal(err)
			}
			fake.found(found)
			node, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, true)
			if err != nil {
				t.Fatal(err)
			}
			job, err := desk.Job("job-task", requestOf(t, key), true)
			if err != nil {
				t.Fatal(err)
			}
			if node.CA != tt.nodes || job.CA != tt.nodes || Bundle(fake.state.Facts.Security) != tt.nodes || len(node.Trust) != tt.trust {
				t.Errorf("nodes have %d authorities: %s", len(node.Trust), names(t, node.CA))
			}
			if !lets(t, node.CA, c.asOurs, c.asOurs) || lets(t, node.CA, c.asOurs, c.asRoot) != (tt.trust == 3) || lets(t, node.CA, c.asOurs, c.asNode) != (tt.trust == 3) {
				t.Error("the wrong ones are let in")
			}
			// What Go's own verifier makes of a node: those who trust the authority, and those who know only the root.
			for _, chain := range []string{node.Certificate, node.Client, job.Certificate} {
				list, problem := readCertificates(chain)
				if problem != "" || len(list) != 2 || trace(list, []*x509.Certificate{c.root}, noon) != nil || trace(list[:1], []*x509.Certificate{c.ours}, noon) != nil {
					t.Errorf("a chain of %s", names(t, chain))
				}
			}
			if client := ClientBundle(fake.state.Facts.Security); !slices.Contains(names(t, client), "Company") {
				t.Errorf("clients get %s", names(t, client))
			}
			if outside.signer == nil {
				return
			}
			user, err := desk.Client(t.Context(), wire.ClientRequest{User: "maxroach", Request: requestOf(t, otherKey)})
			if err != nil || user.CA != ClientBundle(fake.state.Facts.Security) {
				t.Errorf("a person gets %s, %v", names(t, user.CA), err)
			}
		})
	}
	// Were the whole chain in it, the stranger would be root: this test can fail.
	if !lets(t, authority, c.asOurs, c.asRoot) {
		t.Error("the stranger is kept out even by the root")
	}
	// What nodes would not believe is refused where it comes in.
	_, faults := ReadOutside(Given{Cert: authority, NodeCert: certificatePEM(parsed(t, c.asNode)) + text(c.theirs), NodeKey: c.nodeKey, ClientCert: c.client, ClientKey: c.nodeKey}, noon)
	if !slices.ContainsFunc(faults, func(f tasks.Fault) bool { return f.Field == "TLS_NODE_CERT" }) {
		t.Errorf("a node's certificate of another authority below the root: %v", faults)
	}
}

func parsed(t *testing.T, of tls.Certificate) *x509.Certificate {
	t.Helper()
	one, err := x509.ParseCertificate(of.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func names(t *testing.T, text string) (list []string) {
	t.Helper()
	found, problem := readCertificates(text)
	if problem != "" {
		t.Fatal(problem)
	}
	for _, one := range found {
		list = append(list, one.Subject.CommonName)
	}
	return list
}

// Finished certificates are nobody's to renew but the operator's: what is to be replaced is said when a sixth is left.
func TestFinishedCertificatesThatEnd(t *testing.T) {
	c := companyOf(t) // they are good from an hour before noon until 100 hours after
	outside, faults := ReadOutside(Given{Cert: certificatePEM(c.ours), NodeCert: c.node, NodeKey: c.nodeKey, ClientCert: c.client, ClientKey: c.nodeKey}, noon)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for left, want := range map[time.Duration]int{100 * time.Hour: 0, 17 * time.Hour: 0, 16 * time.Hour: 2, -time.Hour: 2} {
		at := noon.Add(100*time.Hour - left)
		if got := outside.Ending(at); len(got) != want || len(outside.Warnings(at)) != want || want > 0 && (got[0].Setting != "TLS_NODE_CERT" || got[1].Setting != "TLS_CLIENT_CERT") {
			t.Errorf("%s before the end: %v, %q", left, got, outside.Warnings(at))
		}
	}
	var nothing *Outside
	signs, faults := ReadOutside(Given{Cert: certificatePEM(c.ours), Key: secret(t, c.ourKey)}, noon)
	if len(faults) > 0 || nothing.Ending(noon) != nil || signs.Ending(noon.Add(99*time.Hour)) != nil {
		t.Error("what is signed is renewed by itself")
	}
}
