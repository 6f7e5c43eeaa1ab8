package cockroach

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMemoryBytes(t *testing.T) {
	for _, c := range []struct {
		text  string
		memMB int
		want  int64
		fault string
	}{
		{"25%", 3000, 786432000, ""}, {".25", 3000, 786432000, ""}, {"0.25", 3000, 786432000, ""}, {" 33.5 % ", 1000, 351272960, ""},
		{"134217728", 1000, 134217728, ""}, {"128MiB", 1000, 134217728, ""}, {"1GB", 1000, 1000000000, ""}, {"100%", 1, 1 << 20, ""},
		{"0%", 1000, 0, "at most 100"}, {"101%", 1000, 0, "at most 100"}, {"NaN%", 1000, 0, "at most 100"}, {"x%", 1000, 0, "at most 100"}, {"2GiB", 1000, 0, "more than the task's memory of 1000 MB"},
		{"", 1000, 0, "not a size"}, {"much", 1000, 0, "not a size"}, {"-5", 1000, 0, "not a size"}, {"0", 1000, 0, "is nothing"}, {"99999999EiB", 1000, 0, ""},
	} {
		got, err := MemoryBytes(c.text, c.memMB)
		if c.fault == "" && c.want == 0 {
			if err == nil {
				t.Errorf("%q: no error", c.text)
			}
			continue
		}
		if got != c.want || (err == nil) != (c.fault == "") || (err != nil && !strings.Contains(err.Error(), c.fault)) {
			t.Errorf("%q of %d MB: %d, %v; want %d, %q", c.text, c.memMB, got, err, c.want, c.fault)
		}
	}
}

func TestMemoryWarning(t *testing.T) {
	half, _ := MemoryBytes("50%", 1000)
	quarter, _ := MemoryBytes("25%", 1000)
	if got := MemoryWarning(half, quarter, 1000); got != "" {
		t.Errorf("75%% warned: %s", got)
	}
	if got := MemoryWarning(half, half, 1000); !strings.Contains(got, "500 MiB") || !strings.Contains(got, "75%") {
		t.Errorf("100%%: %q", got)
	}
}

func TestStoreBytes(t *testing.T) {
	for mb, want := range map[int]int64{5000: 5000 * mebibyte / 100 * 95, 640: 640 * mebibyte, 650: 640 * mebibyte, 639: 0, 0: 0} {
		if got := StoreBytes(mb); got != want {
			t.Errorf("%d MB: %d, want %d", mb, got, want)
		}
	}
}

func TestReadInit(t *testing.T) {
	for _, c := range []struct {
		code   int
		output string
		want   InitOutcome
	}{
		{0, "Cluster successfully initialized\n", InitDone},
		{1, "E: rpc error: code = AlreadyExists desc = cluster has already been initialized with ID 845c6f31-0282-4a37-80f1-cb53a186a213", InitWasDone},
		{1, "ERROR: rpc error: code = Unknown desc = cluster has already been initialized\nHINT: …", InitWasDone},
		{1, "ERROR: rpc error: code = Unknown desc = already connected to cluster", InitWasDone},
		{1, "Error: cannot dial server.", InitFailed},
		{137, "warning: node not ready to perform cluster initialization (retrying)", InitFailed},
	} {
		if got := ReadInit(c.code, c.output); got != c.want {
			t.Errorf("%d %q: %v, want %v", c.code, c.output, got, c.want)
		}
	}
}

func TestParseBuildTag(t *testing.T) {
	for output, want := range map[string]string{
		"Build Tag:    v20.1.5\nBuild Time:   2026/11/22 06:58:28\n":   "v20.1.5",
		"Build Tag:        v24.1.6\nBuild Time:       2024/10/17\n":    "v24.1.6",
		"warning: something\nBuild Tag:   v2.0.7\nDistribution: CCL\n": "v2.0.7",
		"Build Tag:    v20.1.5-17-gf99044\n":                           "",
		"Build Time: now\n":                                            "",
		"":                                                             "",
	} {
		got, err := ParseBuildTag(output)
		if got.String() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %s, %v; want %q", output, got, err, want)
		}
	}
}

func TestProbes(t *testing.T) {
	if !Ready(200) || Ready(503) || Ready(404) {
		t.Error("only 200 is ready")
	}
	if !Live(200) || !Live(503) || Live(0) {
		t.Error("any answer is alive")
	}
	for status, want := range map[int]Membership{200: Member, 401: Member, 404: NotMember, 503: MemberUnknown, 307: MemberUnknown, 0: MemberUnknown} {
		if got := ReadMembership(status); got != want {
			t.Errorf("%d: %v, want %v", status, got, want)
		}
	}
}

func TestStopping(t *testing.T) {
	for text, want := range map[string]Signal{"v2.0.7": Term, "v20.1.17": Term, "v20.2.0": Kill, "v24.1.6": Kill} {
		if got := HardStop(must(text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if KillGrace(must("v19.2.5")) <= time.Minute || KillGrace(must("v19.2.6")) != 5*time.Minute {
		t.Error("kill grace must outlast the releases' own limit of a minute, and be five minutes where there is none")
	}
	for grace, want := range map[time.Duration]time.Duration{5 * time.Minute: 298 * time.Second, 5 * time.Second: 4 * time.Second, time.Second: 800 * time.Millisecond} {
		if got := HardStopAfter(grace); got != want {
			t.Errorf("%s: %s, want %s", grace, got, want)
		}
	}
}

func TestExitReason(t *testing.T) {
	for _, c := range []struct {
		version string
		code    int
		want    string
	}{
		{"v24.1.6", 0, "in order"}, {"v24.1.6", 1, "an error"}, {"v24.1.6", 3, "SIGINT"}, {"v24.1.6", 4, "flag was refused"}, {"v24.1.6", 7, "fatal error"},
		{"v24.1.6", 10, "disk of its store is full"}, {"v21.1.0", 10, "does not document"}, {"v20.1.5", 10, "does not document"}, {"v20.1.5", 7, "does not document"},
		{"v20.1.5", 255, "fatal error"}, {"v24.1.6", 255, "does not document"}, {"v24.1.6", 137, "SIGKILL"}, {"v20.1.5", 143, "stopped hard by SIGTERM"}, {"v20.1.5", 130, "second SIGINT"},
		{"v2.0.7", 1, "more than a minute"}, {"v24.1.6", 2, "panic"}, {"v24.1.6", 135, "signal 7"}, {"v24.1.6", 5, "stderr"}, {"v24.1.6", 6, "file"}, {"v24.1.6", 8, "fatal"}, {"v24.1.6", 9, "collector"},
		{"v24.1.6", 134, "SIGABRT"}, {"v24.1.6", 139, "SIGSEGV"},
	} {
		if got := ExitReason(must(c.version), c.code); !strings.Contains(got, c.want) {
			t.Errorf("%s, %d: %q, want %q", c.version, c.code, got, c.want)
		}
	}
	if !DiskFull(must("v24.1.6"), 10) || DiskFull(must("v20.1.5"), 10) || DiskFull(must("v24.1.6"), 1) {
		t.Error("only code 10 of v21.2 and later means a full disk")
	}
}

func TestEnvironment(t *testing.T) {
	got := Environment([]string{"PATH=/bin", "COCKROACH_HOST=elsewhere", "CRDB_INIT=true", "MESOS_SANDBOX=/x", "LC_ALL=C", "AWS_REGION=eu", "HOME=/root", "SECRET=x", "HTTPS_PROXY=p", "PATHX=1"})
	want := []string{"PATH=/bin", "LC_ALL=C", "AWS_REGION=eu", "HOME=/root", "HTTPS_PROXY=p", "COCKROACH_CHANNEL=mesosphere-dcos"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"a.b:26257": "a.b:26257", "[fd00::1]:80": "[fd00::1]:80", "10.0.0.1:1": "10.0.0.1:1",
		"a.b": "", ":26257": "", "a:0": "", "a:65536": "", "a:x": "", "fd00::1:80": "", "": "",
	} {
		got, err := ParseAddress(text)
		if (err == nil) != (want != "") || (err == nil && got.String() != want) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, want)
		}
	}
	if got := (Address{Port: 80}).Dial().String(); got != "127.0.0.1:80" {
		t.Error(got)
	}
	if got := (Address{"10.0.0.1", 80}).Dial().String(); got != "10.0.0.1:80" {
		t.Error(got)
	}
}
