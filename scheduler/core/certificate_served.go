package core

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// answerLost is how long a node that was given a certificate may go on serving the old one, without a word of why, until it is
// told to ask again: then the answer was lost.
const answerLost = 30 * time.Second

// certificateServed takes a node's word on what new connections to it get. It is stored once for each certificate.
func (f *frame) certificateServed(e CertificateServed) {
	record := f.securedBy(e.TaskID)
	switch {
	case record == nil:
		f.reply(e.Request, http.StatusNotFound, noSuchNode)
		return
	case serves(*record, e):
		f.nowServes(*record)
	case record.Serving != nil && e.Key == record.Serving.Key,
		record.Certificate != nil && e.Key == record.Certificate.Key && e.Serial == record.Certificate.Serial:
		f.notServed(e, *record)
		return
	default:
		message := "the record knows another certificate of this task: ask for a new one"
		f.refuseAloud(*record, http.StatusConflict, message)
		f.reply(e.Request, http.StatusConflict, message)
		return
	}
	f.hear(record.Task, e.Problem)
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Renew: f.Rotation.TaskID == e.TaskID && !f.cameToServe(e)})
}

// serves says that a node serves what it was given, whole.
func serves(record tasks.Record, e CertificateServed) bool {
	given := record.Certificate
	return given != nil && e.Key == given.Key && e.Serial == given.Serial && slices.Equal(e.Trust, given.Trust)
}

// nowServes notes the first word on a certificate.
func (f *frame) nowServes(record tasks.Record) {
	if !record.Certificate.Served.IsZero() && record.Serving == nil {
		return
	}
	certificate := *record.Certificate
	certificate.Served = f.Now
	record.Certificate, record.Serving, record.Enrolment = &certificate, nil, &tasks.Enrolment{}
	f.put(record)
	f.log(slog.LevelInfo, "a node serves its certificate", "task", record.Task, "id", record.TaskID, "serial", certificate.Serial,
		"authority", certificate.Issuer)
}

// cameToServe says that this very word was the first on a certificate: whether the node's turn is over is known at the end of the frame.
func (f *frame) cameToServe(e CertificateServed) bool {
	record := f.securedBy(e.TaskID)
	return record.Certificate.Served.Equal(f.Now)
}

// notServed answers a node that still serves, in whole or in part, what it had before.
func (f *frame) notServed(e CertificateServed, record tasks.Record) {
	f.hear(record.Task, e.Problem)
	given := record.Certificate.Issued
	if turn := f.Rotation; turn.TaskID == record.TaskID && turn.Since.After(given) {
		given = turn.Since // one that an operator gave for all nodes was issued long ago
	}
	if e.Problem == "" && f.Now.Sub(given) >= answerLost {
		f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusConflict, Renew: true,
			Message: "another certificate was issued to this task: the answer may have been lost, ask for it again"})
		return
	}
	f.reply(e.Request, http.StatusOK, "noted")
}

// hear keeps what a node says of why it does not serve what it was given.
func (f *frame) hear(task, problem string) {
	switch {
	case problem == f.Unserved[task]:
	case problem == "":
		delete(f.Unserved, task)
	default:
		f.Unserved[task] = problem
		f.log(slog.LevelWarn, "a node does not serve its new certificate", "task", task, "problem", problem)
	}
}

// servesStill answers, without a frame, the word of a node that says what is known: a thousand nodes say it every few seconds.
func (s State) servesStill(event Event) (Reply, bool) {
	e, ok := event.(CertificateServed)
	if !ok || s.Settings.Uninstall {
		return Reply{}, false
	}
	record := s.securedBy(e.TaskID)
	if record == nil || !serves(*record, e) || record.Certificate.Served.IsZero() || record.Serving != nil ||
		e.Problem != s.Unserved[record.Task] {
		return Reply{}, false
	}
	return Reply{Request: e.Request, Code: http.StatusOK, Renew: s.Rotation.TaskID == e.TaskID}, true
}
