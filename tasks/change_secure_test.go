package tasks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestTurningTLSOnAndOff(t *testing.T) {
	with := func(secure bool, release string) tasks.Target {
		one := deployed()
		one.Service.Secure = secure
		version(&one, release)
		return one
	}
	const v, next = "v23.2.3", "v24.1.1"
	for _, tt := range []struct {
		name     string
		inForce  tasks.Target
		after    tasks.Target
		running  []tasks.Target
		fullStop bool
		want     []string
		stops    bool
	}{
		{"on", with(false, v), with(true, v), []tasks.Target{with(false, v)}, false, []string{"TLS_ENABLED false => true"}, true},
		{"off", with(true, v), with(false, v), []tasks.Target{with(true, v)}, false, []string{"TLS_ENABLED true => false"}, true},
		{"on, as wanted", with(false, v), with(true, v), []tasks.Target{with(false, v)}, true, nil, true},
		{"before any node was launched", with(false, v), with(true, v), nil, false, nil, false},
		{"on was taken, and nobody says so any more", with(true, v), with(true, v), []tasks.Target{with(false, v)}, false, nil, true},
		{"on, and back before anything came of it", with(true, v), with(false, v), []tasks.Target{with(false, v)}, false, nil, false},
		{"back in the middle", with(true, v), with(false, v), []tasks.Target{with(false, v), with(true, v)}, false, []string{"TLS_ENABLED true => false"}, true},
		{"with a new version", with(false, v), with(true, next), []tasks.Target{with(false, v)}, true, []string{"COCKROACH_VERSION v23.2.3 => v24.1.1"}, true},
		{"with one that was not rolled out yet", with(false, next), with(true, next), []tasks.Target{with(false, v), with(false, next)}, true,
			[]string{"COCKROACH_VERSION v23.2.3 => v24.1.1"}, true},
		{"a new version in the middle", with(true, v), with(true, next), []tasks.Target{with(false, v), with(true, v)}, false,
			[]string{"COCKROACH_VERSION v23.2.3 => v24.1.1"}, true},
		{"a new version without it", with(true, v), with(true, next), []tasks.Target{with(true, v)}, false, nil, false},
	} {
		var got []string
		for _, fault := range tasks.RefuseSecure(tt.inForce, tt.after, tt.running, tt.fullStop) {
			got = append(got, fmt.Sprintf("%s %s => %s", fault.Field, fault.Old, fault.Value))
			if !strings.Contains(fault.Message, fmt.Sprintf("from %q to %q: ", fault.Old, fault.Value)) || fault.Remedy == "" {
				t.Errorf("%s: says too little: %v", tt.name, fault)
			}
		}
		if stops := tasks.FullStop(tt.after, tt.running); !slices.Equal(got, tt.want) || stops != tt.stops {
			t.Errorf("%s: got %v, a full stop %v", tt.name, got, stops)
		}
	}
}
