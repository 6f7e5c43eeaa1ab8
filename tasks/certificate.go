package tasks

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Certificate is what is known of the certificate that a task serves with. Nothing of it is secret: keys never leave the machine
// that made them.
type Certificate struct {
	// Serial is the serial number in lower-case hex.
	Serial string `json:"serial"`
	// Issuer is the id of the authority that signed it.
	Issuer string `json:"issuer"`
	// Key is the SHA-256 of the public key (SubjectPublicKeyInfo, RFC 5280) in hex: whoever proves to have that key is the task.
	Key string `json:"key"`
	// Names are the DNS names and addresses that it is good for.
	Names    []string  `json:"names,omitempty"`
	Issued   time.Time `json:"issued"`
	NotAfter time.Time `json:"not_after"`
	// Trust are the ids of the authorities in the ca.crt that came with it, the newest first.
	Trust []string `json:"trust"`
	// Served is when the task first said that new connections get this certificate with this trust, zero until then.
	Served time.Time `json:"served,omitzero"`
}

// Lifetime is how long the certificate is good in all. One that is served before it was issued was issued by a clock that is set back
// since, or is counted for an order of such a clock: it is as old as the word on it.
func (c Certificate) Lifetime() time.Duration {
	from := c.Issued
	if !c.Served.IsZero() && c.Served.Before(from) {
		from = c.Served
	}
	return c.NotAfter.Sub(from)
}

// Due is when the certificate is to be replaced: when a third of its lifetime is left.
func (c Certificate) Due() time.Time { return c.NotAfter.Add(-c.Lifetime() / 3) }

// Same says that two values speak of one certificate with one trust, whether or not it is served already.
func (c Certificate) Same(other Certificate) bool {
	return c.Serial == other.Serial && c.Issuer == other.Issuer && slices.Equal(c.Trust, other.Trust)
}

// Enrolment is what a launch knows of the way to its certificate.
type Enrolment struct {
	// Token is good for the first certificates of the launch. It stands in the task's environment, where others may read it: it is bound
	// to the first keys that come with it, so whoever uses it before the task makes the task fail, loudly. It is gone once the task
	// serves its certificate, or has proven to have its key.
	Token string `json:"token,omitempty"`
	// Key is the RequestKey of the first request that came with the token, empty until one did.
	Key string `json:"key,omitempty"`
}

// Authority is a certificate authority of the service, without its key.
type Authority struct {
	// ID is the first 16 hex digits of the SHA-256 of the certificate (DER).
	ID string `json:"id"`
	// PEM is the certificate, and behind it those that a given one is traced to: they are handed out to clients, and trusted by no node.
	PEM       string    `json:"pem"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	// Sealed is the key, encrypted under the operator's passphrase (an armored age file); empty for one whose key stays outside.
	Sealed string `json:"sealed,omitempty"`
}

// ClientCertificate is one that was issued for a SQL user, kept so that it can be listed.
type ClientCertificate struct {
	User     string    `json:"user"`
	Serial   string    `json:"serial"`
	Issuer   string    `json:"issuer"`
	Issued   time.Time `json:"issued"`
	NotAfter time.Time `json:"not_after"`
}

// What a task proves to the scheduler with its key.
const (
	// ProveRenewal goes with a request for a new certificate, ProveServed with the word that one is served.
	ProveRenewal = "renewal"
	ProveServed  = "served"
)

// ProofText is what a task signs (ECDSA or RSA PKCS #1 v1.5 over its SHA-256) with the key of its present certificate: the purpose, the
// task's id, the time in Unix seconds, and the bytes that the proof is for.
func ProofText(purpose, taskID string, at time.Time, body []byte) []byte {
	return append(fmt.Appendf(nil, "dcos-cockroachdb %s\n%s\n%d\n", purpose, taskID, at.Unix()), body...)
}

// RenewalBody is what the proof of a renewal is for: both signing requests, as they are sent. One that was not signed could be
// exchanged on the way for a key of somebody else.
func RenewalBody(request, client string) []byte { return []byte(request + "\n" + client) }

// ServedBody is what the proof of a word on what is served is for.
func ServedBody(serial string, trust []string, problem string) []byte {
	return []byte(strings.Join(append([]string{serial, problem}, trust...), "\n"))
}

// CertificateNames are the names that a node's certificate is made for, by what is known at its launch: how other nodes and clients
// reach the task, how they reach the service by its virtual addresses, and what the helper on the same machine calls it. The
// first is that of the task, by which scheduler and helper check it whatever address they dialled.
func CertificateNames(service Service, pod PodSpec, record Record) []string {
	names := []string{service.HostName(record.Task)}
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, spec := range pod.TasksOf(record.Pod.Index) {
		for _, port := range spec.Ports {
			if port.VIPName != "" {
				add(service.VIPName(port.VIPName))
			}
		}
	}
	if pod.Network == "" {
		add(record.Agent.Hostname)
		add(record.Agent.IP)
	}
	for _, ip := range record.Status.IPs {
		add(ip)
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		add(name)
	}
	return names
}
