package api

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// A ticket says which task speaks. Fields that are not known here are left alone: a newer helper may send more.
type ticket struct {
	TaskID string `json:"taskId"`
	Token  string `json:"token"`
}

// Format hides the token from every verb of package fmt.
func (ticket) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// of is the core's ticket for a job.
func (t ticket) of(id string) tasks.JobTicket { return tasks.JobTicket{ID: id, Token: t.Token} }

// collected is the answer to a task: what it is to do, and the keys for it. It is the only answer of this API with keys.
type collected struct {
	Job  tasks.Job `json:"job"`
	Keys wire.Keys `json:"keys"`
	// ReportToken is for the task's reports from now on.
	ReportToken string `json:"reportToken"`
	// Leftovers are folders of earlier backups of this database that did not succeed.
	Leftovers []string `json:"leftovers,omitempty"`
	// Certificate is of the user root, for the key behind the request, and CA what nodes are checked by; both PEM, for a secure service.
	Certificate string `json:"certificate,omitempty"`
	CA          string `json:"ca,omitempty"`
	// CertificateKey comes only where the operator gave finished certificates, and only over TLS.
	CertificateKey wire.Secret `json:"certificateKey,omitempty"`
}

// Format hides keys and tokens from every verb of package fmt.
func (collected) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// A collecting task of a secure service asks for a certificate of its own: request is a PKCS #10 in PEM, empty for none.
type collecting struct {
	ticket
	Request string `json:"request"`
}

// collectJob gives a job's task its parameters and keys, once: {"taskId": …, "token": …}, with "request" in a secure service. 200, 403 not the token, 410 it was
// collected before, or cannot be any more, 503 no answer in time.
func (h handlers) collectJob(w http.ResponseWriter, r *http.Request) {
	var asking collecting
	if err := readJSON(r.Body, &asking); err != nil {
		badBody(w, err, "ticket", `{"taskId": "…", "token": "…"}`)
		return
	}
	var root certs.ForJob
	if desk := h.options.Certificates; desk != nil {
		// Signed first: a job is collected once, and would be lost with an answer that cannot be made.
		var err error
		if root, err = desk.Job(asking.TaskID, asking.Request, r.TLS != nil); err != nil {
			refuseCertificate(w, err, "no certificate is signed")
			return
		}
	}
	got, err := h.options.Jobs.Collect(r.Context(), core.JobCollect{Ticket: asking.of(r.PathValue("id")), TaskID: asking.TaskID})
	if err != nil {
		code, message := refusal(err)
		answer(w, code, wire.Message{Message: message})
		return
	}
	answer(w, http.StatusOK, collected{got.Job, got.Keys, got.ReportToken, got.Leftovers, root.Certificate, root.CA, root.Key})
}

// A jobReport is how far a task is, or how it ended.
type jobReport struct {
	ticket
	Progress *tasks.JobProgress `json:"progress"`
	End      *tasks.JobEnd      `json:"end"`
}

// reportJob takes a task's word on its job: {"taskId": …, "token": …, "progress": {…}} or "end" in place of progress. 200 noted, 403
// not the token, 410 the job is over and the task has to stop, 503 no answer in time.
func (h handlers) reportJob(w http.ResponseWriter, r *http.Request) {
	var report jobReport
	if err := readJSON(r.Body, &report); err != nil {
		badBody(w, err, "report", `{"taskId": "…", "token": "…", "progress": {…}}`)
		return
	}
	if (report.Progress == nil) == (report.End == nil) {
		plain(w, http.StatusBadRequest, "A report has either progress or end")
		return
	}
	message, err := h.options.Jobs.Report(r.Context(), core.JobReport{Ticket: report.of(r.PathValue("id")),
		TaskID: report.TaskID, Progress: report.Progress, End: report.End})
	code := http.StatusOK
	if err != nil {
		code, message = refusal(err)
	}
	answer(w, code, wire.Message{Message: message})
}
