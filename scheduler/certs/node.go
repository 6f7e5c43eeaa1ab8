package certs

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Bounds of what tasks say, in entries and bytes.
const (
	maxTrust   = 32
	maxID      = 128
	maxProblem = 1024
	maxToken   = 256
	maxTaskID  = 512
)

// Node gives a node its certificates. Secure says that the request came over TLS: keys that an operator gave go nowhere else. Errors:
// Faults, or *Refusal: 403 not the token, or the proof is not good; 404 no such task; 409 the authority changes, or the task is not
// secure; 410 the token was used with another key; 503.
func (d *Desk) Node(ctx context.Context, r wire.NodeRequest, secure bool) (wire.NodeIssued, error) {
	issued, err := d.node(ctx, r, secure)
	d.count("node", err)
	return issued, err
}

func (d *Desk) node(ctx context.Context, r wire.NodeRequest, secure bool) (wire.NodeIssued, error) {
	var faults Faults
	own, client := faults.request("request", r.Request), faults.request("client", r.Client)
	if (r.Token == "") == (r.Proof == nil) {
		faults.add("token", "", "or proof is needed, and not both", "send the token of the launch first, later a proof with the key of the certificate")
	}
	if len(r.Token) > maxToken || len(r.TaskID) > maxTaskID {
		faults.add("taskId", "", "or token is too long", "send them as they stand in the task's environment")
	}
	if err := faults.orNil(); err != nil {
		return wire.NodeIssued{}, err
	}
	var issued wire.NodeIssued
	err := d.signing(ctx, func(state core.State) (core.Asking, error) {
		record, names, err := nodeOf(state, r.TaskID)
		if err != nil {
			return nil, err
		}
		event := core.CertificateSigned{TaskID: r.TaskID, Token: r.Token, RequestKey: keyHash(slices.Concat(own.RawSubjectPublicKeyInfo, client.RawSubjectPublicKeyInfo))}
		if r.Proof != nil {
			former, err := renewal(*record, r, state.Facts.Security.Authorities, d.Now())
			if err != nil {
				return nil, &Refusal{http.StatusForbidden, "the proof is not good: " + err.Error()}
			}
			event.Renewal, event.Former = true, former
		}
		issued, event.Certificate, err = d.forNode(state.Facts.Security, own, client, names, secure)
		return event, err
	})
	if err != nil {
		return wire.NodeIssued{}, err
	}
	return issued, nil
}

// nodeOf finds a task's record, and the names that its certificate is for. The error is a *Refusal.
func nodeOf(state core.State, taskID string) (*tasks.Record, []string, error) {
	record := recordOf(state, taskID)
	if record == nil {
		return nil, nil, &Refusal{http.StatusNotFound, "no such task is known: it was replaced, or is not of this service"}
	}
	target := state.Facts.Targets[record.TargetID]
	pod, spec, ok := target.Spec(record.Pod, record.Spec)
	if !ok || !target.Service.Secure || !spec.Database {
		return nil, nil, &Refusal{http.StatusConflict, fmt.Sprintf("the task %s was not launched as a node of a secure cluster", record.Task)}
	}
	return record, tasks.CertificateNames(target.Service, pod, *record), nil
}

func recordOf(state core.State, taskID string) *tasks.Record {
	if taskID == "" {
		return nil
	}
	for _, record := range state.Facts.Records {
		if record.TaskID == taskID {
			return record
		}
	}
	return nil
}

// forNode signs both certificates of a node, or takes those that were given.
func (d *Desk) forNode(security core.Security, own, client *x509.CertificateRequest, names []string, secure bool) (wire.NodeIssued, tasks.Certificate, error) {
	issued := wire.NodeIssued{CA: Bundle(security), Trust: slices.Clone(security.Trust)}
	if given := d.pair(security); given != nil {
		node, root := given.node, given.client
		if !secure {
			return wire.NodeIssued{}, tasks.Certificate{}, errPlain
		}
		if node.leaf.VerifyHostname(names[0]) != nil {
			return wire.NodeIssued{}, tasks.Certificate{}, &Refusal{http.StatusServiceUnavailable, "the certificate of TLS_NODE_CERT is not good for " + names[0] + ": give one that is"}
		}
		issued.Certificate, issued.Key, issued.Client, issued.ClientKey = node.text, node.key, root.text, root.key
		issued.Serial = serialText(node.leaf)
		noted := noted(node.leaf, security, namesOf(node.leaf))
		noted.Issued = node.leaf.NotBefore.UTC()
		return issued, noted, nil
	}
	signer, err := d.signer(security)
	if err != nil {
		return wire.NodeIssued{}, tasks.Certificate{}, err
	}
	now := d.Now()
	node, errNode := signer.signNode(own.PublicKey, names, d.Settings.NodeLifetime, now)
	root, errRoot := signer.signClient(client.PublicKey, rootUser, d.Settings.NodeLifetime, now)
	if err := errors.Join(errNode, errRoot); err != nil {
		return wire.NodeIssued{}, tasks.Certificate{}, unsigned(err)
	}
	issued.Certificate, issued.Client, issued.Serial = node.text, root.text, serialText(node.leaf)
	noted := noted(node.leaf, security, names)
	noted.Issued = now.UTC().Truncate(time.Second)
	return issued, noted, nil
}

// errPlain is for keys that were asked for without TLS.
var errPlain = &Refusal{http.StatusForbidden, "the service was given finished certificates with their keys, and those are handed out over TLS only: set API_TLS_CERT and API_TLS_KEY"}

// unsigned is why nothing was signed, as a *Refusal.
func unsigned(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return &Refusal{http.StatusInternalServerError, err.Error()}
}

// noted is what the record will know of a certificate.
func noted(leaf *x509.Certificate, security core.Security, names []string) tasks.Certificate {
	return tasks.Certificate{Serial: serialText(leaf), Issuer: security.Issuer, Key: keyHash(leaf.RawSubjectPublicKeyInfo), Names: names,
		NotAfter: leaf.NotAfter.UTC(), Trust: slices.Clone(security.Trust)}
}

func namesOf(leaf *x509.Certificate) []string {
	names := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// again is after how many seconds a node is to say what it serves.
const again = 5

// Served takes a node's word on what new connections to it get. Errors: Faults, or *Refusal: 403 the proof is not good; 404 no such task; 409
// the task is to ask for a new certificate, or is not secure; 503.
func (d *Desk) Served(ctx context.Context, r wire.Served) (wire.ServedAnswer, error) {
	var faults Faults
	if r.Serial == "" || len(r.Serial) > maxID {
		faults.add("serial", "", "is missing or too long", "send the serial number of the certificate that is served, in hex")
	}
	if len(r.Trust) > maxTrust || slices.ContainsFunc(r.Trust, func(id string) bool { return len(id) > maxID }) {
		faults.add("trust", "", "is too long", "send the ids of the authorities that are trusted")
	}
	if err := faults.orNil(); err != nil {
		return wire.ServedAnswer{}, err
	}
	state := d.Core.Snapshot()
	if _, _, err := nodeOf(state, r.TaskID); err != nil {
		return wire.ServedAnswer{}, err
	}
	by, err := prove(tasks.ProveServed, r.TaskID, tasks.ServedBody(r.Serial, r.Trust, r.Problem), r.Proof, state.Facts.Security.Authorities, d.Now())
	if err != nil {
		return wire.ServedAnswer{}, &Refusal{http.StatusForbidden, "the proof is not good: " + err.Error()}
	}
	reply, err := d.ask(ctx, core.CertificateServed{TaskID: r.TaskID, Key: by.key, Serial: r.Serial, Trust: r.Trust, Problem: oneLine(firstBytes(r.Problem, maxProblem))})
	if err != nil {
		return wire.ServedAnswer{}, err
	}
	if reply.Code != http.StatusOK {
		return wire.ServedAnswer{}, &Refusal{reply.Code, reply.Message}
	}
	return wire.ServedAnswer{Renew: reply.Renew, Again: again}, nil
}
