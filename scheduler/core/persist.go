package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Keys of the store, relative to the service's root.
const (
	keyFramework = "framework-id"
	keyTarget    = "target"
	keyTargets   = "targets/"
	keyRecords   = "records/"
	keyCluster   = "cluster"
	keyDeployed  = "deployed"
	keyHands     = "hands/"
	keyPolicy    = "policy"
	keyJournal   = "journal/"
	keyJobs      = "jobs/"
	keySchedule  = "schedule"
	keySecurity  = "security"
	keyInherited = "inherited"
	keyVacated   = "vacated/"
	keyFullStop  = "full-stop"
	keyRemoval   = "uninstall"
	keyLeft      = "left/"
)

// Decode reads the facts back from the store. Unknown keys are left alone: a newer version may have written them, and
// going back must stay possible.
func Decode(stored map[string][]byte) (Facts, error) {
	left := map[string]*plans.Left{}
	facts := Facts{Targets: map[string]tasks.Target{}, Records: map[string]*tasks.Record{}, Hands: map[string]plans.Hand{}, Jobs: map[string]tasks.Job{},
		Vacated: map[string]*Vacated{}}
	for key, value := range stored {
		if err := decode(&facts, left, key, value); err != nil {
			return Facts{}, fmt.Errorf("read %s from the store: %w", key, err)
		}
	}
	slices.Sort(facts.Strange)
	if facts.Removal != nil {
		// A part of it may be gone already, and nothing will ever be launched.
		facts.Removal.Left = left
		return facts, nil
	}
	if facts.TargetID != "" {
		if _, ok := facts.Targets[facts.TargetID]; !ok {
			return Facts{}, fmt.Errorf("the store names target %s but does not hold it", facts.TargetID)
		}
	}
	return facts, whole(facts)
}

// whole refuses what no process can have left behind: the target is stored before anything else, so a store that has
// lost it has lost more. Taking it for a new installation would give up the volumes of the running one.
func whole(facts Facts) error {
	if facts.TargetID == "" && (facts.FrameworkID != "" || len(facts.Records) > 0 || facts.Deployed || facts.Cluster.Initialised) {
		return errors.New("the store holds a framework id or records, but no target: a part of it is lost; bring the whole state back " +
			"from a copy, or, to give the service up with its data, tear its framework down and remove the whole state")
	}
	for task, record := range facts.Records {
		if _, ok := facts.Targets[record.TargetID]; !ok {
			return fmt.Errorf("the store holds a record of %s but not its target %s: a part of it is lost; bring the whole state back from a copy",
				task, record.TargetID)
		}
	}
	return nil
}

func decode(facts *Facts, left map[string]*plans.Left, key string, value []byte) error {
	switch {
	case key == keyFramework:
		facts.FrameworkID = string(value)
	case key == keyTarget:
		facts.TargetID = string(value)
	case key == keyCluster:
		return json.Unmarshal(value, &facts.Cluster)
	case key == keyDeployed:
		facts.Deployed = string(value) == "true"
	case key == keyPolicy:
		return json.Unmarshal(value, &facts.Policy)
	case key == keyInherited:
		return json.Unmarshal(value, &facts.Inherited)
	case key == keySchedule:
		return json.Unmarshal(value, &facts.Schedule)
	case key == keySecurity:
		return json.Unmarshal(value, &facts.Security)
	case strings.HasPrefix(key, keyJobs):
		var job tasks.Job
		if err := json.Unmarshal(value, &job); err != nil {
			return err
		}
		facts.Jobs[strings.TrimPrefix(key, keyJobs)] = job
	case strings.HasPrefix(key, keyJournal):
		facts.Journal.load(key, value)
	case strings.HasPrefix(key, keyHands):
		var hand plans.Hand
		if err := json.Unmarshal(value, &hand); err != nil {
			return err
		}
		facts.Hands[strings.TrimPrefix(key, keyHands)] = hand
	case strings.HasPrefix(key, keyTargets):
		var target tasks.Target
		if err := json.Unmarshal(value, &target); err != nil {
			return err
		}
		facts.Targets[strings.TrimPrefix(key, keyTargets)] = target
	case strings.HasPrefix(key, keyRecords):
		var record tasks.Record
		if err := json.Unmarshal(value, &record); err != nil {
			return err
		}
		if record.Schema > tasks.RecordSchema {
			return fmt.Errorf("the record has schema %d, this version knows %d: run the newer version again",
				record.Schema, tasks.RecordSchema)
		}
		facts.Records[strings.TrimPrefix(key, keyRecords)] = &record
	case key == keyFullStop:
		facts.FullStop = &FullStop{}
		return json.Unmarshal(value, facts.FullStop)
	case strings.HasPrefix(key, keyVacated):
		var vacated Vacated
		if err := json.Unmarshal(value, &vacated); err != nil {
			return err
		}
		facts.Vacated[strings.TrimPrefix(key, keyVacated)] = &vacated
	case key == keyRemoval:
		facts.Removal = &plans.Removal{}
		return json.Unmarshal(value, facts.Removal)
	case strings.HasPrefix(key, keyLeft):
		var one plans.Left
		if err := json.Unmarshal(value, &one); err != nil {
			return err
		}
		left[strings.TrimPrefix(key, keyLeft)] = &one
	default:
		facts.Strange = append(facts.Strange, key)
	}
	return nil
}

// changes is the write that goes from the old facts to the new ones, nil when nothing changed. Records that were not
// touched are the same pointer and cost nothing.
func changes(old, now Facts) *Write {
	write := Write{Set: map[string][]byte{}}
	text(&write, keyFramework, old.FrameworkID, now.FrameworkID)
	text(&write, keyTarget, old.TargetID, now.TargetID)
	if old.Cluster != now.Cluster {
		write.Set[keyCluster] = encode(now.Cluster)
	}
	if now.Deployed && !old.Deployed {
		write.Set[keyDeployed] = []byte("true")
	}
	if old.Policy != now.Policy {
		write.Set[keyPolicy] = encode(now.Policy)
	}
	if !reflect.DeepEqual(old.Schedule, now.Schedule) {
		write.Set[keySchedule] = encode(now.Schedule)
	}
	if !reflect.DeepEqual(old.Security, now.Security) {
		write.Set[keySecurity] = encode(now.Security)
	}
	if !reflect.DeepEqual(old.Inherited, now.Inherited) {
		write.Set[keyInherited] = encode(now.Inherited)
	}
	for id, job := range now.Jobs {
		if before, ok := old.Jobs[id]; !ok || before != job {
			write.Set[keyJobs+id] = encode(job)
		}
	}
	for id := range old.Jobs {
		if _, ok := now.Jobs[id]; !ok {
			write.Delete = append(write.Delete, keyJobs+id)
		}
	}
	for name, hand := range now.Hands {
		if before, ok := old.Hands[name]; !ok || !reflect.DeepEqual(before, hand) {
			write.Set[keyHands+name] = encode(hand)
		}
	}
	for name := range old.Hands {
		if _, ok := now.Hands[name]; !ok {
			write.Delete = append(write.Delete, keyHands+name)
		}
	}
	for id, target := range now.Targets {
		if before, ok := old.Targets[id]; !ok || !reflect.DeepEqual(before, target) {
			write.Set[keyTargets+id] = encode(target)
		}
	}
	for id := range old.Targets {
		if _, ok := now.Targets[id]; !ok {
			write.Delete = append(write.Delete, keyTargets+id)
		}
	}
	for task, record := range now.Records {
		if old.Records[task] != record {
			write.Set[keyRecords+task] = encode(record)
		}
	}
	for task := range old.Records {
		if now.Records[task] == nil {
			write.Delete = append(write.Delete, keyRecords+task)
		}
	}
	switch {
	case now.FullStop == nil && old.FullStop != nil:
		write.Delete = append(write.Delete, keyFullStop)
	case now.FullStop != nil && now.FullStop != old.FullStop:
		write.Set[keyFullStop] = encode(now.FullStop)
	}
	for agent, vacated := range now.Vacated {
		if old.Vacated[agent] != vacated {
			write.Set[keyVacated+agent] = encode(vacated)
		}
	}
	for agent := range old.Vacated {
		if now.Vacated[agent] == nil {
			write.Delete = append(write.Delete, keyVacated+agent)
		}
	}
	removalChanges(&write, old.Removal, now.Removal)
	if len(write.Set) == 0 && len(write.Delete) == 0 {
		return nil
	}
	return &write
}

// removalChanges adds what is new of a removal. It never ends but by the wiping of the whole store.
func removalChanges(write *Write, old, now *plans.Removal) {
	if now == nil {
		return
	}
	if old == nil {
		old = &plans.Removal{}
	}
	if !old.Since.Equal(now.Since) || !old.Teardown.Equal(now.Teardown) {
		write.Set[keyRemoval] = encode(now)
	}
	for id, left := range now.Left {
		if old.Left[id] != left {
			write.Set[keyLeft+id] = encode(left)
		}
	}
}

func text(write *Write, key, old, now string) {
	if old != now {
		write.Set[key] = []byte(now)
	}
}

// encode is JSON on one line. The types stored hold nothing that cannot be encoded.
func encode(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", value, err))
	}
	return data
}
