package certs

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Client gives a SQL user a certificate. Errors: Faults, or *Refusal: 409 the authority changes, or signs nothing; 503 the service
// is not secure, or the authority's key cannot be used.
func (d *Desk) Client(ctx context.Context, r wire.ClientRequest) (wire.ClientIssued, error) {
	issued, err := d.client(ctx, r)
	d.count("client", err)
	return issued, err
}

func (d *Desk) client(ctx context.Context, r wire.ClientRequest) (wire.ClientIssued, error) {
	var faults Faults
	user, problem := UserName(r.User)
	if problem != "" {
		faults.add("user", firstBytes(r.User, maxID), problem,
			"write 1 to 63 letters, digits, dashes, periods or underscores, a letter, digit or underscore first, and not node")
	}
	request := faults.request("request", r.Request)
	longest := d.Settings.ClientLifetime
	if r.Lifetime < 0 || r.Lifetime > int64(longest/time.Second) {
		faults.add("lifetime", strconv.FormatInt(r.Lifetime, 10), "is out of bounds, in seconds",
			"write at most "+strconv.FormatInt(int64(longest/time.Second), 10)+", which is TLS_CLIENT_LIFETIME, or leave it out")
	}
	if err := faults.orNil(); err != nil {
		return wire.ClientIssued{}, err
	}
	lifetime := longest
	if r.Lifetime > 0 {
		lifetime = time.Duration(r.Lifetime) * time.Second
	}
	var issued wire.ClientIssued
	err := d.signing(ctx, func(state core.State) (core.Asking, error) {
		security := state.Facts.Security
		if !state.Facts.Target().Service.Secure && security.Issuer == "" {
			return nil, &Refusal{http.StatusServiceUnavailable, "the service is not secure: its nodes ask for no certificates (TLS_ENABLED)"}
		}
		signer, err := d.signer(security)
		if err != nil {
			return nil, err
		}
		now := d.Now()
		made, err := signer.signClient(request.PublicKey, user, lifetime, now)
		if err != nil {
			return nil, unsigned(err)
		}
		serial, end := serialText(made.leaf), made.leaf.NotAfter.UTC()
		issued = wire.ClientIssued{Certificate: made.text, CA: ClientBundle(security), Serial: serial, NotAfter: end}
		return core.ClientSigned{Certificate: tasks.ClientCertificate{User: user, Serial: serial, Issuer: security.Issuer,
			Issued: now.UTC().Truncate(time.Second), NotAfter: end}}, nil
	})
	if err != nil {
		return wire.ClientIssued{}, err
	}
	return issued, nil
}

// ForJob is what a job's task gets beside its keys, to act as the user root. Key is set where it was given, and came over TLS.
type ForJob struct {
	Certificate string
	CA          string
	Key         wire.Secret
}

// Job signs the certificate of a job's task: the user root, 30 days at most. It is not noted in the list of certificates: the core
// notes that the job was collected, and hands that out once. It is empty for a task of a service that is not secure, and for one that asks
// for none. Errors: Faults, or *Refusal.
func (d *Desk) Job(taskID, request string, secure bool) (ForJob, error) {
	state := d.Core.Snapshot()
	record := recordOf(state, taskID)
	if request == "" || record == nil || !state.Facts.Targets[record.TargetID].Service.Secure {
		return ForJob{}, nil // whether there is such a task is the core's to say
	}
	given, err := d.job(state.Facts.Security, request, secure)
	d.count("job", err)
	return given, err
}

func (d *Desk) job(security core.Security, text string, secure bool) (ForJob, error) {
	var faults Faults
	request := faults.request("request", text)
	if err := faults.orNil(); err != nil {
		return ForJob{}, err
	}
	if given := d.pair(security); given != nil {
		if !secure {
			return ForJob{}, errPlain
		}
		root := given.client
		return ForJob{root.text, Bundle(security), root.key}, nil
	}
	signer, err := d.signer(security)
	if err != nil {
		return ForJob{}, err
	}
	made, err := signer.signClient(request.PublicKey, rootUser, min(jobLifetime, d.Settings.ClientLifetime), d.Now())
	if err != nil {
		return ForJob{}, unsigned(err)
	}
	return ForJob{Certificate: made.text, CA: Bundle(security)}, nil
}

// firstBytes is the beginning of a text of somebody else, as valid UTF-8.
func firstBytes(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "�")
}

// oneLine is a text without what moves a cursor: it is shown in logs and on terminals.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
