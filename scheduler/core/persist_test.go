package core

import (
	"bytes"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stored is what a store holds after this write on nothing.
func stored(t *testing.T, facts Facts) map[string][]byte {
	t.Helper()
	write := changes(Facts{}, facts)
	if write == nil {
		t.Fatal("nothing to write")
	}
	return write.Set
}

func TestFactsComeBackAsTheyWereStored(t *testing.T) {
	want := facts(node(0, tasks.Running), node(1, tasks.Failed, func(r *tasks.Record) {
		r.Recovering, r.LastIPs, r.Join = true, []string{"9.0.0.1"}, []string{"10.0.0.0:26257"}
		r.Status.Message, r.Status.Healthy = "exited with status 1", new(false)
	}))
	want.Cluster.ID = "c1"
	want.Jobs["j1"] = tasks.Job{ID: "j1", Kind: tasks.JobBackup, Params: tasks.JobParams{Database: "bank"}, State: tasks.JobQueued, Asked: noon}
	want.Security = Security{Authorities: []tasks.Authority{{ID: "old", PEM: "p", NotAfter: noon, Sealed: "s"}}, Issuer: "old", Trust: []string{"new", "old"},
		Change: &AuthorityChange{Stage: StageTrust, Began: noon}, Renew: noon, Clients: []tasks.ClientCertificate{{User: "root", Serial: "1"}}}
	want.Records[nodes[0]].Enrolment = &tasks.Enrolment{Token: "t", Key: "k"}
	want.Records[nodes[0]].Certificate = &tasks.Certificate{Serial: "2", Issuer: "old", Key: "k", Issued: noon, NotAfter: noon, Trust: []string{"old"}, Served: noon}
	want.Records[nodes[0]].Serving = &tasks.Certificate{Serial: "1", Trust: []string{"old"}}
	want.Schedule = ScheduleFacts{Cron: "@daily", Since: noon, Last: map[string]time.Time{"bank": noon}}
	want.Vacated["A9"] = &Vacated{Agent: tasks.Agent{ID: "A9", Hostname: "host-A9"}, Since: noon, Resources: []plans.LeftResource{{ID: "cpus-A9", Kind: tasks.CPUs, Given: noon}}}
	got, err := Decode(stored(t, want))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if write := changes(got, want); write == nil {
		t.Error("records that are not the same value were not written")
	}
	if write := changes(want, want); write != nil {
		t.Errorf("nothing changed, and yet %v", write)
	}
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	old := facts(node(0, tasks.Running), node(1, tasks.Running))
	for _, tt := range []struct {
		name   string
		change func(*Facts)
		want   []string
	}{
		{"a record", func(f *Facts) { f.Records[nodes[1]] = node(1, tasks.Failed) }, []string{"write records/" + nodes[1]}},
		{"one less", func(f *Facts) { delete(f.Records, nodes[0]) }, []string{"write -records/" + nodes[0]}},
		{"the cluster", func(f *Facts) { f.Cluster.ID = "c1" }, []string{"write cluster"}},
		{"another target", func(f *Facts) { f.TargetID = "t2"; f.Targets = map[string]tasks.Target{"t2": target()} },
			[]string{"write target targets/t2 -targets/t1"}},
		{"a job", func(f *Facts) { f.Jobs = map[string]tasks.Job{"j": {ID: "j"}} }, []string{"write jobs/j"}},
		{"the schedule", func(f *Facts) { f.Schedule.Cron = "@daily" }, []string{"write schedule"}},
		{"the authority", func(f *Facts) { f.Security.Issuer = "a" }, []string{"write security"}},
		{"the same target in another map", func(f *Facts) { f.Targets = map[string]tasks.Target{"t1": target()} }, nil},
	} {
		now := old
		now.Records, now.Targets = maps.Clone(old.Records), maps.Clone(old.Targets)
		tt.change(&now)
		var effects []Effect
		if write := changes(old, now); write != nil {
			effects = append(effects, *write)
		}
		t.Run(tt.name, func(t *testing.T) { same(t, describe(effects), tt.want) })
	}
}

func TestUnknownKeysAreLeftAlone(t *testing.T) {
	values := stored(t, facts(node(0, tasks.Running)))
	values["novelties/one"], values["something"] = []byte("{"), []byte("new")
	got, err := Decode(values)
	if err != nil {
		t.Fatal(err)
	}
	if write := changes(got, got); write != nil {
		t.Errorf("got %v", write)
	}
}

func TestAStoreThatCannotBeReadSaysWhichKey(t *testing.T) {
	record := stored(t, facts(node(0, tasks.Running)))["records/"+nodes[0]]
	newer := bytes.Replace(record, []byte(`"schema":1`), []byte(`"schema":2`), 1)
	for _, tt := range []struct {
		key, value string
		want       []string
	}{
		{"records/" + nodes[0], "{", []string{"records/" + nodes[0]}},
		{"targets/t1", "[]", []string{"targets/t1"}},
		{"cluster", "yes", []string{"cluster"}},
		{"records/" + nodes[0], string(newer), []string{"schema 2", "knows 1", "run the newer version"}},
		{"target", "t9", []string{"target t9", "does not hold it"}},
	} {
		values := stored(t, facts(node(0, tasks.Running)))
		values[tt.key] = []byte(tt.value)
		_, err := Decode(values)
		for _, part := range tt.want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %v, want %q in it", tt.key, err, part)
			}
		}
	}
}

// No process leaves these behind, so what is missing was lost. Going on would take a running service for a new one, and its
// volumes for strays.
func TestADamagedStoreIsRefused(t *testing.T) {
	whole := func() map[string][]byte { return stored(t, facts(node(0, tasks.Running), node(1, tasks.Running))) }
	keep := func(keys ...string) map[string][]byte {
		values := map[string][]byte{}
		for _, key := range keys {
			values[key] = whole()[key]
		}
		return values
	}
	without := func(key string) map[string][]byte {
		values := whole()
		delete(values, key)
		return values
	}
	ofOther := whole()
	ofOther["records/"+nodes[1]] = encode(node(1, tasks.Running, func(r *tasks.Record) { r.TargetID = "t0" }))
	for _, tt := range []struct {
		name   string
		values map[string][]byte
		// want are parts of the error, none when the store is whole.
		want []string
	}{
		{"whole", whole(), nil},
		{"empty", nil, nil},
		{"the target alone: a process died before it subscribed", keep("target", "targets/t1"), nil},
		{"a framework id alone", keep("framework-id"), []string{"no target", "from a copy", "tear its framework down"}},
		{"records alone", keep("records/" + nodes[0]), []string{"no target"}},
		{"only that the service was deployed", keep("deployed"), []string{"no target"}},
		{"only that the cluster was initialised", keep("cluster"), []string{"no target"}},
		{"the target's name is lost", without("target"), []string{"no target"}},
		{"the target is lost", without("targets/t1"), []string{"names target t1", "does not hold it"}},
		{"the target of a record is lost", ofOther, []string{nodes[1], "its target t0", "from a copy"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode(tt.values)
			if (err != nil) != (len(tt.want) > 0) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %q, want %q in it", err, part)
				}
			}
		})
	}
}
