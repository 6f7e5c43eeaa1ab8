package metrics

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func databaseFamilies() []family {
	return []family{
		{name: "database.live_nodes", prom: "database_live_nodes", kind: gauge, read: liveNodes,
			help: "Nodes that the database holds for alive; where nodes disagree, the smallest number."},
		{name: "database.under_replicated", prom: "database_under_replicated_ranges", kind: gauge,
			read: sum(func(word plans.NodeView) int { return word.UnderReplicated }),
			help: "Ranges that lack a copy. Each node counts those that it leads."},
		{name: "database.unavailable", prom: "database_unavailable_ranges", kind: gauge,
			read: sum(func(word plans.NodeView) int { return word.Unavailable }),
			help: "Ranges that lack a majority of their copies: their data can neither be read nor written."},
		{name: "database.silent_nodes", prom: "database_silent_nodes", kind: gauge, read: silent,
			help: "Ready nodes that have not said how the database is, or could not be asked."},
		{name: "database.word_age", prom: "database_oldest_word_seconds", kind: gauge, read: wordAge,
			help: "Seconds since the node that was silent for longest said how the database is."},
	}
}

// words are what ready nodes said under their present launch, and how many have said nothing. An older launch's word is of
// another process.
func (f *facts) words() (words []plans.NodeView, silent int) {
	for name, record := range f.Facts.Records {
		if record.Pod.Type != tasks.NodePod || !record.Ready() {
			continue
		}
		word, heard := f.Database[name]
		if heard && word.TaskID == record.TaskID && word.Error == "" {
			words = append(words, word)
			continue
		}
		silent++
	}
	return words, silent
}

// Without any word there is no number: a zero would be an alarm, or the lack of one, without ground.

func liveNodes(f *facts) []sample {
	words, _ := f.words()
	if len(words) == 0 {
		return nil
	}
	live := words[0].Live
	for _, word := range words {
		live = min(live, word.Live)
	}
	return one(float64(live))
}

func sum(number func(plans.NodeView) int) func(*facts) []sample {
	return func(f *facts) []sample {
		words, _ := f.words()
		if len(words) == 0 {
			return nil
		}
		total := 0
		for _, word := range words {
			total += number(word)
		}
		return one(float64(total))
	}
}

// silent is left out where nobody is asked.
func silent(f *facts) []sample {
	if f.Settings.Probes == core.ProbesOff || f.Settings.Probes == "" {
		return nil
	}
	_, silent := f.words()
	return one(float64(silent))
}

func wordAge(f *facts) []sample {
	words, _ := f.words()
	if len(words) == 0 {
		return nil
	}
	oldest := words[0].At
	for _, word := range words {
		if word.At.Before(oldest) {
			oldest = word.At
		}
	}
	return f.age(oldest)
}
