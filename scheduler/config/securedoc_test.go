package config

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What docs/secure-cluster.md says of settings is so: each that it names is known, each of a secure cluster is named, and the
// lifetimes in its table are the defaults.
func TestThePageOfASecureClusterAgreesWithTheSettings(t *testing.T) {
	page, err := os.ReadFile("../../docs/secure-cluster.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	known := map[string]Entry{}
	for _, entry := range Table() {
		known[entry.Name] = entry
		if strings.HasPrefix(entry.Name, "TLS_") && !strings.Contains(text, "`"+entry.Name+"`") {
			t.Errorf("%s is not on the page", entry.Name)
		}
	}
	for _, name := range regexp.MustCompile(`\b(TLS|API)_[A-Z_]+\b`).FindAllString(text, -1) {
		if _, ok := known[name]; !ok {
			t.Errorf("%s is on the page, and no setting", name)
		}
	}
	const day = 24 * time.Hour
	words := map[string]time.Duration{"10 years": 3650 * day, "90 days": 90 * day, "1 year": 365 * day}
	rows := regexp.MustCompile("(?m)^\\| `(TLS_[A-Z]+_LIFETIME)` \\| ([^|]+) \\|").FindAllStringSubmatch(text, -1)
	for _, row := range rows {
		if said, err := time.ParseDuration(known[row[1]].Default); err != nil || words[row[2]] != said {
			t.Errorf("%s is said to be %s, and is %s", row[1], row[2], known[row[1]].Default)
		}
	}
	if len(rows) != 3 {
		t.Errorf("%d lifetimes", len(rows))
	}
}
