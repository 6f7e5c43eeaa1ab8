package mesos

import (
	"errors"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

func TestAFrameworkOfOurNameWithTasksStopsAFirstRegistration(t *testing.T) {
	m := newMaster(t)
	m.frameworks = `{"frameworks": [{"id": "other", "name": "other", "tasks": [{}]},
		{"id": "old-0000", "name": "crdb", "active": true, "tasks": [{"id": "a"}, {"id": "b"}]}]}`
	c := start(t, testConfig(m.URL))
	if got := wait[core.Namesake](c); got != (core.Namesake{FrameworkID: "old-0000", Tasks: 2}) {
		t.Errorf("got %+v", got)
	}
	var namesake *NamesakeError
	if err := receive(t, c.ended); !errors.As(err, &namesake) {
		t.Errorf("Run ended with %v, want a NamesakeError", err)
	}
	if m.subscribed != 0 {
		t.Errorf("%d SUBSCRIBE left, want none", m.subscribed)
	}
}

func TestWhenANamesakeStopsNobody(t *testing.T) {
	for name, tt := range map[string]struct{ id, frameworks string }{
		"we come back with our id":   {framework, `{"frameworks": [{"id": "x", "name": "crdb", "tasks": [{}]}]}`},
		"it has no tasks":            {"", `{"frameworks": [{"id": "x", "name": "crdb", "tasks": []}]}`},
		"it was torn down":           {"", `{"frameworks": [], "completed_frameworks": [{"name": "crdb", "tasks": [{}]}]}`},
		"the master does not say":    {"", ""},
		"the master's page is wrong": {"", "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMaster(t)
			m.frameworks = tt.frameworks
			config := testConfig(m.URL)
			config.Framework.ID = tt.id
			c := start(t, config)
			m.next()
			wait[core.Subscribed](c)
		})
	}
}
