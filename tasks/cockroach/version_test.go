package cockroach

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"v24.1.6": "v24.1.6", "24.1.6": "v24.1.6", " v2.0.7 ": "v2.0.7", "v20.1.0-rc.2": "v20.1.0-rc.2",
		"v20.1.0-alpha20191216": "v20.1.0-alpha20191216", "v19.2.0-beta.20190930": "v19.2.0-beta.20190930",
		"": "", "v24.1": "", "24": "", "v24.1.6.1": "", "v24.x.6": "", "v24.1.06": "", "v-1.1.1": "", "v24.1.6-": "", "v24.1.6-17-gabc": "", "vv24.1.6": "", "v24.1.99999": "",
	} {
		got, err := Parse(text)
		if (err != nil) != (want == "") || got.String() != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestOrder(t *testing.T) {
	sorted := []string{"v2.0.0", "v2.0.7", "v2.1.0", "v19.2.6", "v19.2.12", "v20.1.0-alpha", "v20.1.0-alpha.2", "v20.1.0-alpha.10", "v20.1.0-beta.1", "v20.1.0-rc.1", "v20.1.0", "v20.1.5", "v20.2.0", "v24.1.6", "v24.1.29", "v25.2.0"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := must(a).Compare(must(b)), sign(i-j); got != want {
				t.Errorf("%s compared with %s: %d, want %d", a, b, got, want)
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestSupported(t *testing.T) {
	for text, want := range map[string]string{
		"v2.0.0": "", "v2.1.11": "", "v19.1.0": "", "v24.3.0": "", "v25.4.9": "", "v20.2.0-rc.1": "",
		"v1.1.9": "older than v2.0.0", "v26.1.0": "newer than the v25 releases", "v3.0.0": "no release line 3.0", "v19.3.0": "no release line 19.3",
		"v23.3.1": "no release line 23.3", "v24.4.0": "no release line 24.4", "v25.5.0": "no release line 25.5", "v2.2.0": "no release line 2.2", "v2.0.0-rc.1": "older than v2.0.0",
	} {
		err := must(text).Supported()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string][]string{
		"v24.1.6": nil, "v20.1.6": nil, "v23.2.14": nil,
		"v20.1.5": {"withdrawn"}, "v24.2.1": {"withdrawn"},
		"v24.1.7": {"enterprise.license"}, "v24.3.0": {"enterprise.license"}, "v25.2.19": {"enterprise.license"},
		"v25.2.0-rc.1": {"pre-release", "enterprise.license"},
	} {
		got := must(text).Warnings()
		if len(got) != len(want) {
			t.Errorf("%s: %q, want %q", text, got, want)
			continue
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%s: %q does not speak of %q", text, got[i], want[i])
			}
		}
	}
}

func TestDefaultVersion(t *testing.T) {
	if err := DefaultVersion.Supported(); err != nil {
		t.Error(err)
	}
	if w := DefaultVersion.Warnings(); len(w) > 0 {
		t.Errorf("the default version has warnings: %q", w)
	}
	if offer := VendorOffer(DefaultVersion, day(2026, time.November, 22)); !offer.Available {
		t.Error("the default version cannot be downloaded")
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"cockroach-v24.1.6.linux-amd64": "v24.1.6", "cockroach-v24.1.6.linux-amd64.tgz": "v24.1.6", "cockroach-v2.0.1.linux-amd64/": "v2.0.1",
		"cockroach-24.1.6.tar.gz": "v24.1.6", "cockroach-v20.1.0-rc.2.linux-amd64.tgz": "v20.1.0-rc.2", "/mirror/cockroach-v25.2.19.linux-amd64.tgz": "v25.2.19",
		"my-cockroach-v22.2.19": "v22.2.19", "cockroach": "", "cockroach.tgz": "", "cockroach-latest.linux-amd64.tgz": "", "cockroach-v24.1.linux-amd64.tgz": "", "roach-v24.1.6": "",
	} {
		got, err := VersionFromName(name)
		if (err != nil) != (want == "") || got.String() != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestURIs(t *testing.T) {
	v := must("v24.1.6")
	if got := VendorURI(v); got != "https://binaries.cockroachdb.com/cockroach-v24.1.6.linux-amd64.tgz" {
		t.Error(got)
	}
	for uri, want := range map[string][2]string{
		VendorURI(v): {"v24.1.6", "cockroach-v24.1.6.linux-amd64.tgz"},
		"http://mirror:8080/x/cockroach-v20.2.19.linux-amd64.tgz?token=cockroach-v1.1.1.linux": {"v20.2.19", "cockroach-v20.2.19.linux-amd64.tgz"},
		"file:///srv/cockroach-v2.0.7.linux-amd64.tgz":                                         {"v2.0.7", "cockroach-v2.0.7.linux-amd64.tgz"},
		"/srv/cockroach-v2.0.7.linux-amd64.tgz":                                                {"v2.0.7", "cockroach-v2.0.7.linux-amd64.tgz"},
		"http://mirror/db.tgz":                                                                 {"", "db.tgz"},
		"http://mirror/":                                                                       {"", ""},
		"http://mirror":                                                                        {"", ""},
		"%zz":                                                                                  {"", ""},
	} {
		version, errV := VersionFromURI(uri)
		name, errN := ArchiveFromURI(uri)
		if version.String() != want[0] || name != want[1] || (errV == nil) != (want[0] != "") || (errN == nil) != (want[1] != "") {
			t.Errorf("%s: %q %v, %q %v; want %q", uri, version, errV, name, errN, want)
		}
	}
}

func TestVendorOffer(t *testing.T) {
	for _, c := range []struct {
		version   string
		today     time.Time
		available bool
		warning   string
	}{
		{"v2.0.7", day(2026, time.November, 22), false, "no longer offered by its vendor (removed 2024-01-01)"},
		{"v22.1.22", day(2026, time.May, 24), false, "removed 2026-05-24"},
		{"v22.1.22", day(2026, time.May, 23), true, "will be removed from its vendor's site on 2026-05-24"},
		{"v22.2.19", day(2026, time.November, 22), true, "2026-12-05"},
		{"v23.1.30", day(2026, time.November, 22), true, "2027-05-15"},
		{"v23.1.30", day(2026, time.June, 1), true, ""},
		{"v24.1.6", day(2030, time.January, 1), true, ""},
	} {
		v := must(c.version)
		if got := VendorOffer(v, c.today).Available; got != c.available {
			t.Errorf("%s on %s: available %v", v, c.today, got)
		}
		if got := OfferWarning(v, c.today); (c.warning == "") != (got == "") || !strings.Contains(got, c.warning) {
			t.Errorf("%s on %s: warning %q, want %q", v, c.today, got, c.warning)
		}
	}
}

func TestTableIsSound(t *testing.T) {
	var seen []Capability
	for _, row := range Table {
		if slices.Contains(seen, row.Name) {
			t.Errorf("%s has two rows", row.Name)
		}
		seen = append(seen, row.Name)
		if row.Means == "" || row.Source == "" || len(row.Spans) == 0 {
			t.Errorf("%s: meaning, source or span is missing", row.Name)
		}
		for _, s := range row.Spans {
			if !s.Until.IsZero() && !s.Since.Less(s.Until) {
				t.Errorf("%s: empty span %s to %s", row.Name, s.Since, s.Until)
			}
		}
	}
	for _, c := range []Capability{ListenAddr, ListenHost, AdvertisePort, ClientHostPort, SecondTermKills, OneMinuteDrain, ExitCodes, ExitDiskFull, FatalExits255,
		FinalDecommission, DecommissionChecks, DumpData, BackupCollections, FullBackupFree, RestoreLatest, ShowBackupFrom, RestoreNewName, BackupCheckFiles,
		S3SessionToken, S3Implicit, S3PathStyle, UnsafeInternals} {
		if !slices.Contains(seen, c) {
			t.Errorf("no row for %s", c)
		}
	}
	if len(seen) != 22 {
		t.Errorf("%d rows, and this test knows 22: add the new one above", len(seen))
	}
}

func TestCapabilityBorders(t *testing.T) {
	for _, c := range []struct {
		capability Capability
		has, not   string
	}{
		{ListenHost, "v2.0.7", "v2.1.0"}, {ListenAddr, "v2.1.0", "v2.0.7"}, {ClientHostPort, "v2.1.0", "v2.0.7"}, {FinalDecommission, "v20.2.0", "v20.1.17"}, {DecommissionChecks, "v23.1.0", "v22.2.19"},
		{SecondTermKills, "v20.1.17", "v20.2.0"}, {OneMinuteDrain, "v19.2.5", "v19.2.6"}, {ExitCodes, "v20.2.4", "v20.2.3"},
		{ExitCodes, "v21.1.0", "v19.2.12"}, {ExitDiskFull, "v21.2.0", "v21.1.21"}, {FatalExits255, "v20.2.3", "v20.2.4"},
		{DumpData, "v20.2.19", "v21.1.0"}, {DumpData, "v2.0.0", "v21.1.0-rc.1"}, {BackupCollections, "v20.2.0", "v20.1.17"}, {FullBackupFree, "v20.2.0", "v20.1.17"},
		{RestoreLatest, "v21.1.0", "v20.2.19"}, {ShowBackupFrom, "v22.1.0", "v21.2.17"}, {RestoreNewName, "v22.1.0", "v21.2.17"}, {BackupCheckFiles, "v22.2.0", "v22.1.22"},
		{S3SessionToken, "v2.1.4", "v2.1.3"}, {S3SessionToken, "v19.1.0", "v2.0.7"}, {S3Implicit, "v19.2.0", "v19.1.11"}, {S3PathStyle, "v24.1.10", "v24.1.9"},
		{S3PathStyle, "v24.2.8", "v24.2.7"}, {S3PathStyle, "v24.3.3", "v24.3.2"}, {S3PathStyle, "v25.1.0", "v23.2.30"}, {UnsafeInternals, "v25.4.0", "v25.3.9"},
	} {
		if !must(c.has).Has(c.capability) || must(c.not).Has(c.capability) {
			t.Errorf("%s: wanted from or up to %s, and not at %s", c.capability, c.has, c.not)
		}
	}
}
