package config

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

func TestTheTableIsSound(t *testing.T) {
	name := regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	seen := map[string]bool{}
	for _, entry := range Table() {
		if !name.MatchString(entry.Name) || seen[entry.Name] {
			t.Errorf("%q: no name of a variable, or given twice", entry.Name)
		}
		seen[entry.Name] = true
		if entry.Group == "" || entry.Kind == "" || !strings.HasSuffix(entry.Help, ".") {
			t.Errorf("%s: group %q, kind %q, help %q", entry.Name, entry.Group, entry.Kind, entry.Help)
		}
		if entry.Kind != "choice" && entry.Kind != "text" && entry.Kind != "secret" && entry.Kind != "yes or no" && entry.Kind != "memory" && entry.Values == "" {
			t.Errorf("%s: a %s without bounds", entry.Name, entry.Kind)
		}
	}
}

// Every default has to pass its own checks, and every bound has to be readable.
func TestDefaultsAreWithinTheirBounds(t *testing.T) {
	environ := []string{"PORT_API=8090"}
	each(reflect.ValueOf(Settings{}), func(_ string, field reflect.StructField, _ reflect.Value) {
		limits(field)
		if value := field.Tag.Get("envDefault"); value != "" {
			environ = append(environ, field.Tag.Get("env")+"="+value)
		}
	})
	if faults := Parse(environ, today).Faults; len(faults) > 0 {
		t.Error(faults)
	}
	if set, unset := Parse(environ, today).Settings, settingsOf(t); !reflect.DeepEqual(set, unset) {
		t.Errorf("defaults that are written out: %+v; left out: %+v", set, unset)
	}
}

func TestBoundsThemselvesAreAllowed(t *testing.T) {
	for _, entry := range Table() {
		low, high, found := strings.Cut(entry.Values, " to ")
		if !found || strings.HasPrefix(entry.Name, "CONTAINER_") || strings.HasPrefix(entry.Name, "FRAMEWORK_") {
			continue
		}
		for _, bound := range []string{low, high} {
			for _, fault := range Parse([]string{"PORT_API=8090", entry.Name + "=" + bound}, today).Faults {
				t.Errorf("%s=%s: %v", entry.Name, bound, fault)
			}
		}
	}
}

// Some numbers stand in a help text and in another package's code too: a tag cannot be computed.
func TestHelpAgreesWithTheCodeItSpeaksOf(t *testing.T) {
	entries := map[string]Entry{}
	for _, entry := range Table() {
		entries[entry.Name] = entry
	}
	for name, fact := range map[string]string{
		"COCKROACH_VERSION": cockroach.DefaultVersion.String(),
		"NODE_KILL_GRACE":   strings.TrimSuffix(cockroach.KillGrace(cockroach.DefaultVersion).String(), "0s"),
	} {
		if !strings.Contains(entries[name].Help, fact) {
			t.Errorf("the help of %s does not say %s", name, fact)
		}
	}
}
