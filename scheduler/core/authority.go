package core

import (
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// authorityFound takes in what the shell has of authorities. A given one is the whole truth; one that was made is taken when there is
// none, and otherwise only when it is one that is known, with its key sealed anew.
func (f *frame) authorityFound(e AuthorityFound) {
	if e.Outside {
		f.authorityGiven(e)
		return
	}
	for _, authority := range e.Authorities {
		security := f.Facts.Security
		at := slices.IndexFunc(security.Authorities, func(known tasks.Authority) bool { return known.ID == authority.ID })
		switch {
		case at >= 0:
			if security.Authorities[at] == authority {
				continue
			}
			security.Authorities = slices.Clone(security.Authorities)
			security.Authorities[at] = authority
			f.log(slog.LevelInfo, "the key of the certificate authority is sealed anew", "authority", authority.ID)
		case security.Issuer != "" && f.certified() != "":
			f.log(slog.LevelError, "a new certificate authority is refused, because nodes do not trust it", "authority", authority.ID,
				"node", f.certified(), "issuer", security.Issuer, "remedy", "set TLS_CA_CERT and TLS_CA_KEY to the authority that was given before")
			continue
		default:
			f.alone(authority)
			security = f.Facts.Security
			f.log(slog.LevelInfo, "the service has a certificate authority", "authority", authority.ID, "until", authority.NotAfter)
		}
		f.Facts.Security = security
	}
}

// certified is a node that may run with a certificate that is still good, empty when there is none.
func (f *frame) certified() string {
	for _, name := range f.order {
		record := f.Facts.Records[name]
		if record != nil && record.Certificate != nil && !record.Status.State.Ended() && record.Certificate.NotAfter.After(f.Now) {
			return name
		}
	}
	return ""
}

func (f *frame) authorityGiven(e AuthorityFound) {
	before := f.Facts.Security
	now := before
	now.Authorities, now.Issuer, now.Trust, now.Given, now.Change = e.Authorities, e.Issuer, e.Trust, e.Given, nil
	if reflect.DeepEqual(before, now) {
		return
	}
	f.Facts.Security = now
	f.beginAnew()
	f.log(slog.LevelInfo, "the certificate authority is given", "authority", now.Issuer, "before", before.Issuer,
		"trust", now.Trust, "certificate", now.Given)
	if text := plans.Clash(f.view(), ""); text != "" {
		f.log(slog.LevelWarn, "the given certificate authority cannot sign yet", "authority", now.Issuer, "reason", text)
	}
}

// rotationOrder takes a person's wish for new certificates, or for another authority.
func (f *frame) rotationOrder(e RotationOrder) {
	f.endExpired()
	code, message := f.refuseRotation(e)
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	security := f.Facts.Security
	switch {
	case e.Proceed:
		change := *security.Change
		change.Unattended = change.Unattended || e.Unattended
		f.Facts.Security.Change = &change
		f.nextStage()
		message = "the stage " + string(f.Facts.Security.Change.Stage) + " has begun"
	case e.Next != nil && security.Expired(f.Now):
		f.alone(*e.Next)
		f.log(slog.LevelWarn, "another certificate authority takes the place of one that has expired, at once", "authority", e.Next.ID,
			"before", security.Issuer)
		message = "the authority had expired with all that it signed: the new one signs, and is trusted alone, at once"
	case e.Next != nil:
		security.Authorities = append([]tasks.Authority{*e.Next}, security.Authorities...)
		security.Trust = append([]string{e.Next.ID}, security.Trust...)
		security.Change = &AuthorityChange{Stage: StageTrust, Unattended: e.Unattended, Began: f.Now, Since: f.Now}
		f.Facts.Security = security
		f.beginAnew()
		f.log(slog.LevelInfo, "a change of the certificate authority begins", "authority", e.Next.ID, "before", security.Issuer,
			"unattended", e.Unattended)
		message = "the authority is being changed, its first stage is " + string(StageTrust)
	default:
		f.Facts.Security.Renew = f.renewal()
		f.Rotation = plans.Turn{}
		f.log(slog.LevelInfo, "every node is to get a new certificate", "authority", security.Issuer)
		message = "every node gets a new certificate"
	}
	if held := f.rotationHeld(); held != "" {
		message += "; " + held + " is paused by hand, plan resume lets it go on"
	}
	f.derive()
	f.reply(e.Request, http.StatusOK, message+": see the plan "+plans.RotatePlan)
}

// renewal is the time of an order to renew: after all certificates that there are, also when the clock was set back since.
func (f *frame) renewal() time.Time {
	at := f.Now
	for _, record := range f.Facts.Records {
		if certificate := record.Certificate; certificate != nil && !certificate.Issued.Before(at) {
			at = certificate.Issued.Add(time.Nanosecond)
		}
	}
	return at
}

// refuseRotation says why an order is not carried out, with its HTTP status; zero when it is.
func (f *frame) refuseRotation(e RotationOrder) (int, string) {
	security := f.Facts.Security
	known := func(authority tasks.Authority) bool { return authority.ID == security.Issuer && authority.Sealed != "" }
	switch {
	case !f.Facts.Target().Service.Secure:
		return http.StatusConflict, "the service is not secure: set TLS_ENABLED=true"
	case security.Issuer == "" && security.Given == "":
		return http.StatusConflict, "the service has no certificate authority yet"
	case e.Proceed:
		return f.refuseProceed()
	case e.Next != nil && slices.Contains(security.Trust, e.Next.ID):
		return http.StatusAlreadyReported, alreadyDone
	case security.Change != nil && !(e.Next != nil && security.Expired(f.Now)):
		return http.StatusConflict, fmt.Sprintf("a change of the authority is under way, at stage %s: wait until the plan %s is complete; "+
			"each of its stages renews every certificate",
			security.Change.Stage, plans.RotatePlan)
	case e.Next != nil && !slices.ContainsFunc(security.Authorities, known):
		return http.StatusConflict, "the authority was given: change it with TLS_CA_CERT, TLS_CA_KEY and TLS_CA_EXTRA"
	case e.Next != nil:
		return 0, ""
	case security.Given != "":
		return http.StatusConflict, "one certificate was given for all nodes: change it with TLS_NODE_CERT and TLS_NODE_KEY"
	case f.renewing():
		return http.StatusAlreadyReported, alreadyDone
	}
	return 0, ""
}

func (f *frame) refuseProceed() (int, string) {
	change := f.Facts.Security.Change
	switch {
	case change == nil:
		return http.StatusConflict, "no change of the authority is under way"
	case change.Stage == StageDrop:
		return http.StatusAlreadyReported, "the last stage is under way, and ends by itself"
	case f.rotationHeld() != "":
		return http.StatusConflict, f.rotationHeld() + " is paused by hand: plan resume lets it go on"
	}
	if done, why := plans.StageDone(f.view()); !done {
		return http.StatusConflict, fmt.Sprintf("the stage %s is not complete: %s", change.Stage, why)
	}
	return 0, ""
}

// renewing says that a renewal of all certificates is under way: a node that runs has one from before it.
func (f *frame) renewing() bool {
	renew := f.Facts.Security.Renew
	for _, record := range f.Facts.Records {
		if serves := record.Serves(); serves != nil && !record.Status.State.Ended() && serves.Issued.Before(renew) {
			return true
		}
	}
	return false
}

// nextStage takes a change of authority to its next stage, or ends it. Trust holds the new authority, then the old one that
// signs, then others.
func (f *frame) nextStage() {
	security := f.Facts.Security
	next := security.Trust[0]
	f.Rotation = plans.Turn{}
	change := *security.Change
	change.Since = f.Now
	switch change.Stage {
	case StageTrust:
		change.Stage, security.Issuer = StageReissue, next
	case StageReissue:
		change.Stage, security.Trust = StageDrop, without(security.Trust, security.Trust[1])
	case StageDrop:
		security.Authorities = slices.DeleteFunc(slices.Clone(security.Authorities),
			func(a tasks.Authority) bool { return !slices.Contains(security.Trust, a.ID) })
		security.Change = nil
		f.Facts.Security = security
		f.beginAnew()
		f.log(slog.LevelInfo, "the certificate authority is changed, and the old one with its key is gone", "authority", next)
		return
	}
	security.Change = &change
	f.Facts.Security = security
	f.log(slog.LevelInfo, "the change of the certificate authority goes on", "authority", next, "stage", string(change.Stage))
}
