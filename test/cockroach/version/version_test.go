package version

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"v20.1.5", "v20.1.5", true}, {"2.0.7", "v2.0.7", true}, {"v25.2.19", "v25.2.19", true},
		{"v20.3.0", "", false}, {"v3.0.0", "", false}, {"20.1", "", false}, {"", "", false}, {"v20.1.5-rc.1", "", false},
	} {
		v, err := Parse(c.in)
		if (err == nil) != c.ok || (c.ok && v.String() != c.want) {
			t.Errorf("Parse(%q) = %v, %v; want %q, ok %v", c.in, v, err, c.want, c.ok)
		}
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		v                   string
		major, minor, patch int
		want                bool
	}{
		{"v20.1.5", 20, 1, 5, true}, {"v20.1.5", 20, 1, 6, false}, {"v20.1.5", 19, 2, 99, true},
		{"v2.1.11", 19, 1, 0, false}, {"v24.1.6", 20, 2, 4, true}, {"v20.2.3", 20, 2, 4, false},
	} {
		if got := MustParse(c.v).AtLeast(c.major, c.minor, c.patch); got != c.want {
			t.Errorf("%s.AtLeast(%d, %d, %d) = %v", c.v, c.major, c.minor, c.patch, got)
		}
	}
	if !MustParse("v19.2.12").Within(19, 2, 10) || MustParse("v19.2.9").Within(19, 2, 10) || MustParse("v20.1.5").Within(19, 2, 0) {
		t.Error("Within is wrong about lines or patches")
	}
}
