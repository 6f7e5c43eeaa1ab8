package core

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Security is what is stored about certificates. It is empty for a service that never was secure, and holds no secret in clear.
type Security struct {
	// Authorities are those that sign or are trusted, the newest first.
	Authorities []tasks.Authority `json:"authorities,omitempty"`
	// Issuer is the id of the authority that signs, Trust are those in every ca.crt that is handed out from now on, the newest first.
	Issuer string   `json:"issuer,omitempty"`
	Trust  []string `json:"trust,omitempty"`
	// Change is the change of authority that is under way, nil while there is none.
	Change *AuthorityChange `json:"change,omitempty"`
	// Renew has every node's certificate that was issued before it renewed, whatever its age; zero: none.
	Renew time.Time `json:"renew,omitzero"`
	// Given is the serial of the one certificate that an operator gave for all nodes, empty when nodes get certificates of their own.
	Given string `json:"given,omitempty"`
	// Clients are the last certificates that were issued for SQL users, the newest first, ClientsKept at most.
	Clients []tasks.ClientCertificate `json:"clients,omitempty"`
}

// ClientsKept is how many certificates of SQL users are remembered.
const ClientsKept = 100

// AuthorityChange is the way from one authority that we made to the next, in the three steps that CockroachDB documents
// (cockroachdb-versions.md, 5.3): all trust both, all get certificates of the new one, all drop the old one. No step begins
// before every node serves what the one before asked for.
type AuthorityChange struct {
	// Stage is where the change is.
	Stage Stage `json:"stage"`
	// Unattended goes from stage to stage by itself; otherwise somebody says when clients know the new authority.
	Unattended bool      `json:"unattended,omitempty"`
	Began      time.Time `json:"began"`
}

// Stage is a step of a change of authority. Between two of them nothing but the order to go on is awaited.
type Stage string

// Stages in their order.
const (
	StageTrust   Stage = "trust"
	StageReissue Stage = "reissue"
	StageDrop    Stage = "drop"
)

// AuthorityFound is what the shell has of authorities when it starts, or when somebody asked for a new one: it makes and seals
// keys, and reads those that were given.
type AuthorityFound struct {
	// Authorities, Issuer, Trust and Given as in Security. For a given authority they are the whole truth and replace what is
	// stored; for a made one Authorities holds the new or re-sealed ones alone.
	Authorities []tasks.Authority
	Issuer      string
	Trust       []string
	Given       string
	// Outside says that the authority was given and its key is not kept in the store.
	Outside bool
}

// RotationOrder is a person's wish for new certificates. Answers: 200 begun, 208 it is under way, 409 not now, with the reason.
type RotationOrder struct {
	// Next is the new authority that was made for it; nil renews the nodes' certificates, or takes a change on to its next stage.
	Next *tasks.Authority
	// Proceed takes a change of authority on to its next stage.
	Proceed    bool
	Unattended bool
	Request    uint64
}

// CertificateSigned asks whether a certificate that the shell has just signed may be handed to a task. It is stored before the
// answer. Answers: 200; 403 not the token; 404 no such task; 409 the authority that signed is not the issuer any more, or the
// shell signed for another trust (sign again), or some node would not believe it yet, which the message says; 410 the token was
// used with another key.
type CertificateSigned struct {
	TaskID string
	// Token comes with the first one. Renewal says instead that the request was proven with the key of the certificate that the
	// record knows, given last or served now, whose serial is Former.
	Token   string
	Renewal bool
	Former  string
	// RequestKey is the hash of the keys that signed the requests, the node's and that of its client. The token is bound
	// to it, or to the certificate's own key where it is empty.
	RequestKey string
	// Certificate has no Served. Issued is set anew by the core's clock, but for a given one.
	Certificate tasks.Certificate
	Request     uint64
}

// CertificateServed is a task's word on what new connections to it get, every few seconds. Key is the hash of the key that proved it.
// Answers: 200, with Reply.Renew set when the task is to ask for a new certificate now; 404 no such task; 409 the record knows
// another certificate: ask for a new one.
type CertificateServed struct {
	TaskID string
	Key    string
	Serial string
	Trust  []string
	// Problem says why what it was given is not served yet.
	Problem string
	Request uint64
}

// ClientSigned asks whether a certificate for a SQL user may be handed out: it is noted first. Answers: 200; 409 as for
// CertificateSigned; 503 the service is not secure.
type ClientSigned struct {
	Certificate tasks.ClientCertificate
	Request     uint64
}

// For numbers the request.
func (e RotationOrder) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e CertificateSigned) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e CertificateServed) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e ClientSigned) For(request uint64) Event { e.Request = request; return e }

func (AuthorityFound) event()    {}
func (RotationOrder) event()     {}
func (CertificateSigned) event() {}
func (CertificateServed) event() {}
func (ClientSigned) event()      {}
