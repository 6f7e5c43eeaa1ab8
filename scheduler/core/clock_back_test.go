package core

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestAClockThatIsSetBackAfterAnOrder: each node gets one certificate for the order, then one when a third is left, as always.
func TestAClockThatIsSetBackAfterAnOrder(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"a day": 24 * time.Hour, "a year": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			stored := secureThree()
			for _, record := range stored.Records {
				record.Certificate.Issued, record.Certificate.NotAfter = noon, noon.AddDate(2, 0, 0)
			}
			l := calm(t, stored)
			l.now = noon.Add(ahead)
			if reply, _ := l.ask(RotationOrder{}); reply.Code != 200 {
				t.Fatalf("got %+v", reply)
			}
			l.now = noon.Add(time.Minute)
			order := l.state.Facts.Security.Renew
			all := func(serials string) {
				t.Helper()
				for i := range nodes {
					l.now = l.now.Add(time.Second)
					if reply, _ := l.word(i); !reply.Renew {
						t.Errorf("node %d: not its turn", i)
					}
					before := *l.record(i).Certificate
					if reply, _ := l.sign(i, fmt.Sprint(serials, i)); reply.Code != 200 {
						t.Errorf("node %d: %+v", i, reply)
					}
					given := *l.record(i)
					given.Certificate = new(*given.Certificate)
					given.Certificate.NotAfter = l.now.AddDate(0, 0, 90)
					l.state.Facts.Records[nodes[i]] = &given
					// It is about to load it, then the answer counts as lost.
					old := func(e *CertificateServed) { e.Key, e.Serial = before.Key, before.Serial }
					if reply, _ := l.word(i, old); reply.Code != 200 {
						t.Errorf("node %d is told to ask again at once: %+v", i, reply)
					}
					l.now = l.now.Add(answerLost)
					if reply, _ := l.word(i, old); reply.Code != http.StatusConflict {
						t.Errorf("node %d, a lost answer: %+v", i, reply)
					}
					l.word(i)
				}
				same(t, l.rotation(), []string{"renew: COMPLETE COMPLETE COMPLETE"})
				for i := range nodes {
					if reply, _ := l.word(i); reply.Renew {
						t.Errorf("node %d renews again", i)
					}
				}
			}
			all("n")
			// Another order, by the clock that is right now.
			if reply, _ := l.ask(RotationOrder{}); reply.Code != 200 || !l.state.Facts.Security.Renew.After(order) {
				t.Errorf("got %+v, %s", reply, l.state.Facts.Security.Renew)
			}
			all("m")
			began := l.record(2).Certificate.Served
			l.now = began.AddDate(0, 0, 58)
			l.take(Tick{})
			same(t, l.rotation(), []string{"renew: COMPLETE COMPLETE COMPLETE"})
			l.now = began.AddDate(0, 0, 62)
			l.take(Tick{})
			same(t, l.rotation(), []string{"renew: STARTING PENDING PENDING"})
		})
	}
}
