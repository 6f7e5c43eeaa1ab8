package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// The page of the docs is what the code says: make generate writes it.
func TestThePageOfTheDocsIsTheGeneratedOne(t *testing.T) {
	var page bytes.Buffer
	if err := Markdown(&page); err != nil {
		t.Fatal(err)
	}
	golden(t, "../../docs/reference/settings.md", page.Bytes())
}

func TestListFitsATerminal(t *testing.T) {
	var list bytes.Buffer
	if err := List(&list); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/list.golden.txt", list.Bytes())
	for line := range strings.Lines(list.String()) {
		if length := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); length > width {
			t.Errorf("%d columns: %s", length, line)
		}
	}
	for _, entry := range Table() {
		if !strings.Contains(list.String(), "\n  "+entry.Name) {
			t.Errorf("%s is not in the list", entry.Name)
		}
	}
}

func TestJSONHoldsTheTable(t *testing.T) {
	var written bytes.Buffer
	if err := JSON(&written); err != nil {
		t.Fatal(err)
	}
	var read []Entry
	if err := json.Unmarshal(written.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, Table()) {
		t.Errorf("read back: %+v", read)
	}
	if !strings.Contains(written.String(), "<name>-principal") {
		t.Error("the help is escaped for HTML")
	}
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	for name, show := range map[string]func(w failing) error{
		"list":     func(w failing) error { return List(w) },
		"markdown": func(w failing) error { return Markdown(w) },
		"json":     func(w failing) error { return JSON(w) },
	} {
		if err := show(failing{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }
