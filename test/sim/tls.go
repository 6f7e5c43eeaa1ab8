package sim

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// tls is what stands around the core for certificates: the shell that makes authorities and signs, and the nodes of a secure cluster.
// There is no cryptography in it: an id stands for an authority, a text for a key.
type tls struct {
	// calm has answers arrive, and nodes renew at once and well.
	calm bool
	// lifetime is how long certificates are good for.
	lifetime time.Duration

	random *rand.Rand
	nodes  []*secureNode // those that may run
	// finds is when the shell of this process tells of its authority.
	finds time.Time
	late  []lateRequest
	made  int // keys and serial numbers
}

// lateRequest is a request for which the shell has signed, and which reaches the core only later. It dies with its process.
type lateRequest struct {
	at      time.Time
	process int
	node    *secureNode
	event   core.CertificateSigned
}

// shortLifetime has nodes renew by themselves within a history; its certificates expire where nodes are away for long.
const shortLifetime = 40 * time.Minute

func newTLS(seed uint64) tls {
	t := tls{random: rand.New(rand.NewPCG(seed, 5)), lifetime: 90 * 24 * time.Hour}
	if t.random.IntN(4) == 0 {
		t.lifetime = shortLifetime
	}
	return t
}

func (t *tls) within(most time.Duration) time.Duration {
	return time.Duration(t.random.Int64N(int64(most)))
}

// one says that one of n cases is here, never when all is calm.
func (t *tls) one(n int) bool { return !t.calm && t.random.IntN(n) == 0 }

func (t *tls) name(what string) string {
	t.made++
	return fmt.Sprint(what, t.made)
}

// newAuthority is one that the shell made.
func (w *World) newAuthority() tasks.Authority {
	id := fmt.Sprintf("%016x", w.tls.random.Uint64())
	return tasks.Authority{ID: id, PEM: "certificate of " + id, NotBefore: w.Now(), NotAfter: w.Now().AddDate(10, 0, 0), Sealed: w.tls.name("key ")}
}

// beginTLS is what the shell does of certificates when its process starts, before it listens to anybody: it makes the first authority,
// or seals a stored key anew. At times the first one takes long.
func (w *World) beginTLS() error {
	w.tls.finds, w.tls.late = time.Time{}, nil
	if !w.Target.Service.Secure {
		return nil
	}
	security := w.state.Facts.Security
	switch {
	case security.Issuer == "":
		w.tls.finds = w.Now()
		if w.tls.one(3) {
			w.tls.finds = w.Now().Add(w.tls.within(time.Minute))
		}
		return w.findAuthority()
	case w.tls.one(8):
		sealed := slices.Clone(security.Authorities)
		for i := range sealed {
			sealed[i].Sealed = w.tls.name("key ")
		}
		return w.Take(core.AuthorityFound{Authorities: sealed, Issuer: security.Issuer, Trust: security.Trust})
	}
	return nil
}

// findAuthority tells the core of the first authority when it is time.
func (w *World) findAuthority() error {
	if !w.alive || w.tls.finds.IsZero() || w.Now().Before(w.tls.finds) {
		return nil
	}
	w.tls.finds = time.Time{}
	made := w.newAuthority()
	return w.Take(core.AuthorityFound{Authorities: []tasks.Authority{made}, Issuer: made.ID, Trust: []string{made.ID}})
}

// sign is the shell that was asked for a certificate: it signs by the state as it is, and asks the core. A node hears the answer, or
// nothing: the request takes long, or the answer is lost. The code is what the node hears, zero for nothing.
func (w *World) sign(one *secureNode, token, key string) (int, error) {
	if w.cut(one) || !w.alive {
		return 0, nil
	}
	event, code := w.signed(one, token, key)
	if code != 0 {
		return code, nil
	}
	if w.tls.one(6) {
		most := []time.Duration{3 * time.Second, time.Minute, 10 * time.Minute}[w.tls.random.IntN(3)]
		w.tls.late = append(w.tls.late, lateRequest{w.Now().Add(w.tls.within(most)), w.figures.Processes, one, event})
		return 0, nil
	}
	reply, answered, err := w.Ask(event)
	w.answers("sign", codeOf(reply, answered))
	if err != nil || !answered || !w.alive || w.tls.one(6) {
		return 0, err
	}
	if reply.Code == http.StatusOK {
		one.take(w, event.Certificate)
	}
	return reply.Code, nil
}

// signed is what the shell asks the core for, or the code with which it refuses by itself.
func (w *World) signed(one *secureNode, token, key string) (core.CertificateSigned, int) {
	security := w.state.Facts.Security
	record := w.state.Facts.Records[one.task]
	switch {
	case record == nil || record.TaskID != one.id:
		return core.CertificateSigned{}, http.StatusNotFound
	case security.Issuer == "":
		return core.CertificateSigned{}, http.StatusServiceUnavailable
	}
	event := core.CertificateSigned{TaskID: one.id, Token: token, Certificate: tasks.Certificate{Serial: w.tls.name("s"), Issuer: security.Issuer,
		Key: key, Issued: w.Now(), NotAfter: w.Now().Add(w.tls.lifetime), Trust: security.Trust}}
	if token != "" {
		return event, 0
	}
	// A proof tells by the key which certificate it was made with.
	for _, known := range []*tasks.Certificate{record.Certificate, record.Serving} {
		if known != nil && known.Key == one.present.Key {
			event.Renewal, event.Former = true, known.Serial
			return event, 0
		}
	}
	return event, http.StatusForbidden
}

// lateAnswers has requests that took long reach the core. Who still waits for just that one takes the answer, or does not hear it.
func (w *World) lateAnswers() error {
	for i := 0; i < len(w.tls.late); i++ {
		late := w.tls.late[i]
		if w.Now().Before(late.at) {
			continue
		}
		w.tls.late = slices.Delete(w.tls.late, i, i+1)
		i--
		if !w.alive || late.process != w.figures.Processes {
			continue
		}
		reply, answered, err := w.Ask(late.event)
		w.answers("sign late", codeOf(reply, answered))
		if err != nil {
			return err
		}
		one := late.node
		if answered && w.alive && reply.Code == http.StatusOK && one.pending == late.event.Certificate.Key && !one.over && w.tls.random.IntN(2) == 0 {
			one.take(w, late.event.Certificate)
		}
	}
	return nil
}

// cut says that a node cannot reach the scheduler.
func (w *World) cut(one *secureNode) bool { return w.isolated[one.agent] }

// tlsWake is when the next node acts, or the shell does, zero when nobody does.
func (w *World) tlsWake() time.Time {
	var first time.Time
	sooner := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if w.alive {
		sooner(w.tls.finds)
	}
	for _, late := range w.tls.late {
		sooner(late.at)
	}
	for _, one := range w.tls.nodes {
		sooner(one.next)
	}
	return first
}

// rotating says that certificates are being changed.
func (w *World) rotating() bool {
	return w.state.Rotation.TaskID != "" || w.state.Facts.Security.Change != nil
}

// awaitsWord says that a plan is that of certificates, and goes on when somebody says so, and for nothing else.
func awaitsWord(plan plans.Plan) bool {
	if plan.Name != plans.RotatePlan {
		return false
	}
	for _, phase := range plan.Phases {
		for _, step := range phase.Steps {
			if step.Status == plans.Waiting && step.Reason.Why == plans.WhyWord {
				return true
			}
		}
	}
	return false
}

func (w *World) describeTLS(text *strings.Builder) {
	security := w.state.Facts.Security
	fmt.Fprintf(text, "issuer %s, trust %v, change %+v, renew %s, turn %+v\n", security.Issuer, security.Trust,
		security.Change, security.Renew.Sub(Begin), w.state.Rotation)
	for _, one := range w.tls.nodes {
		fmt.Fprintf(text, "secure node %s: present %+v, shown %+v, trusts %v, how %d\n", one.id, one.present, one.shown, one.trusts, one.how)
	}
}
