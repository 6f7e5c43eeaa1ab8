package core

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// Flow is the tap of offers: shut (suppressed) when nothing is wanted, opened (revived) when something new is.
type Flow struct {
	Suppressed bool
	// Wanted are the launches that offers were asked for, by a key that changes with each attempt.
	Wanted map[string]bool
	// Pending says that a revive is owed and waits for the bucket.
	Pending bool
	// Sweep is until when offers are asked for only to clean strays out of them, Swept counts how often that began.
	Sweep time.Time
	Swept int
	// Flowed is when offers last came or were asked for.
	Flowed time.Time
	// Tokens and Filled are the bucket that revives are taken from, LastRevive when the last one left.
	Tokens     int
	Filled     time.Time
	LastRevive time.Time
}

// The bucket is the SDK's: 256 revives at most, one more each 256 s, and 5 s between two in a row once the first few
// are gone. A revive makes the master allocate anew, so a crash loop must not become a storm of them.
const (
	bucketSize   = 256
	bucketPeriod = 256 * time.Second
	burst        = bucketSize - 16
	reviveGap    = 5 * time.Second
)

// sweepFor is how long offers flow after something may have left reservations behind. What is still held then (an agent
// that is away) is cleaned when offers flow again for another reason.
const sweepFor = time.Minute

// sweep asks for offers although nothing may be wanted, because reservations may have been left behind: after a
// subscription, and when a task without a record ends. The SDK cleans only while it works, and so keeps strays of an
// idle service for ever.
func (f *frame) sweep() {
	if !f.Now.Before(f.Flow.Sweep) {
		f.Flow.Swept++
	}
	f.Flow.Sweep = f.Now.Add(sweepFor)
}

// sweepAnew asks for offers once more although a sweep may be under way: what has just become a stray may have been offered,
// and refused for long, while it was still known.
func (f *frame) sweepAnew() {
	f.Flow.Swept++
	f.Flow.Sweep = f.Now.Add(sweepFor)
}

// asked is what offers are to flow for now.
func (f *frame) asked() map[string]bool {
	keys := wanted(f.view(), f.Plans)
	if f.Now.Before(f.Flow.Sweep) {
		keys["sweep "+strconv.Itoa(f.Flow.Swept)] = true
	}
	return keys
}

// flow compares what is wanted with what offers were asked for, and suppresses or revives.
func (f *frame) flow() {
	if !f.Link.Connected || f.Reconcile.busy() {
		return
	}
	var now map[string]bool
	if f.Settings.Uninstall {
		now = f.holding()
	} else {
		now = f.asked()
	}
	if len(now) == 0 {
		f.Flow.Pending = false
		if !f.Flow.Suppressed {
			f.Flow.Suppressed = true
			f.Counters.add("suppresses", 1)
			f.send(Suppress{})
			f.log(slog.LevelDebug, "nothing wanted, offers suppressed")
		}
	} else if f.Flow.Suppressed || f.Flow.Pending || anyNew(f.Flow.Wanted, now) || f.dry() {
		f.revive()
	}
	f.Flow.Wanted = now
}

// drought is how long offers may stay out while something is wanted. What we refuse comes again after refuseWanting, so
// a longer silence is a REVIVE that got lost, or a cluster without anything to offer, which asking once more does no harm.
const drought = 2 * time.Minute

// askAnyway is how long the last REVIVE counts while something is wanted, whatever comes: one agent that does not fit and
// is offered again and again must not hide that the REVIVE for the others was lost. It is longer than bucketPeriod, so it
// never empties the bucket.
const askAnyway = 5 * time.Minute

func (f *frame) dry() bool {
	return f.Now.Sub(f.Flow.Flowed) >= drought || f.Now.Sub(f.Flow.LastRevive) >= askAnyway
}

func (f *frame) revive() {
	f.fill()
	if f.Flow.Tokens == 0 || (f.Flow.Tokens < burst && f.Now.Sub(f.Flow.LastRevive) < reviveGap) {
		f.Flow.Pending = true
		f.Counters.add("revives.throttles", 1)
		return
	}
	f.Flow.Tokens--
	f.Flow.LastRevive, f.Flow.Flowed = f.Now, f.Now
	f.Flow.Suppressed, f.Flow.Pending = false, false
	f.Counters.add("revives", 1)
	f.send(Revive{})
}

// fill adds the tokens that time has earned.
func (f *frame) fill() {
	if f.Flow.Filled.IsZero() {
		f.Flow.Tokens, f.Flow.Filled = bucketSize, f.Now
		return
	}
	earned := int(f.Now.Sub(f.Flow.Filled) / bucketPeriod)
	f.Flow.Filled = f.Flow.Filled.Add(time.Duration(earned) * bucketPeriod)
	f.Flow.Tokens = min(bucketSize, f.Flow.Tokens+earned)
}

func anyNew(before, now map[string]bool) bool {
	for key := range now {
		if !before[key] {
			return true
		}
	}
	return false
}

// wanted are the launches of all plans by a key that changes with each attempt, so that a launch that is wanted again
// counts as new work.
func wanted(view plans.View, all []plans.Plan) map[string]bool {
	keys := map[string]bool{}
	for _, launch := range plans.Next(view, all).Launches {
		key := launch.Step.Task + " " + launch.TargetID
		if launch.Fresh {
			key += " elsewhere"
		}
		if launch.Scout {
			key += " scout"
		}
		if record := view.Records[launch.Step.Task]; record != nil {
			key += " " + record.TaskID
		}
		if delay, ok := view.Delays[launch.Step.Task]; ok {
			key += fmt.Sprintf(" %d", delay.Failures)
		}
		keys[key] = true
	}
	return keys
}
