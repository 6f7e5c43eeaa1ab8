package wire

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Certificates is GET /v1/certificates: what is known of the service's authorities and certificates. Nothing in it is secret.
type Certificates struct {
	// Secure says that nodes are to speak TLS.
	Secure bool `json:"secure"`
	// Source is made, given or pair: whether the service made its authority, was given one, or was given one certificate for
	// all nodes.
	Source      string      `json:"source,omitempty"`
	Authorities []Authority `json:"authorities"`
	// Change is the stage of a change of authority, empty without one; Waiting says what it waits for.
	Change  string              `json:"change,omitempty"`
	Waiting string              `json:"waiting,omitempty"`
	Nodes   []NodeCertificate   `json:"nodes"`
	Clients []ClientCertificate `json:"clients"`
}

// Authority is a certificate authority.
type Authority struct {
	ID        string    `json:"id"`
	Subject   string    `json:"subject"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	// Signs says that new certificates come from it, Trusted that it is in the ca.crt of new ones.
	Signs   bool `json:"signs"`
	Trusted bool `json:"trusted"`
	// KeyKept says that its key is in the store, encrypted.
	KeyKept bool `json:"keyKept"`
}

// NodeCertificate is the certificate of a node.
type NodeCertificate struct {
	Task     string     `json:"task"`
	Serial   string     `json:"serial,omitempty"`
	Issuer   string     `json:"issuer,omitempty"`
	Trust    []string   `json:"trust,omitempty"`
	Names    []string   `json:"names,omitempty"`
	Issued   *time.Time `json:"issued,omitempty"`
	NotAfter *time.Time `json:"notAfter,omitempty"`
	// Due is when it is renewed by itself.
	Due *time.Time `json:"due,omitempty"`
	// State is none, issued (handed out, and not served yet), served, or renewing.
	State string `json:"state"`
}

// ClientCertificate is a certificate that was issued for a SQL user.
type ClientCertificate struct {
	User     string    `json:"user"`
	Serial   string    `json:"serial"`
	Issuer   string    `json:"issuer"`
	Issued   time.Time `json:"issued"`
	NotAfter time.Time `json:"notAfter"`
}

// RotateRequest is POST /v1/certificates/rotate. Without Authority every node gets a new certificate; with it the authority is
// changed; Proceed takes such a change on to its next stage.
type RotateRequest struct {
	Authority  bool `json:"authority,omitempty"`
	Unattended bool `json:"unattended,omitempty"`
	Proceed    bool `json:"proceed,omitempty"`
}

// ClientRequest is POST /v1/certificates/client: a signing request (PKCS #10, PEM) for a SQL user. Its subject does not count.
type ClientRequest struct {
	User    string `json:"user"`
	Request string `json:"request"`
	// Lifetime in seconds, 0 for the longest that the settings allow.
	Lifetime int64 `json:"lifetime,omitempty"`
}

// ClientIssued answers it. Certificate and CA are PEM.
type ClientIssued struct {
	Certificate string    `json:"certificate"`
	CA          string    `json:"ca"`
	Serial      string    `json:"serial"`
	NotAfter    time.Time `json:"notAfter"`
}

// NodeRequest is POST /v1/certificates/node: a node asks for its certificates. Request is for the node itself, Client for the user
// root that the helper's own commands act as; both are PKCS #10 in PEM, and name nothing: the scheduler knows what to put in.
type NodeRequest struct {
	TaskID  string `json:"taskId"`
	Request string `json:"request"`
	Client  string `json:"client"`
	// Token comes with the first one of a launch, Proof with later ones; its body is tasks.RenewalBody.
	Token string `json:"token,omitempty"`
	Proof *Proof `json:"proof,omitempty"`
}

// Proof shows that the sender has the key of the certificate that the task got last.
type Proof struct {
	// Certificate is that certificate in PEM.
	Certificate string `json:"certificate"`
	// Time is in Unix seconds, and Signature over tasks.ProofText.
	Time      int64  `json:"time"`
	Signature []byte `json:"signature"`
}

// NodeIssued answers a NodeRequest. Certificates are PEM, a leaf with what it needs to be traced to CA.
type NodeIssued struct {
	Certificate string `json:"certificate"`
	Client      string `json:"client"`
	CA          string `json:"ca"`
	Serial      string `json:"serial"`
	// Trust are the ids of the authorities in CA.
	Trust []string `json:"trust"`
	// Key and ClientKey come only where the operator gave one pair for all nodes, and only over TLS.
	Key       Secret `json:"key,omitzero"`
	ClientKey Secret `json:"clientKey,omitzero"`
}

// Served is POST /v1/certificates/served: what new connections to a node get. The proof's body is
// tasks.ServedBody.
type Served struct {
	TaskID string   `json:"taskId"`
	Serial string   `json:"serial"`
	Trust  []string `json:"trust"`
	// Problem says why what the node was given is not served yet.
	Problem string `json:"problem,omitempty"`
	Proof   Proof  `json:"proof"`
}

// ServedAnswer answers it.
type ServedAnswer struct {
	// Renew has the node ask for a new certificate now.
	Renew bool `json:"renew"`
	// Again is after how many seconds the node is to say it again.
	Again int `json:"again"`
}

// Secret is a text that prints as [redacted] in every way but JSON, which is how it travels.
type Secret string

// String hides it.
func (Secret) String() string { return redacted }

// Format hides it from every verb of package fmt.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides it from logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
