package core

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// certificateSigned lets a certificate be handed out: what the record says of it is stored before it leaves. The same key may ask
// again, because the answer may have been lost.
func (f *frame) certificateSigned(e CertificateSigned) {
	record := f.securedBy(e.TaskID)
	if record == nil {
		f.reply(e.Request, http.StatusNotFound, noSuchNode)
		return
	}
	code, message := f.refuseAsker(e, *record)
	if code != 0 {
		f.refuseAloud(*record, code, message)
		f.reply(e.Request, code, message)
		return
	}
	if code, message = f.refuseSigned(e.Certificate, record.Task); code != 0 {
		if message != signAgain {
			f.refuseAloud(*record, code, message)
		}
		f.reply(e.Request, code, message)
		return
	}
	known := *record
	if !known.Confirmed {
		f.confirmed(&known)
	}
	enrolment := *known.Enrolment
	if enrolment.Key = e.requester(); e.Renewal {
		enrolment = tasks.Enrolment{}
	}
	known.Enrolment, known.Serving = &enrolment, known.Serves()
	certificate := e.Certificate
	certificate.Served = time.Time{}
	if f.Facts.Security.Given == "" {
		// By the core's own clock, which is what orders to renew are compared with; should it have been set back since the last
		// order, this certificate carries that out all the same.
		certificate.Issued = later(f.Now, f.Facts.Security.Renew)
	}
	known.Certificate = &certificate
	delete(f.Unserved, known.Task)
	f.forgive(known.Task)
	f.put(known)
	message = "a node gets a certificate"
	if known.Serving != nil {
		message = "a node gets a new certificate"
	}
	f.log(slog.LevelInfo, message, "task", known.Task, "id", known.TaskID, "serial", certificate.Serial,
		"authority", certificate.Issuer, "until", certificate.NotAfter)
	f.reply(e.Request, http.StatusOK, "noted")
}

const (
	noSuchNode = "no running node of a secure cluster has this task id"
	signAgain  = "the authority changes: sign again"
)

// requester is what the token is bound to.
func (e CertificateSigned) requester() string {
	if e.RequestKey != "" {
		return e.RequestKey
	}
	return e.Certificate.Key
}

// securedBy is the record of a node that was launched to have a certificate, and may run.
func (s State) securedBy(taskID string) *tasks.Record {
	record := s.Facts.Records[tasks.TaskOf(taskID)]
	if record == nil || record.TaskID != taskID {
		record = nil
		for _, other := range s.Facts.Records {
			if other.TaskID == taskID && taskID != "" {
				record = other
			}
		}
	}
	if record == nil || record.Enrolment == nil || record.Status.State.Ended() {
		return nil
	}
	return record
}

// TokenTaken is the reason, in the journal too, when a token comes with other keys than before.
const TokenTaken = "the token was used with other keys before; if it was not this task, somebody else has a certificate of this node and of root"

// refuseAsker says why a task does not get a certificate, with the HTTP status; zero when it does.
func (f *frame) refuseAsker(e CertificateSigned, record tasks.Record) (int, string) {
	own, has := record.Enrolment, record.Certificate
	if e.Renewal {
		known := has != nil && e.Former == has.Serial || record.Serving != nil && e.Former == record.Serving.Serial
		if !known {
			return http.StatusForbidden, "the request was proven with a certificate that this task did not get last"
		}
		return 0, ""
	}
	switch {
	case own.Token == "":
		return http.StatusGone, "the token was used, and the task has its certificate: ask with a proof of its key"
	case subtle.ConstantTimeCompare([]byte(own.Token), []byte(e.Token)) != 1:
		return http.StatusForbidden, "not the token of this task"
	case own.Key != "" && own.Key != e.requester():
		return http.StatusGone, TokenTaken
	}
	return 0, ""
}

// Denial is a request for a task's certificate that was refused.
type Denial struct {
	Message string
	// At is when the last one was refused, Told when one was warned of.
	At   time.Time
	Told time.Time
}

// denialShown is how long a refused request is shown as what holds its task up, and how far apart two warnings of one task are.
const denialShown = time.Minute

// refuseAloud tells of a request that was refused, once a minute for a task, whatever it says and whatever the node itself says in
// between: whoever knows the task's id may ask as often as it likes.
func (f *frame) refuseAloud(record tasks.Record, code int, message string) {
	last := f.Denials[record.Task]
	denial := Denial{Message: message, At: f.Now, Told: last.Told}
	since := f.Now.Sub(last.Told)
	quiet := !last.Told.IsZero() && since >= 0 && since < denialShown
	if !quiet {
		denial.Told = f.Now
	}
	f.Denials[record.Task] = denial
	if quiet {
		return
	}
	f.log(slog.LevelWarn, "a request for a node's certificate is refused", "task", record.Task, "id", record.TaskID,
		"code", code, "reason", message)
}

// forgive has a denial shown no more, because the task got on. When it was told of stays known.
func (f *frame) forgive(task string) {
	if denial, known := f.Denials[task]; known {
		denial.Message = ""
		f.Denials[task] = denial
	}
}

// unserved is why nodes do not serve what they should, by task: their own word, else why they were refused just now.
func (s State) unserved() map[string]string {
	list := s.Unserved
	for task, denial := range s.Denials {
		if s.Unserved[task] != "" || denial.Message == "" || s.Now.Sub(denial.At) >= denialShown {
			continue
		}
		if len(list) == len(s.Unserved) {
			list = fresh(maps.Clone(s.Unserved))
		}
		list[task] = denial.Message
	}
	return list
}

// refuseSigned says why a certificate must not be handed out whoever asks: the shell signed for what is not wanted any more, or not
// all nodes would believe it.
func (f *frame) refuseSigned(certificate tasks.Certificate, task string) (int, string) {
	security := f.Facts.Security
	other := security.Given != "" && certificate.Serial != security.Given
	if other || certificate.Issuer != security.Issuer || !slices.Equal(certificate.Trust, security.Trust) {
		return http.StatusConflict, signAgain
	}
	if text := plans.Clash(f.view(), task); text != "" {
		return http.StatusConflict, text
	}
	return 0, ""
}

// clientSigned notes a certificate of a SQL user before it is handed out.
func (f *frame) clientSigned(e ClientSigned) {
	security := f.Facts.Security
	certificate := e.Certificate
	switch {
	case security.Issuer == "": // a service that is insecure still, and has one, is about to be secure
		f.reply(e.Request, http.StatusServiceUnavailable, "the service has no certificate authority: see TLS_ENABLED")
		return
	case certificate.Issuer != security.Issuer:
		f.reply(e.Request, http.StatusConflict, fmt.Sprintf("the authority changes, %s signs now: sign again", security.Issuer))
		return
	}
	if text := plans.Clash(f.view(), ""); text != "" {
		f.reply(e.Request, http.StatusConflict, text)
		return
	}
	clients := append([]tasks.ClientCertificate{certificate}, security.Clients...)
	f.Facts.Security.Clients = clients[:min(len(clients), ClientsKept)]
	f.log(slog.LevelInfo, "a certificate for a SQL user is issued", "user", certificate.User, "serial", certificate.Serial,
		"authority", certificate.Issuer, "until", certificate.NotAfter)
	f.reply(e.Request, http.StatusOK, "noted")
}
