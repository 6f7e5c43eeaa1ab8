package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
)

// withCertificates answers 501 where no certificates are signed, and keeps answers out of caches.
func (h handlers) withCertificates(serve http.HandlerFunc) http.HandlerFunc {
	return unstored(func(w http.ResponseWriter, r *http.Request) {
		if h.options.Certificates == nil {
			plain(w, http.StatusNotImplemented, "This scheduler signs no certificates")
			return
		}
		serve(w, r)
	})
}

func (h handlers) certificates(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	answer(w, http.StatusOK, certs.List(h.source.Snapshot()))
}

// authorities answers the ca.crt that is handed out from now on, as text: that of clients, or the narrower one that nodes verify with.
func (h handlers) authorities(w http.ResponseWriter, r *http.Request) {
	q, of := queryOf(r), certs.ClientBundle
	if q.flag("nodes") {
		of = certs.Bundle
	}
	if q.refused(w) {
		return
	}
	bundle := of(h.source.Snapshot().Facts.Security)
	if bundle == "" {
		plain(w, http.StatusNotFound, "The service has no certificate authority; a secure one (TLS_ENABLED) has")
		return
	}
	plain(w, http.StatusOK, bundle)
}

func (h handlers) rotateCertificates(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	var request wire.RotateRequest
	if err := readStrictly(r, &request); err != nil {
		badBody(w, err, "order", `{} for new certificates of all nodes, {"authority": true} for another authority, {"proceed": true} for its next stage`)
		return
	}
	code, message, err := h.options.Certificates.Rotate(r.Context(), request)
	if err != nil {
		refuseCertificate(w, err, "the order is not taken")
		return
	}
	answer(w, code, wire.Message{Message: message})
}

func (h handlers) clientCertificate(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	var request wire.ClientRequest
	if err := readStrictly(r, &request); err != nil {
		badBody(w, err, "request", `{"user": "maxroach", "request": "-----BEGIN CERTIFICATE REQUEST-----…"}`)
		return
	}
	issued, err := h.options.Certificates.Client(r.Context(), request)
	if err != nil {
		refuseCertificate(w, err, "no certificate is signed")
		return
	}
	answer(w, http.StatusOK, issued)
}

// nodeCertificate gives a node its certificates. Fields that are not known are left alone: a newer helper may send more.
func (h handlers) nodeCertificate(w http.ResponseWriter, r *http.Request) {
	var request wire.NodeRequest
	if err := readJSON(r.Body, &request); err != nil {
		badBody(w, err, "request", `{"taskId": "…", "token": "…", "request": "…", "client": "…"}`)
		return
	}
	issued, err := h.options.Certificates.Node(r.Context(), request, r.TLS != nil)
	if err != nil {
		refuseCertificate(w, err, "no certificate is signed")
		return
	}
	answer(w, http.StatusOK, issued)
}

// servedCertificate takes a node's word on what it serves, every few seconds.
func (h handlers) servedCertificate(w http.ResponseWriter, r *http.Request) {
	var said wire.Served
	if err := readJSON(r.Body, &said); err != nil {
		badBody(w, err, "word", `{"taskId": "…", "serial": "…", "trust": ["…"], "proof": {…}}`)
		return
	}
	got, err := h.options.Certificates.Served(r.Context(), said)
	if err != nil {
		refuseCertificate(w, err, "the word is not taken")
		return
	}
	answer(w, http.StatusOK, got)
}

// refuseCertificate answers why something about certificates was not given: as JSON, faults one by one.
func refuseCertificate(w http.ResponseWriter, err error, what string) {
	var faults certs.Faults
	if errors.As(err, &faults) {
		answer(w, http.StatusBadRequest, wire.Refused{Message: fmt.Sprintf("%s: %d of its values cannot be used", what, len(faults)), Faults: []wire.Fault(faults)})
		return
	}
	code, message := http.StatusInternalServerError, err.Error()
	var refused *certs.Refusal
	if errors.As(err, &refused) {
		code, message = refused.Code, refused.Message
	}
	answer(w, code, wire.Message{Message: message})
}
