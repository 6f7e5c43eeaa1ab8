package certs

import (
	"io"
	"os"
	"strings"
	"testing"

	"filippo.io/age/armor"
)

// TestMain has tests seal with little work: the race detector makes the ordinary one take seconds.
func TestMain(m *testing.M) {
	workFactor = 6
	os.Exit(m.Run())
}

// A sealed key is as hard to guess as it should be, outside of tests.
func TestTheOrdinaryWork(t *testing.T) {
	defer func(before int) { workFactor = before }(workFactor)
	workFactor = ordinaryWork
	sealed, err := seal(newKey(t), hush)
	if err != nil {
		t.Fatal(err)
	}
	if header := opened(t, sealed); !strings.Contains(header, " 15\n") {
		t.Errorf("the head of the sealed key is\n%s", header)
	}
}

// opened is the head of an age file, which names the work.
func opened(t *testing.T, sealed string) string {
	t.Helper()
	text, err := io.ReadAll(armor.NewReader(strings.NewReader(sealed)))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\n---")
	return head + "\n"
}
