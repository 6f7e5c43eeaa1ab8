package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	ours "github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// execute does what scheduler/run does, or dies on the way.
func (w *World) execute(effects []core.Effect, facts core.Facts) error {
	for _, effect := range effects {
		w.tellEffect(effect)
		if w.Crash != nil && w.Crash(effect) {
			w.tell("  the process dies")
			return errCrash
		}
		var err error
		switch e := effect.(type) {
		case core.Write:
			err = w.write(e, facts)
		case core.Send:
			err = w.call(e.Call)
		case core.Reply:
			if w.replies == nil {
				w.replies = map[uint64]core.Reply{}
			}
			w.replies[e.Request] = e
		case core.Exit:
			err = broken("exit", "the core ends the process: %s", e.Message)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write stores what stands for these facts.
func (w *World) write(write core.Write, facts core.Facts) error {
	w.Writes++
	w.figures.Writes++
	if id := write.Set["framework-id"]; id != nil {
		w.registered = string(id)
	}
	maps.Copy(w.Store, write.Set)
	for _, key := range write.Delete {
		delete(w.Store, key)
	}
	if w.Thorough {
		stored, err := core.Decode(w.Store)
		if err != nil {
			return fmt.Errorf("read what was just written: %w", err)
		}
		if different := differs(stored, facts); different != "" {
			return broken(storedFirst.Name, "the store does not hold the state after a write: %s", different)
		}
	} else {
		facts.Journal = core.Journal{}
		w.durable = &facts
	}
	for _, key := range slices.Sorted(maps.Keys(write.Set)) {
		if name, is := strings.CutPrefix(key, "records/"); is {
			if err := w.wrote(name, facts.Records[name]); err != nil {
				return err
			}
		}
		if id, is := strings.CutPrefix(key, "jobs/"); is {
			job := facts.Jobs[id]
			if err := w.wroteJob(id, &job); err != nil {
				return err
			}
		}
	}
	for _, key := range write.Delete {
		if name, is := strings.CutPrefix(key, "records/"); is {
			if err := w.wrote(name, nil); err != nil {
				return err
			}
		}
		if id, is := strings.CutPrefix(key, "jobs/"); is {
			if err := w.wroteJob(id, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// differs says where what is stored is not the state, in the form in which it is stored.
func differs(stored, facts core.Facts) string {
	for name, pair := range map[string][2]any{
		"targets": {stored.Targets, facts.Targets}, "records": {stored.Records, facts.Records}, "hands": {stored.Hands, facts.Hands},
		"cluster": {stored.Cluster, facts.Cluster}, "policy": {stored.Policy, facts.Policy},
		"removal": {stored.Removal, facts.Removal}, "left": {left(stored), left(facts)},
		"target": {stored.TargetID, facts.TargetID}, "framework": {stored.FrameworkID, facts.FrameworkID}, "deployed": {stored.Deployed, facts.Deployed},
		"jobs": {stored.Jobs, facts.Jobs}, "schedule": {stored.Schedule, facts.Schedule},
		"vacated": {stored.Vacated, facts.Vacated}, "full-stop": {stored.FullStop, facts.FullStop},
		"security": {stored.Security, facts.Security},
	} {
		a, _ := json.Marshal(pair[0])
		b, _ := json.Marshal(pair[1])
		if !bytes.Equal(a, b) {
			return fmt.Sprintf("%s: %s, want %s", name, a, b)
		}
	}
	return ""
}

func left(facts core.Facts) map[string]*plans.Left {
	if facts.Removal == nil {
		return nil
	}
	return facts.Removal.Left
}

// wrote tells the invariants of a record that is now stored, or not any more.
func (w *World) wrote(name string, record *tasks.Record) error {
	before := w.records[name]
	if record == nil {
		delete(w.records, name)
		return w.observe(Stored{Before: before})
	}
	w.records[name] = record
	err := w.observe(Stored{Before: before, After: record})
	w.orders.launched(before, record)
	return err
}

func (w *World) call(call core.Call) error {
	w.Calls = append(w.Calls, call)
	w.figures.count(call)
	if err := w.observe(Leaving{call}); err != nil {
		return err
	}
	if call = w.lost(call); call == nil {
		return nil
	}
	message, err := ours.Call(call)
	if err != nil {
		return fmt.Errorf("make the call %T: %w", call, err)
	}
	var refusal *model.Refusal
	if err := w.Send(message); errors.As(err, &refusal) && w.Closed() {
		return nil // the stream went down before the call left
	} else if err != nil {
		return fmt.Errorf("the master refused %T: %w", call, err)
	}
	switch call.(type) {
	case core.Suppress:
		w.shut = true
	case core.Revive:
		w.shut = false
	}
	return nil
}

// lost is what arrives of a call: itself, or what scheduler/run sends in its place, nil when that is nothing.
func (w *World) lost(call core.Call) core.Call {
	if _, decline := call.(core.Decline); decline || w.Lose == nil || !w.Lose(call) {
		return call
	}
	w.figures.Lost++
	if accept, ok := call.(core.Accept); ok {
		return core.Decline{OfferIDs: accept.OfferIDs, Refuse: accept.Refuse}
	}
	return nil
}
