package mesos

import (
	"errors"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestMasters(t *testing.T) {
	for value, want := range map[string]string{
		"http://m:5050":                       "http://m:5050/api/v1/scheduler",
		"https://m/mesos/":                    "https://m/mesos/api/v1/scheduler",
		"http://a:1 ,http://b:2":              "http://a:1/api/v1/scheduler http://b:2/api/v1/scheduler",
		"http://m:5050/api/v1/scheduler":      "http://m:5050/api/v1/scheduler",
		"http://[::1]:5050/api/v1/scheduler/": "http://[::1]:5050/api/v1/scheduler",
	} {
		urls, err := parseURLs(value)
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		var texts []string
		for _, at := range urls {
			texts = append(texts, at.String())
		}
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestBadMasters(t *testing.T) {
	tests := []struct {
		value string
		// messages are parts of the faults, one each.
		messages []string
	}{
		{"", []string{"neither http"}},
		{"m:5050", []string{"neither http"}},
		{"http://", []string{"names no host"}},
		{"http://:5050", []string{"names no host"}},
		{"http://user:geheim@m:5050", []string{"user and password"}},
		{"http://m:5050?a=b", []string{"a query"}},
		{"http://m:50%50,ftp://x,http://", []string{"not a URL", "neither http", "names no host"}},
		{"zk://", []string{"empty host"}},
		{"zk://h:2181", []string{"names no path"}},
		{"zk://h:0/mesos", []string{"port"}},
		{"zk://u:geheim@h:1/mesos", []string{"user and password"}},
	}
	for _, test := range tests {
		err := CheckMasters(test.value)
		faults := faultsOf(err)
		if len(faults) != len(test.messages) {
			t.Errorf("%q: %d faults (%v), want %d", test.value, len(faults), err, len(test.messages))
			continue
		}
		for i, fault := range faults {
			if fault.Field != "MESOS_MASTER" || !strings.Contains(fault.Message, test.messages[i]) || fault.Remedy == "" {
				t.Errorf("%q: fault %+v, want %q", test.value, fault, test.messages[i])
			}
		}
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: the password is in %v", test.value, err)
		}
	}
	for _, good := range []string{"zk://master.mesos:2181/mesos", "http://m:5050", "zk://a:1,b:2/x/y"} {
		if err := CheckMasters(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func TestNewReportsAllFaults(t *testing.T) {
	_, err := New(Config{Masters: "m", Framework: Framework{Name: "crdb"}})
	var fields []string
	for _, fault := range faultsOf(err) {
		fields = append(fields, fault.Field)
	}
	if got := strings.Join(fields, " "); got != "MESOS_MASTER FRAMEWORK_USER FRAMEWORK_PRINCIPAL role" {
		t.Errorf("faults of %s", got)
	}
}

func faultsOf(err error) []tasks.Fault {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []tasks.Fault
		for _, each := range joined.Unwrap() {
			all = append(all, faultsOf(each)...)
		}
		return all
	}
	var fault tasks.Fault
	if errors.As(err, &fault) {
		return []tasks.Fault{fault}
	}
	return nil
}
