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

func TestOrdersForARotation(t *testing.T) {
	next, pair := authority("n"), func(f *Facts) { f.Security.Given = "s-k0" }
	change := func(stage Stage, issuer string, trust ...string) func(*Facts) {
		return func(f *Facts) {
			f.Security.Change, f.Security.Issuer, f.Security.Trust = &AuthorityChange{Stage: stage}, issuer, trust
			f.Security.Authorities = []tasks.Authority{next, authority("a")}
		}
	}
	trusting := func(f *Facts) {
		for i := range nodes {
			f.Records[nodes[i]] = having(i, "a", "n", "a")
		}
	}
	for _, tt := range []struct {
		name   string
		change []func(*Facts)
		order  RotationOrder
		code   int
		// says is in the answer, stage is the stage after it.
		says, stage string
	}{
		{"renew", nil, RotationOrder{}, 200, "every node gets", ""},
		{"renew what was given for all", []func(*Facts){pair}, RotationOrder{}, 409, "TLS_NODE_CERT", ""},
		{"another authority", nil, RotationOrder{Next: &next}, 200, "is being changed", "trust"},
		{"another authority for a given one", []func(*Facts){func(f *Facts) { f.Security.Authorities[0].Sealed = "" }}, RotationOrder{Next: &next}, 409, "TLS_CA_EXTRA", ""},
		{"without an authority", []func(*Facts){func(f *Facts) { f.Security = Security{} }}, RotationOrder{}, 409, "no certificate authority yet", ""},
		{"an insecure service", []func(*Facts){func(f *Facts) { f.Targets["t1"] = target() }}, RotationOrder{}, 409, "TLS_ENABLED", ""},
		{"go on with nothing", nil, RotationOrder{Proceed: true}, 409, "no change of the authority", ""},
		{"go on too early", []func(*Facts){change(StageTrust, "a", "n", "a")}, RotationOrder{Proceed: true}, 409, "cockroachdb-0:[node-init]: is told", "trust"},
		{"go on", []func(*Facts){change(StageTrust, "a", "n", "a"), trusting}, RotationOrder{Proceed: true}, 200, "reissue has begun", "reissue"},
		{"go on while the plan is held", []func(*Facts){change(StageTrust, "a", "n", "a"), trusting, func(f *Facts) { f.Hands[plans.RotatePlan] = plans.Hand{Interrupted: true} }},
			RotationOrder{Proceed: true}, 409, "paused by hand", "trust"},
		{"go on from the last", []func(*Facts){change(StageDrop, "n", "n")}, RotationOrder{Proceed: true}, 208, "ends by itself", "drop"},
		{"renew in the middle", []func(*Facts){change(StageTrust, "a", "n", "a")}, RotationOrder{}, 409, "stage trust", "trust"},
		{"the same in the middle", []func(*Facts){change(StageTrust, "a", "n", "a")}, RotationOrder{Next: &next}, 208, "", "trust"},
		{"yet another in the middle", []func(*Facts){change(StageTrust, "a", "n", "a")}, RotationOrder{Next: &tasks.Authority{ID: "m"}}, 409, "stage trust", "trust"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored := secureThree()
			for _, do := range tt.change {
				do(&stored)
			}
			state, _ := Start(stored, stored.Targets["t1"], "t2", noon, Settings{BackOff: backOff})
			l := &life{t: t, state: state, now: noon}
			l.take(Tick{})
			reply, _ := l.ask(tt.order)
			stage := ""
			if under := l.state.Facts.Security.Change; under != nil {
				stage = string(under.Stage)
			}
			if reply.Code != tt.code || !strings.Contains(reply.Message, tt.says) || stage != tt.stage {
				t.Errorf("got %d %q, stage %q", reply.Code, reply.Message, stage)
			}
		})
	}
}

// TestAChangeOfAuthority: three stages, each when all serve what the one before asked for and somebody gave the word.
func TestAChangeOfAuthority(t *testing.T) {
	l := calm(t, secureThree())
	next := authority("n")
	all := func() {
		t.Helper()
		for i := range nodes {
			l.now = l.now.Add(time.Second)
			if reply, _ := l.word(i); !reply.Renew {
				t.Errorf("node %d: not its turn", i)
			}
			if reply, _ := l.sign(i, fmt.Sprint("k", l.now.Unix())); reply.Code != 200 {
				t.Errorf("node %d: %+v", i, reply)
			}
			l.word(i)
		}
	}
	l.ask(RotationOrder{Next: &next})
	same(t, l.rotation(), []string{"trust: STARTING PENDING PENDING", "reissue: PENDING PENDING PENDING", "drop: PENDING PENDING PENDING"})
	all()
	same(t, l.rotation(), []string{"trust: COMPLETE COMPLETE COMPLETE", "reissue: WAITING WAITING WAITING", "drop: PENDING PENDING PENDING"})
	if plan := l.plan(plans.RotatePlan); plan.Status != plans.Waiting {
		t.Errorf("got %s", plan.Status)
	}
	l.ticks(100)
	// A person lets it go on, and from here by itself.
	l.ask(RotationOrder{Proceed: true, Unattended: true})
	same(t, l.rotation(), []string{"trust: COMPLETE COMPLETE COMPLETE", "reissue: STARTING PENDING PENDING", "drop: PENDING PENDING PENDING"})
	all()
	same(t, l.rotation(), []string{"trust: COMPLETE COMPLETE COMPLETE", "reissue: COMPLETE COMPLETE COMPLETE", "drop: STARTING PENDING PENDING"})
	all()
	same(t, l.rotation(), []string{"renew: COMPLETE COMPLETE COMPLETE"})
	if security := l.state.Facts.Security; security.Issuer != "n" || !slices.Equal(security.Trust, []string{"n"}) || len(security.Authorities) != 1 || security.Change != nil {
		t.Errorf("got %+v", security)
	}
	if got := len(l.journal("change of the certificate authority")) + len(l.journal("authority is changed")); got != 4 {
		t.Errorf("%d entries", got)
	}
}

// TestANodeThatIsAwayHoldsAStageUp: it may run with what it had. One that is down does not, its next launch gets what is current.
func TestANodeThatIsAwayHoldsAStageUp(t *testing.T) {
	stored := secure(having(0, "a", "n", "a"), having(1, "a", "n", "a"), having(2, "a", "a"))
	stored.Security = Security{Authorities: []tasks.Authority{authority("n"), authority("a")}, Issuer: "a", Trust: []string{"n", "a"},
		Change: &AuthorityChange{Stage: StageTrust, Unattended: true}}
	l := calm(t, stored)
	l.take(bare(update("id2", tasks.Unreachable)))
	l.ticks(3)
	if change := l.state.Facts.Security.Change; change.Stage != StageTrust {
		t.Fatalf("got %+v", change)
	}
	if reason := l.plan(plans.RotatePlan).Phases[0].Steps[2].Reason.String(); !strings.Contains(reason, "pod replace cockroachdb-2") {
		t.Errorf("got %s", reason)
	}
	// Nor does it go on while people hold the plan back.
	l.state.Facts.Hands[plans.RotatePlan] = plans.Hand{Phases: map[string]bool{plans.TrustPhase: true}}
	l.take(bare(update("id2", tasks.Gone)))
	l.ticks(3)
	if change := l.state.Facts.Security.Change; change.Stage != StageTrust {
		t.Fatalf("got %+v", change)
	}
	l.ask(PlanOrder{Verb: PlanContinue, Plan: plans.RotatePlan, Phase: plans.TrustPhase})
	if security := l.state.Facts.Security; security.Change.Stage != StageReissue || security.Issuer != "n" {
		t.Fatalf("got %+v", security)
	}
	l.take(offered(back(l.record(2))))
	record := l.record(2)
	ask := CertificateSigned{TaskID: record.TaskID, Token: record.Enrolment.Token, Certificate: signed("k", "a", "n", "a")}
	if reply, _ := l.ask(ask); reply.Code != http.StatusConflict {
		t.Errorf("the old authority: %+v", reply)
	}
	ask.Certificate.Issuer = "n"
	if reply, _ := l.ask(ask); reply.Code != 200 {
		t.Errorf("got %+v", reply)
	}
}

func TestAuthoritiesThatAreFound(t *testing.T) {
	resealed := authority("a")
	resealed.Sealed = "sealed anew"
	given := AuthorityFound{Authorities: []tasks.Authority{{ID: "g"}, {ID: "a"}}, Issuer: "g", Trust: []string{"g", "a"}, Outside: true}
	pair := given
	pair.Given = "s-pair"
	for _, tt := range []struct {
		name   string
		stored Facts
		found  AuthorityFound
		// want is who signs, who is trusted, which keys are kept, and what happened.
		want, told string
	}{
		{"the first", func() Facts { f := secure(); f.Security = Security{}; return f }(), AuthorityFound{Authorities: []tasks.Authority{authority("a")}},
			"a [a] a:sealed a", "the service has a certificate authority"},
		{"the same", secureThree(), AuthorityFound{Authorities: []tasks.Authority{authority("a")}}, "a [a] a:sealed a", ""},
		{"sealed anew", secureThree(), AuthorityFound{Authorities: []tasks.Authority{resealed}}, "a [a] a:sealed anew", "sealed anew"},
		{"another one that nobody trusts", secureThree(), AuthorityFound{Authorities: []tasks.Authority{authority("b")}}, "a [a] a:sealed a", "is refused"},
		{"another one while nobody has a certificate", secure(node(0, tasks.Running)), AuthorityFound{Authorities: []tasks.Authority{authority("b")}},
			"b [b] b:sealed b", "the service has a certificate authority"},
		{"a given one", secureThree(), given, "g [g a] g: a:", "cannot sign yet"},
		{"a given pair", secure(), pair, "g [g a] g: a: s-pair", "is given"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := calm(t, tt.stored)
			before := l.state.Facts.Journal.Last
			effects := l.take(tt.found)
			security := l.state.Facts.Security
			got := fmt.Sprint(security.Issuer, " ", security.Trust)
			for _, one := range security.Authorities {
				got += " " + one.ID + ":" + one.Sealed
			}
			if security.Given != "" {
				got += " " + security.Given
			}
			if got != tt.want {
				t.Errorf("got %s", got)
			}
			last := l.state.Facts.Journal.Since(before)
			switch {
			case tt.told == "" && len(effects)+len(last) > 0:
				t.Errorf("got %v, %v", effects, last)
			case tt.told != "" && !slices.ContainsFunc(last, func(e Entry) bool { return strings.Contains(e.Message, tt.told) }):
				t.Errorf("told %v", last)
			}
			if before := l.state.Facts.Journal.Last; len(l.take(tt.found)) > 0 || tt.told != "is refused" && l.state.Facts.Journal.Last != before {
				t.Error("the second time it does something")
			}
		})
	}
}
