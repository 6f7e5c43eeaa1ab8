package core

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func secureTarget() tasks.Target {
	t := target()
	t.Service.Secure = true
	return t
}

func authority(id string) tasks.Authority {
	return tasks.Authority{ID: id, PEM: "pem of " + id, NotBefore: noon, NotAfter: noon.AddDate(10, 0, 0), Sealed: "sealed " + id}
}

// signed is a certificate for a task, with a key of this name.
func signed(key, issuer string, trust ...string) tasks.Certificate {
	return tasks.Certificate{Serial: "s-" + key, Issuer: issuer, Key: key, Issued: noon, NotAfter: noon.AddDate(0, 0, 90), Trust: trust}
}

// having is a running node that serves a certificate.
func having(index int, issuer string, trust ...string) *tasks.Record {
	return node(index, tasks.Running, func(r *tasks.Record) {
		certificate := signed(fmt.Sprint("k", index), issuer, trust...)
		certificate.Served = noon
		r.Enrolment, r.Certificate = &tasks.Enrolment{Token: "t", Key: certificate.Key}, &certificate
	})
}

// secure are the facts of a secure service whose authority a signs.
func secure(records ...*tasks.Record) Facts {
	f := facts(records...)
	f.Targets["t1"] = secureTarget()
	f.Security = signing()
	return f
}

func secureThree() Facts {
	return secure(having(0, "a", "a"), having(1, "a", "a"), having(2, "a", "a"))
}

// calm is quiet for a secure service.
func calm(t *testing.T, stored Facts) *life {
	t.Helper()
	state, _ := Start(stored, secureTarget(), "t2", noon, Settings{BackOff: backOff})
	l := &life{t: t, state: state, now: noon}
	l.take(subscribe)
	l.state.Reconcile.Waiting, l.state.Flow.Sweep = map[string]string{}, time.Time{}
	l.take(Tick{})
	return l
}

// sign asks for a certificate of a running node to be handed out, by a proof.
func (l *life) sign(index int, key string) (Reply, []string) {
	security, record := l.state.Facts.Security, l.record(index)
	return l.ask(CertificateSigned{TaskID: record.TaskID, Renewal: true, Former: record.Certificate.Serial, Certificate: signed(key, security.Issuer, security.Trust...)})
}

// word lets a node say that it serves what it was given last.
func (l *life) word(index int, change ...func(*CertificateServed)) (Reply, []string) {
	record := l.record(index)
	e := CertificateServed{TaskID: record.TaskID, Key: record.Certificate.Key, Serial: record.Certificate.Serial, Trust: record.Certificate.Trust}
	for _, do := range change {
		do(&e)
	}
	return l.ask(e)
}

// steps are the statuses of the plan of certificates, a phase a line.
func (l *life) rotation() []string {
	var list []string
	for _, phase := range l.plan(plans.RotatePlan).Phases {
		line := phase.Name + ":"
		for _, step := range phase.Steps {
			line += " " + string(step.Status)
		}
		list = append(list, line)
	}
	return list
}

func (l *life) journal(text string) (found []Entry) {
	for _, entry := range l.state.Facts.Journal.Since(0) {
		if strings.Contains(entry.Message, text) {
			found = append(found, entry)
		}
	}
	return found
}

// TestTheFirstCertificate: no launch without an authority, a token with each launch, and what is handed out is stored first.
func TestTheFirstCertificate(t *testing.T) {
	l := calm(t, func() Facts {
		f := secure(having(1, "a", "a"), having(2, "a", "a"))
		f.Security = Security{}
		return f
	}())
	if step := l.plan("deploy").Phases[0].Steps[0]; step.Status != plans.Pending || step.Reason.String() != "waits for the service's certificate authority" {
		t.Errorf("without an authority: %+v", step)
	}
	same(t, l.take(offered(room(0, 4))), []string{"decline o0 1h0m0s"})
	l.state.Facts.Records[nodes[1]], l.state.Facts.Records[nodes[2]] = node(1, tasks.Running), node(2, tasks.Running)
	same(t, l.take(AuthorityFound{Authorities: []tasks.Authority{authority("a")}}), []string{"write security", "revive"})
	l.take(offered(room(0, 4)))
	record := l.record(0)
	if record.Enrolment == nil || len(record.Enrolment.Token) != 36 || record.Certificate != nil {
		t.Fatalf("got %+v", record)
	}
	ask := CertificateSigned{TaskID: record.TaskID, Token: record.Enrolment.Token, Certificate: signed("k", "a", "a")}
	for _, refused := range []struct {
		name   string
		change func(*CertificateSigned)
		code   int
	}{
		{"no such task", func(e *CertificateSigned) { e.TaskID = "id9" }, http.StatusNotFound},
		{"an insecure node", func(e *CertificateSigned) { e.TaskID = "id1" }, http.StatusNotFound},
		{"another token", func(e *CertificateSigned) { e.Token = "x" }, http.StatusForbidden},
		{"no token", func(e *CertificateSigned) { e.Token = "" }, http.StatusForbidden},
		{"a proof before there was a certificate", func(e *CertificateSigned) { e.Renewal, e.Former = true, "" }, http.StatusForbidden},
		{"another authority", func(e *CertificateSigned) { e.Certificate.Issuer = "b" }, http.StatusConflict},
		{"another trust", func(e *CertificateSigned) { e.Certificate.Trust = nil }, http.StatusConflict},
	} {
		e := ask
		refused.change(&e)
		if reply, got := l.ask(e); reply.Code != refused.code || len(got) > 0 {
			t.Errorf("%s: %+v, %v", refused.name, reply, got)
		}
	}
	if told := l.journal("is refused"); len(told) != 2 || !strings.Contains(fmt.Sprint(told[0].Facts), "not the token") {
		t.Errorf("told %v", told)
	}
	reply, got := l.ask(ask)
	same(t, got, []string{"write records/" + nodes[0]})
	if known := l.record(0); reply.Code != 200 || known.Enrolment.Key != "k" || known.Certificate.Serial != "s-k" || !known.Confirmed {
		t.Errorf("got %+v, %+v", reply, known)
	}
	// The answer is lost: the same key asks again, and gets another one. Another key never does.
	ask.Certificate.Serial = "s-again"
	if reply, _ = l.ask(ask); reply.Code != 200 || l.record(0).Certificate.Serial != "s-again" || l.record(0).Serving != nil {
		t.Errorf("got %+v, %+v", reply, l.record(0).Certificate)
	}
	other := ask
	other.Certificate.Key = "thief"
	if reply, got = l.ask(other); reply.Code != http.StatusGone || len(got) > 0 {
		t.Errorf("got %+v, %v", reply, got)
	}
	l.take(update(record.TaskID, tasks.Running, passed))
	if got := l.rotation(); got[0] != "renew: STARTING PENDING PENDING" {
		t.Errorf("got %v", got)
	}
	_, got = l.word(0)
	same(t, got, []string{"write records/" + nodes[0]})
	if got := l.rotation(); got[0] != "renew: COMPLETE PENDING PENDING" {
		t.Errorf("got %v", got)
	}
	// A token is worth nothing once what came of it is served, nor after a renewal.
	if reply, got = l.ask(ask); reply.Code != http.StatusGone || len(got) > 0 || l.record(0).Enrolment.Token != "" {
		t.Errorf("got %+v, %v", reply, got)
	}
	l.sign(0, "k2")
	if reply, got = l.ask(ask); reply.Code != http.StatusGone || len(got) > 0 {
		t.Errorf("got %+v, %v", reply, got)
	}
}

func TestAPausedNodeNeedsNoCertificate(t *testing.T) {
	f := secure(node(0, tasks.Failed, func(r *tasks.Record) { r.Paused, r.Recovering = true, true }), having(1, "a", "a"), having(2, "a", "a"))
	f.Security = Security{}
	l := calm(t, f)
	l.take(offered(back(l.record(0))))
	if record := l.record(0); !record.Idling || record.Enrolment != nil {
		t.Errorf("got %+v", record)
	}
}

// TestAWordThatIsKnownCostsNothing: no write, and no frame.
func TestAWordThatIsKnownCostsNothing(t *testing.T) {
	l := calm(t, secureThree())
	before := &l.state.Plans[0]
	for range 3 {
		l.now = l.now.Add(5 * time.Second)
		if reply, got := l.word(1); reply.Code != 200 || reply.Renew || len(got) > 0 {
			t.Errorf("got %+v, %v", reply, got)
		}
	}
	if &l.state.Plans[0] != before {
		t.Error("the plans were derived anew")
	}
	problem := func(e *CertificateServed) { e.Problem = "it is cold" }
	if _, got := l.word(1, problem); len(got) > 0 || len(l.journal("does not serve")) != 1 {
		t.Errorf("got %v, %v", got, l.journal("does not serve"))
	}
	l.word(1, problem)
	if told := l.journal("does not serve"); len(told) != 1 {
		t.Errorf("told again: %v", told)
	}
}

// TestARenewalGoesFromNodeToNode: one at a time, by their numbers; one that fails ends it, and who is launched anew is done.
func TestARenewalGoesFromNodeToNode(t *testing.T) {
	l := calm(t, secureThree())
	l.now = l.now.Add(time.Second)
	if reply, got := l.ask(RotationOrder{}); reply.Code != 200 {
		t.Fatalf("got %+v, %v", reply, got)
	} else {
		same(t, got, []string{"write security"})
	}
	if reply, got := l.ask(RotationOrder{}); reply.Code != http.StatusAlreadyReported || len(got) > 0 {
		t.Errorf("again: %+v, %v", reply, got)
	}
	renews := func(want ...bool) {
		t.Helper()
		var got []bool
		for i := range nodes {
			reply, _ := l.word(i)
			got = append(got, reply.Renew)
		}
		if !slices.Equal(got, want) {
			t.Errorf("renew %v, want %v", got, want)
		}
	}
	renews(true, false, false)
	l.now = l.now.Add(time.Second)
	_, got := l.sign(0, "new")
	same(t, got, []string{"write records/" + nodes[0]})
	// It still serves the old one.
	old := func(e *CertificateServed) { e.Key, e.Serial = "k0", "s-k0" }
	if reply, got := l.word(0, old); reply.Code != 200 || reply.Renew || len(got) > 0 {
		t.Errorf("got %+v, %v", reply, got)
	}
	same(t, l.rotation(), []string{"renew: STARTING PENDING PENDING"})
	l.now = l.now.Add(answerLost)
	if reply, _ := l.word(0, old); reply.Code != http.StatusConflict {
		t.Errorf("a lost answer: %+v", reply)
	}
	if reply, _ := l.word(0, old, func(e *CertificateServed) { e.Problem = "busy" }); reply.Code != 200 || reply.Renew {
		t.Errorf("not lost, only late: %+v", reply)
	}
	if reply, _ := l.word(0, func(e *CertificateServed) { e.Key = "strange" }); reply.Code != http.StatusConflict {
		t.Errorf("another key: %+v", reply)
	}
	// The new leaf with another trust is not what it was given.
	if reply, got := l.word(0, func(e *CertificateServed) { e.Trust = []string{"b"} }); reply.Code != http.StatusConflict || len(got) > 0 {
		t.Errorf("got %+v, %v", reply, got)
	}
	l.word(0)
	same(t, l.rotation(), []string{"renew: COMPLETE STARTING PENDING"})
	renews(false, true, false)
	// The next one fails, which holds the third up until the second is launched anew.
	l.now = l.now.Add(plans.ServeWithin)
	l.take(Tick{})
	same(t, l.rotation(), []string{"renew: COMPLETE ERROR PENDING"})
	renews(false, true, false)
	l.take(update("id1", tasks.Failed))
	same(t, l.rotation(), []string{"renew: COMPLETE COMPLETE STARTING"})
	renews(false, false, true)
	// Held back by hand, nobody has a turn.
	if reply, _ := l.ask(PlanOrder{Verb: PlanInterrupt, Plan: plans.RotatePlan}); reply.Code != 200 {
		t.Errorf("got %+v", reply)
	}
	renews(false, false, false)
	for verb, code := range map[PlanVerb]int{PlanStart: 409, PlanRestart: 409, PlanForceComplete: 409, PlanStop: 200, PlanInterrupt: 208, PlanContinue: 200} {
		if reply, got := l.ask(PlanOrder{Verb: verb, Plan: plans.RotatePlan}); reply.Code != code || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "records") }) {
			t.Errorf("%s: %+v, %v", verb, reply, got)
		}
	}
	l.ask(PlanOrder{Verb: PlanContinue, Plan: plans.RotatePlan})
	renews(false, false, true)
	l.now = l.now.Add(time.Second)
	l.sign(2, "new2")
	l.word(2)
	if plan := l.plan(plans.RotatePlan); plan.Status != plans.Complete {
		t.Errorf("got %s", plan.Status)
	}
}

// TestAGivenAuthorityThatNobodyTrusts signs nothing, not even for a launch, and says what to set.
func TestAGivenAuthorityThatNobodyTrusts(t *testing.T) {
	stored := secureThree()
	stored.Records[nodes[0]] = node(0, tasks.Running, func(r *tasks.Record) { r.Enrolment = &tasks.Enrolment{Token: "t"} })
	l := calm(t, stored)
	l.take(AuthorityFound{Authorities: []tasks.Authority{{ID: "g"}}, Issuer: "g", Trust: []string{"g", "a"}, Outside: true})
	launch := CertificateSigned{TaskID: "id0", Token: "t", Certificate: signed("k", "g", "g", "a")}
	reply, got := l.ask(launch)
	if reply.Code != http.StatusConflict || !strings.Contains(reply.Message, "TLS_CA_EXTRA") || !strings.Contains(reply.Message, nodes[1]) || len(got) > 0 {
		t.Errorf("got %+v, %v", reply, got)
	}
	if reply, _ := l.ask(ClientSigned{Certificate: tasks.ClientCertificate{User: "u", Issuer: "g"}}); reply.Code != http.StatusConflict {
		t.Errorf("a client: %+v", reply)
	}
	if reply, _ := l.word(1); reply.Renew {
		t.Error("a node was told to ask for what it does not get")
	}
	// The former one signs again, and the new one is trusted first.
	l.take(AuthorityFound{Authorities: []tasks.Authority{{ID: "a"}, {ID: "g"}}, Issuer: "a", Trust: []string{"a", "g"}, Outside: true})
	launch.Certificate = signed("k", "a", "a", "g")
	if reply, _ = l.ask(launch); reply.Code != 200 {
		t.Errorf("got %+v", reply)
	}
}

// TestAGivenPair: all nodes have one key, so the token is bound to the key of the request.
func TestAGivenPair(t *testing.T) {
	stored := secure(node(0, tasks.Running, func(r *tasks.Record) { r.Enrolment = &tasks.Enrolment{Token: "t"} }))
	stored.Security = Security{Authorities: []tasks.Authority{{ID: "g"}}, Issuer: "g", Trust: []string{"g"}, Given: "s-pair"}
	l := calm(t, stored)
	ask := CertificateSigned{TaskID: "id0", Token: "t", RequestKey: "own", Certificate: signed("pair", "g", "g")}
	if reply, _ := l.ask(ask); reply.Code != 200 || l.record(0).Enrolment.Key != "own" || !l.record(0).Certificate.Issued.Equal(noon) {
		t.Errorf("got %+v, %+v", reply, l.record(0))
	}
	thief := ask
	thief.RequestKey = "thief"
	if reply, _ := l.ask(thief); reply.Code != http.StatusGone {
		t.Errorf("got %+v", reply)
	}
	l.word(0)
	if got := l.rotation(); got[0] != "renew: COMPLETE COMPLETE COMPLETE" {
		t.Errorf("got %v", got)
	}
	// Another pair: what it is good from says nothing of when it was handed out.
	l.now = l.now.Add(time.Hour)
	l.take(AuthorityFound{Authorities: []tasks.Authority{{ID: "g"}}, Issuer: "g", Trust: []string{"g"}, Given: "s-pair2", Outside: true})
	if reply, _ := l.word(0); !reply.Renew {
		t.Error("it is not its turn")
	}
	if reply, _ := l.ask(CertificateSigned{TaskID: "id0", Renewal: true, Former: "s-pair", RequestKey: "own2", Certificate: signed("pair2", "g", "g")}); reply.Code != 200 {
		t.Errorf("got %+v", reply)
	}
	if reply, _ := l.word(0, func(e *CertificateServed) { e.Key, e.Serial = "pair", "s-pair" }); reply.Code != 200 || reply.Renew {
		t.Errorf("it is about to load it: %+v", reply)
	}
}

func TestClientCertificatesAreNoted(t *testing.T) {
	l := calm(t, secureThree())
	for i := range ClientsKept + 5 {
		reply, got := l.ask(ClientSigned{Certificate: tasks.ClientCertificate{User: "maxroach", Serial: fmt.Sprint(i), Issuer: "a", NotAfter: noon}})
		if reply.Code != 200 || !slices.Equal(got, []string{"write security"}) {
			t.Fatalf("got %+v, %v", reply, got)
		}
	}
	clients := l.state.Facts.Security.Clients
	if len(clients) != ClientsKept || clients[0].Serial != fmt.Sprint(ClientsKept+4) {
		t.Errorf("%d, the first is %+v", len(clients), clients[0])
	}
	told := l.journal("SQL user")
	if facts := fmt.Sprint(told[len(told)-1].Facts); !strings.Contains(facts, "maxroach") || !strings.Contains(facts, "2026-01-02") || !strings.Contains(facts, fmt.Sprint(ClientsKept+4)) {
		t.Errorf("told %s", facts)
	}
	if reply, _ := l.ask(ClientSigned{Certificate: tasks.ClientCertificate{Issuer: "b"}}); reply.Code != http.StatusConflict {
		t.Errorf("another authority: %+v", reply)
	}
	if reply, _ := quiet(t, three()).ask(ClientSigned{}); reply.Code != http.StatusServiceUnavailable {
		t.Errorf("an insecure service: %+v", reply)
	}
}

// TestCertificatesOfARemoval: nobody gets one, and the sealed key goes with the store.
func TestCertificatesOfARemoval(t *testing.T) {
	l := removing(t, secureThree(), "write left/A0 left/A1 left/A2 uninstall -records/cockroachdb-0-node-init -records/cockroachdb-1-node-join -records/cockroachdb-2-node-join")
	for _, event := range []Asking{RotationOrder{}, CertificateSigned{}, CertificateServed{}, ClientSigned{}} {
		if reply, _ := l.ask(event); reply.Code < 400 || !strings.Contains(reply.Message, "uninstalled") {
			t.Errorf("%T: %+v", event, reply)
		}
	}
	l.take(AuthorityFound{Authorities: []tasks.Authority{authority("b")}})
	if keys := wipedKeys(l.take(MasterError{Message: frameworkRemoved})); !strings.Contains(keys, "-security") {
		t.Errorf("wiped %s", keys)
	}
}
