package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// expiry is a moment after the authority a has expired, and with it all that it signed.
var expiry = noon.AddDate(10, 0, 0)

// lasting is an authority that is good for ten years from then.
func lasting(id string) tasks.Authority {
	next := authority(id)
	next.NotBefore, next.NotAfter = expiry, expiry.AddDate(10, 0, 0)
	return next
}

// renewed lets every node get what it should have now, and checks that the new authority alone signs and is trusted.
func (l *life) renewed(id string) {
	l.t.Helper()
	if security := l.state.Facts.Security; security.Issuer != id || !slices.Equal(security.Trust, []string{id}) || len(security.Authorities) != 1 || security.Change != nil {
		l.t.Fatalf("got %+v", security)
	}
	for i := range nodes {
		l.now = l.now.Add(time.Second)
		if reply, _ := l.word(i); !reply.Renew {
			l.t.Errorf("node %d: not its turn", i)
		}
		record := l.record(i)
		certificate := signed(fmt.Sprint("new", i), id, id)
		certificate.NotAfter = l.now.AddDate(0, 0, 90)
		if reply, _ := l.ask(CertificateSigned{TaskID: record.TaskID, Renewal: true, Former: record.Certificate.Serial, Certificate: certificate}); reply.Code != 200 {
			l.t.Errorf("node %d: %+v", i, reply)
		}
		l.word(i)
	}
	same(l.t, l.rotation(), []string{"renew: COMPLETE COMPLETE COMPLETE"})
}

func TestAnAuthorityThatHasExpiredIsReplacedAtOnce(t *testing.T) {
	next := lasting("n")
	trusting := func(f *Facts) {
		f.Security = Security{Authorities: []tasks.Authority{next, authority("a")}, Issuer: "a", Trust: []string{"n", "a"}, Change: &AuthorityChange{Stage: StageTrust}}
	}
	work := func(f *Facts) {
		trusting(f)
		f.Jobs["j"] = tasks.Job{ID: "j", Kind: tasks.JobBackup, State: tasks.JobRunning}
		f.Records[adminBackup] = &tasks.Record{Pod: tasks.AdminInstance, Spec: "backup", Task: adminBackup, TaskID: "idj", TargetID: "t1", Confirmed: true,
			Job: &tasks.JobTicket{ID: "j"}, Launched: noon, Status: tasks.Status{State: tasks.Running}}
	}
	other := lasting("m")
	for _, tt := range []struct {
		name   string
		stored func(*Facts)
		event  Event
		// want is who signs afterwards.
		want string
	}{
		{"somebody asks for another", func(*Facts) {}, RotationOrder{Next: &next}, "n"},
		{"the shell found another", func(*Facts) {}, AuthorityFound{Authorities: []tasks.Authority{next}}, "n"},
		{"it expires while another waits in the stage trust", trusting, Tick{}, "n"},
		{"the same, and the word to go on comes first", trusting, RotationOrder{Proceed: true}, "n"},
		{"the same, and a job runs", work, Tick{}, "n"},
		{"both have expired", func(f *Facts) { trusting(f); f.Security.Authorities[0].NotAfter = noon.AddDate(1, 0, 0) }, RotationOrder{Next: &other}, "m"},
		{"a new one that signs has expired in its turn", func(f *Facts) {
			trusting(f)
			f.Security.Authorities[0].NotAfter, f.Security.Issuer, f.Security.Change.Stage = noon.AddDate(1, 0, 0), "n", StageReissue
		}, RotationOrder{Next: &other}, "m"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored := secureThree()
			tt.stored(&stored)
			l := calm(t, stored)
			l.now = expiry
			l.take(tt.event)
			l.renewed(tt.want)
		})
	}
}

func TestAnAuthorityThatHasNotExpiredIsChangedInStages(t *testing.T) {
	next := lasting("n")
	l := calm(t, secureThree())
	l.now = expiry.Add(-time.Second)
	if reply, _ := l.ask(RotationOrder{Next: &next}); reply.Code != 200 || !strings.Contains(reply.Message, "trust") {
		t.Errorf("got %+v", reply)
	}
	if security := l.state.Facts.Security; security.Issuer != "a" || security.Change == nil {
		t.Errorf("got %+v", security)
	}
	// One that was given is given anew by settings, also when it has expired.
	stored := secureThree()
	stored.Security.Authorities[0].Sealed = ""
	l = calm(t, stored)
	l.now = expiry
	if reply, _ := l.ask(RotationOrder{Next: &next}); reply.Code != 409 || !strings.Contains(reply.Message, "TLS_CA_EXTRA") {
		t.Errorf("got %+v", reply)
	}
}
