package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

func emptyPlace(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	Expect(t, MustLoad(t, s), nil)
	MustApply(t, s, store.Batch{})
	MustApply(t, s, store.Batch{Delete: []string{"nothing/there", "nothing/there"}})
	MustClose(t, s)
	ExpectStored(t, open, nil)
}

func exactBytes(t *testing.T, open Opener) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	values := map[string]string{
		"json/object":     `{"b":1,"a":[true,null,1e400,-0.10],"html":"<a&b>"}`,
		"json/spaced":     `{ "a" : 1 }`,
		"json/null":       `null`,
		"json/string":     `"x\u003c\u2028"`,
		"json/separators": "{\"a\":\"\u2028\u2029\"}",
		"json/twice":      `{"a":1,"a":2}`,
		"json/empty":      `{}`,
		"json/line":       "{\"a\":1}\n",
		"json/bad-utf8":   "\"\xff\"",
		"text/words":      "hello, <world> & co\n",
		"text/quotes":     `say "x\y"`,
		"text/zero":       "\x00",
		"text/replaced":   "\ufffd",
		"bytes/all":       string(all),
		"bytes/broken":    "\xc3\x28",
		"big":             strings.Repeat("0123456789", 20_000),
		"a/deep/er/key":   "1",
		"CAPS.and-dash_9": "1",
	}
	want := map[string][]byte{}
	for key, value := range values {
		want[key] = []byte(value)
	}
	s := MustOpen(t, open)
	MustLoad(t, s)
	MustApply(t, s, store.Batch{Set: want})
	Expect(t, MustLoad(t, s), want)
	MustClose(t, s)
	ExpectStored(t, open, want)
}

func changeAndDelete(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	MustApply(t, s, Set("records/a", "1", "records/b", "2", "initialised", "true"))
	b := Set("records/b", "3", "records/c", "4")
	b.Delete = []string{"records/a", "records/never-there", "records/a"}
	MustApply(t, s, b)
	MustClose(t, s)
	ExpectStored(t, open, Set("records/b", "3", "records/c", "4", "initialised", "true").Set)
}

func keysAndPaths(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	steps := []struct{ batch store.Batch }{
		{Set("a/b/c", "1", "a/b/d", "2", "x", "3")},
		{store.Batch{Delete: []string{"a/b/c"}}},
		{store.Batch{Set: Set("a", "leaf").Set, Delete: []string{"a/b/d"}}},
		{store.Batch{Set: Set("a/b/c/d/e", "deep").Set, Delete: []string{"a"}}},
		{store.Batch{Delete: []string{"a/b/c/d/e", "x"}}},
		{Set("a/b", "again")},
	}
	want := map[string][]byte{}
	for i, step := range steps {
		MustApply(t, s, step.batch)
		for _, key := range step.batch.Delete {
			delete(want, key)
		}
		for key, value := range step.batch.Set {
			want[key] = value
		}
		Expect(t, MustLoad(t, s), want)
		if t.Failed() {
			t.Fatalf("after step %d", i)
		}
	}
}

func refusals(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	MustApply(t, s, Set("taken/below", "1", "taken-above", "1"))
	tests := []struct {
		name  string
		batch store.Batch
		want  []string // keys with a fault, "" for the batch
	}{
		{"all at once", store.Batch{
			Set:    Set("", "v", "/abs", "v", "a//b", "v", "a/../b", "v", "a b", "v", "ok", "v", "é", "v", "empty", "").Set,
			Delete: []string{"ok", "end/"},
		}, []string{"", "/abs", "a b", "a//b", "a/../b", "empty", "end/", "ok", "é"}},
		{"reserved", Set("schema", "2", "head/x", "2"), []string{"head/x", "schema"}},
		{"too long a key", Set(strings.Repeat("k", store.MaxKey+1), "v"), []string{strings.Repeat("k", store.MaxKey+1)}},
		{"too long a value", Set("big", strings.Repeat("v", store.MaxBatch+1)), []string{"big", ""}},
		{"too much together", Set("big/a", strings.Repeat("v", store.MaxBatch/2), "big/b", strings.Repeat("v", store.MaxBatch/2)), []string{""}},
		{"under a value", Set("taken-above/x", "1"), []string{"taken-above/x"}},
		{"above a value", Set("taken", "1"), []string{"taken/below"}},
		{"above and below in one", Set("new", "1", "new/x/y", "1"), []string{"new/x/y"}},
	}
	for _, tt := range tests {
		tt.batch.Set["good"] = []byte("v")
		err := s.Apply(Context(t), tt.batch)
		var refused *store.BatchError
		if !errors.As(err, &refused) || !errors.Is(err, store.ErrBatch) {
			t.Errorf("%s: got %v, want a *store.BatchError", tt.name, err)
			continue
		}
		got, want := map[string]bool{}, map[string]bool{}
		for _, f := range refused.Faults {
			got[f.Key] = true
			if f.Problem == "" || f.Remedy == "" || !strings.Contains(err.Error(), f.Problem) {
				t.Errorf("%s: fault %+v without problem or remedy in %q", tt.name, f, err)
			}
		}
		for _, key := range tt.want {
			want[key] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: faults for %v, want them for %v", tt.name, got, want)
		}
	}
	// A refusal leaves the store usable and unchanged.
	MustApply(t, s, Set("after", "1"))
	MustClose(t, s)
	ExpectStored(t, open, Set("taken/below", "1", "taken-above", "1", "after", "1").Set)
}

func largestBatch(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	one := Set("records/one", strings.Repeat("v", store.MaxBatch-2_000))
	MustApply(t, s, one)
	// Nothing but small keys, where the overhead counts most.
	many := store.Batch{Set: map[string][]byte{}, Delete: []string{"records/one"}}
	for i := range 2_000 {
		many.Set[fmt.Sprintf("records/n%04d", i)] = bytes.Repeat([]byte("v"), 30)
	}
	MustApply(t, s, many)
	MustClose(t, s)
	ExpectStored(t, open, many.Set)
}

func buffers(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	loaded := MustLoad(t, s)
	loaded["stray"] = []byte("mine")
	value := []byte("first")
	MustApply(t, s, store.Batch{Set: map[string][]byte{"a": value}})
	copy(value, "XXXXX")
	// Were the buffer kept, this would look equal to what is stored and be left out.
	MustApply(t, s, store.Batch{Set: map[string][]byte{"a": []byte("XXXXX")}})
	got := MustLoad(t, s)
	Expect(t, got, Set("a", "XXXXX").Set)
	copy(got["a"], "YYYYY")
	MustApply(t, s, Set("a", "YYYYY"))
	MustClose(t, s)
	ExpectStored(t, open, Set("a", "YYYYY").Set)
}
