package store

import (
	"fmt"
	"strings"
)

// Limits of what is stored. ZooKeeper's jute.maxbuffer is 1 MiB by default; a server that gets more closes the connection
// without a word. The rest up to there is for paths and protocol.
const (
	// MaxBatch is the largest batch in bytes: keys, the paths above them, values, and opOverhead for each key and path.
	MaxBatch = 900_000
	// MaxKey is the longest key in bytes.
	MaxKey = 512
	// opOverhead is more than what one operation costs on the wire beside key and value: two headers, the access list, the
	// root's path.
	opOverhead = 400
)

// Fault is one thing wrong with a batch.
type Fault struct {
	Key     string // "" when it is the batch as a whole
	Problem string
	Remedy  string
}

func (f Fault) String() string {
	if f.Key == "" {
		return fmt.Sprintf("%s; %s", f.Problem, f.Remedy)
	}
	return fmt.Sprintf("key %q: %s; %s", f.Key, f.Problem, f.Remedy)
}

// BatchError refuses a batch. It lists every fault; nothing was written and the store goes on working.
type BatchError struct{ Faults []Fault }

func (e *BatchError) Error() string {
	parts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		parts[i] = f.String()
	}
	return "the state store refuses the change: " + strings.Join(parts, ". ")
}

// Is makes errors.Is(err, ErrBatch) true.
func (e *BatchError) Is(target error) bool { return target == ErrBatch }

// check looks for everything that is wrong with a batch by itself and beside what is stored.
func check(known map[string][]byte, b Batch) error {
	var faults []Fault
	add := func(key, problem, remedy string) { faults = append(faults, Fault{key, problem, remedy}) }

	size, dirs := 0, map[string]bool{}
	for _, key := range sortedKeys(b.Set) {
		if problem := keyProblem(key); problem != "" {
			add(key, problem, "use letters, digits and . _ - between single slashes, "+fmt.Sprint(MaxKey)+" bytes at most")
		}
		if len(b.Set[key]) == 0 {
			add(key, "the value is empty", "store a value, or delete the key")
		}
		if n := len(b.Set[key]); n > MaxBatch {
			add(key, fmt.Sprintf("the value has %d bytes, more than %d", n, MaxBatch), "split the value over several keys")
		}
		size += opOverhead + len(key) + len(b.Set[key])
		for _, dir := range parents(key) {
			if !dirs[dir] {
				dirs[dir] = true
				size += opOverhead + len(dir)
			}
		}
	}
	for _, key := range b.Delete {
		if problem := keyProblem(key); problem != "" {
			add(key, problem, "name a key that can be stored")
		}
		if _, both := b.Set[key]; both {
			add(key, "is set and deleted at once", "do one of the two")
		}
		size += opOverhead + len(key)
	}
	if size > MaxBatch {
		add("", fmt.Sprintf("the change counts %d bytes, more than %d", size, MaxBatch),
			"store less at once; a change is never split, because it has to happen whole")
	}
	for _, f := range nested(known, b) {
		add(f[0], fmt.Sprintf("lies under the key %q, which holds a value", f[1]), "a key holds a value or further keys, not both")
	}
	if len(faults) > 0 {
		return &BatchError{faults}
	}
	return nil
}

// nested returns pairs of a key and its ancestor that would both hold values after the batch.
func nested(known map[string][]byte, b Batch) [][2]string {
	gone := map[string]bool{}
	for _, key := range b.Delete {
		gone[key] = true
	}
	holds := func(key string) bool {
		if _, ok := b.Set[key]; ok {
			return true
		}
		_, ok := known[key]
		return ok && !gone[key]
	}
	var found [][2]string
	under := func(key string) {
		for _, dir := range parents(key) {
			if holds(dir) {
				found = append(found, [2]string{key, dir})
			}
		}
	}
	for _, key := range sortedKeys(b.Set) {
		under(key)
	}
	// A known key can only get a value above it from a new key in this batch.
	for _, key := range sortedKeys(b.Set) {
		if _, old := known[key]; old {
			continue
		}
		for k := range known {
			if _, again := b.Set[k]; !again && !gone[k] && strings.HasPrefix(k, key+"/") {
				found = append(found, [2]string{k, key})
			}
		}
	}
	return found
}
