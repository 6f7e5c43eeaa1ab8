package store

import (
	"bytes"
	"testing"
)

// FuzzFileFormat: whatever the bytes, they come back, and the file can be read.
func FuzzFileFormat(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a": 1}`, "null", "\"\u2028<&>\"", "\xff", "\x00", "1e999", `"\ud800"`, "\ufeff{}", "{}\n"} {
		f.Add([]byte(seed), []byte("x"))
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		want := map[string][]byte{"records/one": one, "two": two}
		text, err := encodeFile(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeFile(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		for key := range want {
			if !bytes.Equal(got[key], want[key]) {
				t.Errorf("%s: got %q, want %q", key, got[key], want[key])
			}
		}
	})
}
