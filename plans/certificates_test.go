package plans

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// certificate is one that was issued an hour ago for ninety days, and is served.
func certificate(issuer string, trust ...string) *tasks.Certificate {
	issued := noon.Add(-time.Hour)
	return &tasks.Certificate{Serial: "s-" + issuer, Issuer: issuer, Key: "k", Issued: issued, NotAfter: issued.AddDate(0, 0, 90), Trust: trust, Served: issued}
}

// certified is a running node with a certificate.
func certified(index int, has *tasks.Certificate, change ...func(*tasks.Record)) *tasks.Record {
	spec := "node-join"
	if index == 0 {
		spec = "node-init"
	}
	r := record(tasks.NodePod, index, spec, tasks.Running, 0, true)
	r.Enrolment, r.Certificate = &tasks.Enrolment{Token: "t"}, has
	for _, do := range change {
		do(r)
	}
	return r
}

// secureView is that of a secure service with these nodes, whose authority is a, good for ten years.
func secureView(records ...*tasks.Record) View {
	v := view(records...)
	v.Target.Service.Secure = true
	for i := range v.Target.Pods[0].Tasks {
		v.Target.Pods[0].Tasks[i].Database = true
	}
	v.Certificates = Certificates{Issuer: "a", Trust: []string{"a"}, Authorities: []tasks.Authority{{ID: "a", NotAfter: noon.AddDate(10, 0, 0)}}}
	return v
}

func aged(left time.Duration) *tasks.Certificate {
	c := certificate("a", "a")
	c.NotAfter = noon.Add(left)
	c.Issued = c.NotAfter.AddDate(0, 0, -90)
	return c
}

func unserved(r *tasks.Record) {
	r.Certificate.Served, r.Serving = time.Time{}, certificate("a", "a")
}

func state(s tasks.State) func(*tasks.Record) {
	return func(r *tasks.Record) { r.Status.State = s }
}

func turnOf(index int, since time.Duration) func(*View) {
	return func(v *View) {
		task := "cockroachdb-0-node-init"
		if index > 0 {
			task = tasks.Pod{Type: tasks.NodePod, Index: index}.Task("node-join")
		}
		v.Certificates.Turn = Turn{Task: task, TaskID: "id-" + task, Since: noon.Add(-since)}
	}
}

const day = 24 * time.Hour

func TestThePlanOfCertificates(t *testing.T) {
	good := func(i int, change ...func(*tasks.Record)) *tasks.Record {
		return certified(i, certificate("a", "a"), change...)
	}
	old := func(i int, change ...func(*tasks.Record)) *tasks.Record { return certified(i, aged(29*day), change...) }
	change := func(stage string, trust ...string) func(*View) {
		return func(v *View) {
			v.Certificates.Stage, v.Certificates.Trust = stage, trust
			v.Certificates.Authorities = append(v.Certificates.Authorities, tasks.Authority{ID: "n", NotAfter: noon.AddDate(10, 0, 0)})
		}
	}
	both := func(i int, change ...func(*tasks.Record)) *tasks.Record {
		return certified(i, certificate("a", "n", "a"), change...)
	}
	for _, tt := range []struct {
		name  string
		nodes []*tasks.Record
		set   []func(*View)
		want  []string
	}{
		{"all is well", []*tasks.Record{good(0), good(1), good(2)}, nil, []string{"rotate-certificates COMPLETE", "renew COMPLETE",
			"  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE"}},
		{"a third of the lifetime is left", []*tasks.Record{old(0), good(1), old(2)}, []func(*View){turnOf(0, time.Second)}, []string{"rotate-certificates IN_PROGRESS", "renew IN_PROGRESS",
			"  cockroachdb-0:[node-init] STARTING is told to get a new certificate since 11:59:59 UTC", "  cockroachdb-1:[node-join] COMPLETE",
			"  cockroachdb-2:[node-join] PENDING waits for cockroachdb-0:[node-init]"}},
		{"one that ends with its authority", []*tasks.Record{old(0), good(1), good(2)},
			[]func(*View){func(v *View) { v.Certificates.Authorities[0].NotAfter = noon.Add(29 * day) }}, []string{"rotate-certificates COMPLETE", "renew COMPLETE",
				"  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE"}},
		{"ordered, and one is given it", []*tasks.Record{good(0, unserved), good(1), good(2, state(tasks.Unreachable))},
			[]func(*View){turnOf(0, time.Minute), func(v *View) {
				v.Certificates.Renew, v.Certificates.Unserved = noon, map[string]string{"cockroachdb-0-node-init": "port 26257 is closed"}
			}}, []string{"rotate-certificates STARTING", "renew STARTING",
				"  cockroachdb-0:[node-init] STARTING was given a new certificate and does not serve it yet: port 26257 is closed",
				"  cockroachdb-1:[node-join] PENDING waits for cockroachdb-0:[node-init]",
				"  cockroachdb-2:[node-join] PENDING waits for agent host-cockroachdb-2 (Scockroachdb-2): the node may run there with its old certificate; pod replace cockroachdb-2 gives it up"}},
		{"one that fails", []*tasks.Record{good(0, unserved), good(1), good(2)},
			[]func(*View){turnOf(0, ServeWithin), func(v *View) {
				v.Certificates.Renew, v.Certificates.Unserved = noon, map[string]string{"cockroachdb-0-node-init": "port 26257 is closed"}
			}}, []string{"rotate-certificates ERROR", "renew ERROR",
				"  cockroachdb-0:[node-init] ERROR was told to get a new certificate, and has served none since 11:55:00 UTC: port 26257 is closed; pod restart cockroachdb-0 gives it one",
				"  cockroachdb-1:[node-join] PENDING waits for cockroachdb-0:[node-init]", "  cockroachdb-2:[node-join] PENDING waits for cockroachdb-0:[node-init]"}},
		{"launches", []*tasks.Record{certified(0, nil), certified(1, &tasks.Certificate{Issuer: "a", Trust: []string{"a"}, NotAfter: noon.Add(day), Issued: noon}), good(2, state(tasks.Failed))},
			nil, []string{"rotate-certificates IN_PROGRESS", "renew IN_PROGRESS",
				"  cockroachdb-0:[node-init] STARTING was launched on host-cockroachdb-0 and has not asked for its certificate yet",
				"  cockroachdb-1:[node-join] STARTING was given its first certificate and does not serve it yet",
				"  cockroachdb-2:[node-join] COMPLETE does not run, its next launch gets what is current"}},
		{"a first one that is never served", []*tasks.Record{certified(0, &tasks.Certificate{Issuer: "a", Trust: []string{"a"}, NotAfter: noon.Add(day), Issued: noon.Add(-ServeWithin)}, func(r *tasks.Record) { r.Launched = noon.Add(-time.Hour) }),
			certified(1, &tasks.Certificate{Issuer: "a", Trust: []string{"a"}, NotAfter: noon.Add(day), Issued: noon.Add(time.Second - ServeWithin)}, func(r *tasks.Record) { r.Launched = noon.Add(-time.Hour) }), good(2)},
			[]func(*View){func(v *View) {
				v.Certificates.Unserved = map[string]string{"cockroachdb-0-node-init": "the old one is shown", "cockroachdb-1-node-join": "the old one is shown"}
			}}, []string{"rotate-certificates ERROR", "renew ERROR",
				"  cockroachdb-0:[node-init] ERROR was given its first certificate and does not serve it: the old one is shown; pod restart cockroachdb-0 gives it another one",
				"  cockroachdb-1:[node-join] STARTING was given its first certificate and does not serve it yet: the old one is shown",
				"  cockroachdb-2:[node-join] COMPLETE"}},
		{"without TLS, paused, and away with what it should have", []*tasks.Record{
			certified(0, nil, func(r *tasks.Record) { r.Enrolment = nil }), certified(1, nil, func(r *tasks.Record) { r.Enrolment, r.Idling = nil, true }), good(2, state(tasks.Unreachable))},
			nil, []string{"rotate-certificates IN_PROGRESS", "renew IN_PROGRESS", "  cockroachdb-0:[node-init] PENDING runs without TLS until it is launched anew",
				"  cockroachdb-1:[node-join] COMPLETE is paused, its next launch gets what is current", "  cockroachdb-2:[node-join] COMPLETE"}},
		{"interrupted", []*tasks.Record{old(0), good(1), good(2)}, []func(*View){func(v *View) { v.Hands = map[string]Hand{RotatePlan: {Interrupted: true}} }},
			[]string{"rotate-certificates WAITING", "renew IN_PROGRESS", "  cockroachdb-0:[node-init] PENDING plan rotate-certificates is paused by hand: plan resume lets it go on",
				"  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE"}},
		{"all are to trust both", []*tasks.Record{both(0), good(1), good(2)}, []func(*View){change(TrustPhase, "n", "a"), turnOf(1, 0)}, []string{"rotate-certificates IN_PROGRESS",
			"trust IN_PROGRESS", "  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] STARTING is told to get a new certificate since 12:00:00 UTC",
			"  cockroachdb-2:[node-join] PENDING waits for cockroachdb-1:[node-join]",
			"reissue PENDING", "  cockroachdb-0:[node-init] PENDING waits for phase trust", "  cockroachdb-1:[node-join] PENDING waits for phase trust", "  cockroachdb-2:[node-join] PENDING waits for phase trust",
			"drop PENDING", "  cockroachdb-0:[node-init] PENDING waits for phase reissue", "  cockroachdb-1:[node-join] PENDING waits for phase reissue", "  cockroachdb-2:[node-join] PENDING waits for phase reissue"}},
		{"all trust both", []*tasks.Record{both(0), both(1), good(2, state(tasks.Failed))}, []func(*View){change(TrustPhase, "n", "a")}, []string{"rotate-certificates WAITING",
			"trust COMPLETE", "  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE does not run, its next launch gets what is current",
			"reissue WAITING", "  cockroachdb-0:[node-init] WAITING waits for somebody's word: dcos cockroachdb certs rotate --proceed",
			"  cockroachdb-1:[node-join] WAITING waits for somebody's word: dcos cockroachdb certs rotate --proceed", "  cockroachdb-2:[node-join] WAITING waits for somebody's word: dcos cockroachdb certs rotate --proceed",
			"drop PENDING", "  cockroachdb-0:[node-init] PENDING waits for phase reissue", "  cockroachdb-1:[node-join] PENDING waits for phase reissue", "  cockroachdb-2:[node-join] PENDING waits for phase reissue"}},
		{"a given authority that nobody trusts", []*tasks.Record{good(0), good(1), good(2)}, []func(*View){func(v *View) { v.Certificates.Issuer, v.Certificates.Trust = "n", []string{"n", "a"} }},
			[]string{"rotate-certificates PENDING", "renew PENDING",
				"  cockroachdb-0:[node-init] PENDING waits: cockroachdb-1-node-join does not trust the authority n yet, which is to sign: let the former one (a) sign again, and put this one into TLS_CA_EXTRA, until the plan rotate-certificates is complete",
				"  cockroachdb-1:[node-join] PENDING waits: cockroachdb-0-node-init does not trust the authority n yet, which is to sign: let the former one (a) sign again, and put this one into TLS_CA_EXTRA, until the plan rotate-certificates is complete",
				"  cockroachdb-2:[node-join] PENDING waits: cockroachdb-0-node-init does not trust the authority n yet, which is to sign: let the former one (a) sign again, and put this one into TLS_CA_EXTRA, until the plan rotate-certificates is complete"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := secureView(tt.nodes...)
			for _, set := range tt.set {
				set(&v)
			}
			if got := lines(Rotate(v)); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestWhoseTurnItIs(t *testing.T) {
	fine := certificate("a", "a")
	for _, tt := range []struct {
		name  string
		nodes []*tasks.Record
		set   func(*View)
		want  string
	}{
		{"nobody's", []*tasks.Record{certified(0, fine), certified(1, fine)}, nil, ""},
		{"the first that is due", []*tasks.Record{certified(0, fine), certified(1, aged(30*day)), certified(2, aged(29*day))}, nil, "cockroachdb-1-node-join"},
		{"a moment before it is due", []*tasks.Record{certified(0, aged(30*day+1))}, nil, ""},
		{"the first that expires soon", []*tasks.Record{certified(0, aged(20*day)), certified(1, aged(8*day)), certified(2, aged(7*day))}, nil, "cockroachdb-2-node-join"},
		{"one that was given a certificate", []*tasks.Record{certified(0, aged(20*day)), certified(1, aged(20*day), unserved), certified(2, aged(7*day))}, nil, "cockroachdb-1-node-join"},
		{"one keeps its turn", []*tasks.Record{certified(0, aged(20*day)), certified(1, aged(20*day), unserved), certified(2, aged(20*day))}, turnOf(2, ServeWithin-1), "cockroachdb-2-node-join"},
		{"not when it was launched anew", []*tasks.Record{certified(0, aged(20*day)), certified(1, aged(20*day), func(r *tasks.Record) { r.TaskID = "other" })}, turnOf(1, time.Hour), "cockroachdb-0-node-init"},
		{"nor when it is down, away or being stopped", []*tasks.Record{certified(0, aged(day), state(tasks.Failed)), certified(1, aged(day), state(tasks.Unreachable)),
			certified(2, aged(day), func(r *tasks.Record) { r.Stopping = noon })}, turnOf(1, 0), ""},
		{"a launch is none", []*tasks.Record{certified(0, nil), certified(1, &tasks.Certificate{Issuer: "b"})}, nil, ""},
		{"the plan is held", []*tasks.Record{certified(0, aged(day))}, func(v *View) { v.Hands = map[string]Hand{RotatePlan: {Interrupted: true}} }, ""},
		{"the phase is held", []*tasks.Record{certified(0, aged(day))}, func(v *View) { v.Hands = map[string]Hand{RotatePlan: {Phases: map[string]bool{RenewPhase: true}}} }, ""},
		{"another phase is held", []*tasks.Record{certified(0, aged(day))}, func(v *View) { v.Hands = map[string]Hand{RotatePlan: {Phases: map[string]bool{TrustPhase: true}}} }, "cockroachdb-0-node-init"},
		{"no authority", []*tasks.Record{certified(0, aged(day))}, func(v *View) { v.Certificates.Issuer = "" }, ""},
		{"one given for all", []*tasks.Record{certified(0, aged(day))}, func(v *View) { v.Certificates.Given = "s-a" }, ""},
		{"another one given for all", []*tasks.Record{certified(0, fine)}, func(v *View) { v.Certificates.Given = "s-b" }, "cockroachdb-0-node-init"},
		{"an authority that others do not trust", []*tasks.Record{certified(0, fine), certified(1, fine)}, func(v *View) { v.Certificates.Issuer, v.Certificates.Trust = "n", []string{"n", "a"} }, ""},
		{"one that gave up trust in what others have", []*tasks.Record{certified(0, certificate("a", "n", "a")), certified(1, certificate("a", "n", "a"))},
			func(v *View) { v.Certificates.Issuer, v.Certificates.Trust = "n", []string{"n"} }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := secureView(tt.nodes...)
			if tt.set != nil {
				tt.set(&v)
			}
			if got := NextTurn(v).Task; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWithoutAnAuthorityNoSecureNodeIsLaunched: what is paused needs none, nor does what is no database.
func TestWithoutAnAuthorityNoSecureNodeIsLaunched(t *testing.T) {
	failed := func(r *tasks.Record) { r.Status.State, r.Recovering = tasks.Failed, true }
	v := secureView(certified(0, nil, failed), certified(1, nil, failed, func(r *tasks.Record) { r.Paused = true }))
	v.Target.Pods[0].Strategy = tasks.Parallel
	v.Certificates, v.Empty = Certificates{Unsigned: map[string]bool{"t1": true}}, true
	all := Derive(v)
	if len(all) != 3 || all[2].Name != RotatePlan {
		t.Fatalf("%d plans", len(all))
	}
	if got := all[0].Phases[0].Steps[2]; got.Status != Pending || got.Reason.String() != "waits for the service's certificate authority" {
		t.Errorf("deploy: %+v", got)
	}
	if got := all[1].Phases[0].Steps[0]; got.Reason.String() != "waits for the service's certificate authority" {
		t.Errorf("recovery: %+v", got)
	}
	if got := all[1].Phases[1].Steps[0]; got.Reason.Why != WhyAgent {
		t.Errorf("what is paused: %+v", got)
	}
	var launched []string
	for _, launch := range Next(v, all).Launches {
		launched = append(launched, launch.Step.Task)
	}
	if !slices.Equal(launched, []string{"cockroachdb-1-node-join"}) {
		t.Errorf("launches %v", launched)
	}
}
