package core

import "testing"

func TestDialects(t *testing.T) {
	all := Dialect{Roles: true, Groups: true, Refined: true, Regions: true}
	for version, want := range map[string]Dialect{
		"0.28.0": {}, "1.2.3": {}, "1.3.2": {Roles: true, Groups: true}, "1.4.0": {Roles: true, Groups: true, Refined: true},
		"1.4.0-dcos": {Roles: true, Groups: true, Refined: true}, "1.5.0": all, "1.11.0": all, "2.0.0": all, "": all, "1": all, "one.two": all,
	} {
		if got := DialectOf(version); got != want {
			t.Errorf("%q: got %+v, want %+v", version, got, want)
		}
	}
}
