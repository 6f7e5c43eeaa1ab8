package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// work adds a job whose task was launched now.
func (l *life) work(id string) {
	l.state.Facts.Jobs[id] = tasks.Job{ID: id, Kind: tasks.JobBackup, State: tasks.JobRunning, Params: tasks.JobParams{Database: "bank"}, TaskID: "id" + id}
	l.state.Facts.Records[adminBackup] = &tasks.Record{Schema: tasks.RecordSchema, Pod: tasks.AdminInstance, Spec: "backup", Task: adminBackup, TaskID: "id" + id,
		TargetID: "t1", Confirmed: true, Job: &tasks.JobTicket{ID: id}, Launched: l.now, Agent: tasks.Agent{ID: "A5"}, Status: tasks.Status{State: tasks.Running, Since: l.now}}
}

// everyone lets each node get what the stage asks for.
func (l *life) everyone(serials string) {
	l.t.Helper()
	for i := range nodes {
		l.now = l.now.Add(time.Second)
		l.word(i)
		if reply, _ := l.sign(i, fmt.Sprint(serials, i)); reply.Code != 200 {
			l.t.Errorf("node %d: %+v", i, reply)
		}
		l.word(i)
	}
}

// TestAChangeOfAuthorityWaitsForJobsThatAreOlder than the stage: they keep what they got at their launch.
func TestAChangeOfAuthorityWaitsForJobsThatAreOlder(t *testing.T) {
	for _, unattended := range []bool{true, false} {
		l := calm(t, secureThree())
		l.work("j1")
		l.now = l.now.Add(time.Minute)
		next := authority("n")
		proceed := func(code int) {
			t.Helper()
			if reply, _ := l.ask(RotationOrder{Proceed: true}); reply.Code != code || code == 409 && !strings.Contains(reply.Message, "waits for the backup of bank to end") {
				t.Errorf("got %+v", reply)
			}
		}
		stage := func(want Stage, waits string) {
			t.Helper()
			change := l.state.Facts.Security.Change
			if change == nil || change.Stage != want {
				t.Fatalf("got %+v", change)
			}
			for _, phase := range l.plan(plans.RotatePlan).Phases {
				if phase.Steps[0].Status == plans.Complete {
					continue
				}
				if got := phase.Steps[0].Reason.String(); got != waits {
					t.Errorf("the plan says %q", got)
				}
				return
			}
		}
		l.ask(RotationOrder{Next: &next, Unattended: unattended})
		l.everyone("t")
		stage(StageTrust, "waits for the backup of bank to end")
		if !unattended {
			proceed(409)
		}
		// Another process knows it too.
		stored, err := Decode(stored(t, l.state.Facts))
		if err != nil {
			t.Fatal(err)
		}
		now := l.now
		l = calm(t, stored)
		l.now = now
		l.take(bare(update("idj1", tasks.Running)))
		stage(StageTrust, "waits for the backup of bank to end")
		// One that was launched since knows both, and is older than the next stage.
		l.take(update("idj1", tasks.Finished))
		l.now = l.now.Add(time.Second)
		if unattended {
			stage(StageReissue, "is told to get a new certificate since "+l.now.Add(-time.Second).Format("15:04:05")+" UTC")
			l.work("j2")
			l.state.Facts.Records[adminBackup].Launched = l.state.Facts.Security.Change.Since
		} else {
			l.work("j2")
			l.take(Tick{})
			stage(StageTrust, "waits for somebody's word: dcos cockroachdb certs rotate --proceed")
			proceed(200)
		}
		l.everyone("r")
		stage(StageReissue, "waits for the backup of bank to end")
		l.take(update("idj2", tasks.Finished))
		if !unattended {
			proceed(200)
		}
		// The last stage takes nothing away that the one before has not.
		l.work("j3")
		l.state.Facts.Records[adminBackup].Launched = l.now.Add(-time.Second)
		l.everyone("d")
		if security := l.state.Facts.Security; security.Change != nil || security.Issuer != "n" {
			t.Errorf("got %+v", security)
		}
	}
}

// TestAStageOfAnOlderVersion has no time of its own: that of the whole change stands in.
func TestAStageOfAnOlderVersion(t *testing.T) {
	if got := (AuthorityChange{Began: noon}).since(); !got.Equal(noon) {
		t.Errorf("got %s", got)
	}
	if got := (AuthorityChange{Began: noon, Since: expiry}).since(); !got.Equal(expiry) {
		t.Errorf("got %s", got)
	}
}
