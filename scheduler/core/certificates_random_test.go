package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// crew is a secure service with its nodes as they really are: what they have is what they were given in answers that were not lost.
type crew struct {
	*life
	random *rand.Rand
	stored map[string][]byte
	nodes  map[string]*sailor
	keys   int
	// changes counts changes of authority that came to their end; late are requests that have not reached the core yet.
	changes int
	late    []CertificateSigned
}

// sailor is one launch of a node.
type sailor struct {
	index int
	// serving is what new connections get, given what it was handed out and has not loaded.
	serving, given *tasks.Certificate
	asking         bool
	away           bool
}

// event is one frame, whose writes reach the store.
func (c *crew) event(event Event) Reply {
	c.seed++
	in := Input{Now: c.now, Event: event}
	in.Seed[0], in.Seed[1], in.Seed[2] = byte(c.seed), byte(c.seed>>8), byte(c.seed>>16)
	before := c.state.Facts.Security
	state, effects := Frame(c.state, in)
	c.state = state
	c.moved(before, state.Facts.Security)
	var reply Reply
	for _, effect := range effects {
		switch e := effect.(type) {
		case Write:
			for key, value := range e.Set {
				c.stored[key] = value
			}
			for _, key := range e.Delete {
				delete(c.stored, key)
			}
		case Reply:
			reply = e
		case Send:
			if accept, ok := e.Call.(Accept); ok && accept.Launch != nil {
				c.nodes[accept.Launch.Record.TaskID] = &sailor{index: accept.Launch.Record.Pod.Index, asking: true}
			}
		}
	}
	return reply
}

// moved checks a move from one stage of a change of authority to the next: all that run serve what the former one asked for.
func (c *crew) moved(before, after Security) {
	if before.Change == nil || after.Change != nil && after.Change.Stage == before.Change.Stage {
		return
	}
	if after.Change == nil {
		c.changes++
	}
	for id, n := range c.nodes {
		if n.serving != nil && (n.serving.Issuer != before.Issuer || !slices.Equal(n.serving.Trust, before.Trust)) {
			c.t.Fatalf("the stage %s is over while %s serves %+v", before.Change.Stage, id, n.serving)
		}
	}
}

// one picks a node that runs.
func (c *crew) one() (string, *sailor) {
	ids := make([]string, 0, len(c.nodes))
	for id := range c.nodes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return "", &sailor{}
	}
	id := ids[c.random.IntN(len(ids))]
	return id, c.nodes[id]
}

// ask signs for a node as the shell does: with what it has read, which may be old when the core is asked.
func (c *crew) signedFor(id string, n *sailor) CertificateSigned {
	security := c.state.Facts.Security
	c.keys++
	e := CertificateSigned{TaskID: id, Certificate: tasks.Certificate{Serial: fmt.Sprint("s", c.keys), Issuer: security.Issuer, Key: "key of " + id,
		NotAfter: c.now.AddDate(0, 0, 90), Trust: security.Trust}, Request: 1}
	if n.serving != nil {
		e.Renewal, e.Former = true, n.serving.Serial
		e.Certificate.Key = fmt.Sprint("key ", c.keys)
	} else if record := c.state.Facts.Records[tasks.TaskOf(id)]; record != nil && record.Enrolment != nil {
		e.Token = record.Enrolment.Token
	}
	return e
}

// step is something that happens.
func (c *crew) step() string {
	id, n := c.one()
	switch what := c.random.IntN(100); {
	case what < 20:
		c.now = c.now.Add(time.Duration(c.random.IntN(60)) * time.Second)
		c.event(Tick{})
		return "tick"
	case what < 45:
		if n.away || n.serving == nil {
			return "nothing"
		}
		// Half of the answers are lost.
		reply := c.event(CertificateServed{TaskID: id, Key: n.serving.Key, Serial: n.serving.Serial, Trust: n.serving.Trust, Request: 1})
		if c.random.IntN(2) == 0 {
			n.asking = n.asking || reply.Renew || reply.Code == 409
		}
		return "served " + id
	case what < 65:
		if n.away || !n.asking {
			return "nothing"
		}
		e := c.signedFor(id, n)
		switch c.random.IntN(4) {
		case 0:
			c.late = append(c.late, e)
			return "a request of " + id + " takes long"
		case 1:
			c.event(e)
			return "the answer to " + id + " is lost"
		}
		if reply := c.event(e); reply.Code == 200 {
			n.given, n.asking = &e.Certificate, false
		}
		return "signed for " + id
	case what < 80:
		if n.given == nil {
			return "nothing"
		}
		n.serving, n.given = n.given, nil
		return "loaded " + id
	case what < 82:
		if len(c.late) == 0 {
			return "nothing"
		}
		// It comes in late, and its asker, if it still waits for this one and for no other, takes the answer.
		e := c.late[0]
		c.late = c.late[1:]
		if reply, asker := c.event(e), c.nodes[e.TaskID]; reply.Code == 200 && asker != nil && asker.asking {
			asker.given, asker.asking = &e.Certificate, false
		}
		return "late " + e.TaskID
	case what < 83:
		if id == "" {
			return "nothing"
		}
		delete(c.nodes, id)
		c.event(update(id, tasks.Failed))
		return "crash of " + id
	case what < 86:
		if id == "" || !n.away && c.random.IntN(3) > 0 {
			return "nothing"
		}
		n.away = !n.away
		state := tasks.Running
		if n.away {
			state = tasks.Unreachable
		}
		c.event(bare(update(id, state)))
		return fmt.Sprint("away of ", id, " ", n.away)
	case what < 87:
		// The process dies, and its successor starts from the store.
		facts, err := Decode(c.stored)
		if err != nil {
			c.t.Fatal(err)
		}
		c.state, _ = Start(facts, secureTarget(), "t2", c.now, Settings{BackOff: backOff})
		c.event(subscribe)
		for id, n := range c.nodes {
			if !n.away {
				c.event(bare(update(id, tasks.Running)))
			}
		}
		c.state.Reconcile.Waiting = map[string]string{}
		return "a new process"
	case what < 93:
		next := authority(fmt.Sprint("a", c.seed))
		order := []RotationOrder{{}, {Next: &next, Unattended: c.random.IntN(2) == 0}, {Proceed: true}, {Proceed: true}}[c.random.IntN(4)]
		order.Request = 1
		return fmt.Sprintf("order %+v: %d", order, c.event(order).Code)
	}
	var list []offers.Offer
	for i, name := range nodes {
		if record := c.state.Facts.Records[name]; record == nil || len(record.Held) == 0 {
			list = append(list, room(i, 4))
		} else if record.Status.State.Ended() {
			list = append(list, back(record))
		}
	}
	c.event(Offered{Offers: list})
	for id, n := range c.nodes {
		if n.serving == nil && !n.away {
			c.event(update(id, tasks.Running))
		}
	}
	return "offers"
}

// believed says which two nodes that run would not talk to each other.
func (c *crew) believed() string {
	for a, one := range c.nodes {
		for b, other := range c.nodes {
			if one.serving != nil && other.serving != nil && !slices.Contains(other.serving.Trust, one.serving.Issuer) {
				return fmt.Sprintf("%s trusts %v, and %s serves one of %s", b, other.serving.Trust, a, one.serving.Issuer)
			}
		}
	}
	return ""
}

// TestNodesBelieveEachOtherAtEveryMoment is the rule of safety: whatever is lost, late, down or away while certificates and authorities
// change, any two nodes that run trust the issuer of what the other one serves.
func TestNodesBelieveEachOtherAtEveryMoment(t *testing.T) {
	ended := 0
	for seed := range uint64(20) {
		c := &crew{life: &life{t: t, now: noon}, random: rand.New(rand.NewPCG(seed, 6)), stored: map[string][]byte{}, nodes: map[string]*sailor{}}
		first := secure()
		first.Security = Security{}
		for key, value := range changes(Facts{}, first).Set {
			c.stored[key] = value
		}
		c.state, _ = Start(first, secureTarget(), "t2", noon, Settings{BackOff: backOff})
		c.event(subscribe)
		c.event(AuthorityFound{Authorities: []tasks.Authority{authority("a")}})
		var story []string
		for range 1500 {
			story = append(story, c.step())
			if problem := c.believed(); problem != "" {
				t.Fatalf("seed %d: %s after\n%v", seed, problem, story[max(0, len(story)-40):])
			}
		}
		ended += c.changes
	}
	if ended < 10 {
		t.Errorf("only %d changes of authority came to their end, which shows little", ended)
	}
	t.Logf("%d changes of authority", ended)
}
