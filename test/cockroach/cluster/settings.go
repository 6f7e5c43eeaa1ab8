package cluster

import (
	"fmt"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// setting is one cluster setting. A duration's least value is Min.
type setting struct {
	first    string // its default
	duration bool
	boolean  bool
	min      time.Duration
	since    [2]int
	alias    string // the name of the setting that holds the value
}

// settings are those that the service or its tests touch.
// Source: cockroachdb-versions.md, 4.3, 7, 8 and 10.
var settings = map[string]setting{
	"cluster.preserve_downgrade_option":    {},
	"cluster.organization":                 {},
	"enterprise.license":                   {},
	"cloudstorage.http.custom_ca":          {},
	"diagnostics.reporting.enabled":        {first: "true", boolean: true},
	"server.time_until_store_dead":         {first: "5m0s", duration: true, min: 75 * time.Second},
	"server.shutdown.drain_wait":           {first: "0s", duration: true},
	"server.shutdown.query_wait":           {first: "10s", duration: true},
	"server.shutdown.lease_transfer_wait":  {first: "5s", duration: true, since: [2]int{20, 1}},
	"server.shutdown.connection_wait":      {first: "0s", duration: true, since: [2]int{22, 1}},
	"server.shutdown.initial_wait":         {alias: "server.shutdown.drain_wait", since: [2]int{23, 2}},
	"server.shutdown.transactions.timeout": {alias: "server.shutdown.query_wait", since: [2]int{23, 2}},
	"server.shutdown.connections.timeout":  {alias: "server.shutdown.connection_wait", since: [2]int{23, 2}},
	"cluster.auto_upgrade.enabled":         {first: "true", boolean: true, since: [2]int{23, 2}},
}

func (s *State) lookup(name string) (string, setting, error) {
	x, ok := settings[name]
	if ok && x.since != [2]int{} && s.rules().Before(x.since[0], x.since[1], 0) {
		ok = false
	}
	if !ok {
		return "", setting{}, &sqlstore.Error{State: "42704", Message: fmt.Sprintf("unknown cluster setting '%s'", name)}
	}
	if x.alias != "" {
		return x.alias, settings[x.alias], nil
	}
	return name, x, nil
}

// Duration gives a setting that is a span of time, in the name of 2.0.
func (s *State) Duration(name string) time.Duration {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, _ := time.ParseDuration(s.value(name))
	return d
}

func (s *State) value(name string) string {
	if v, ok := s.d.Settings[name]; ok {
		return v
	}
	return settings[name].first
}

// around is what statements see of the cluster. The lock is held by the caller.
type around struct{ s *State }

// Function knows the functions that need no table.
func (a around) Function(call string) (sqlstore.Value, bool) {
	b := version.BuildOf(a.s.binary)
	switch call {
	case "version()":
		return fmt.Sprintf("CockroachDB %s %s (%s, built %s, %s)", b.Distribution, b.Tag, b.Target, b.Time, b.Go), true
	case "crdb_internal.cluster_id()":
		return a.s.d.ClusterID, true
	case "crdb_internal.node_executable_version()":
		return a.s.binary.Line(), true
	}
	return nil, false
}

// Virtual gives tables that are not SQL's own.
func (a around) Virtual(name string) ([]string, [][]sqlstore.Value, bool) {
	if name != "crdb_internal.jobs" {
		return nil, nil, false
	}
	return jobColumns, a.s.jobRows(), true
}

// Setting shows a cluster setting.
func (a around) Setting(name string) (string, error) {
	if name == "version" {
		return a.s.d.Version, nil
	}
	name, x, err := a.s.lookup(name)
	if err != nil {
		return "", err
	}
	v := a.s.value(name)
	if x.duration {
		d, _ := time.ParseDuration(v)
		v = clock(d)
	}
	return v, nil
}

// clock writes a duration as an SQL interval: 00:05:00.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	text := fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	if f := d % time.Second; f != 0 {
		text += strconv.FormatFloat(f.Seconds(), 'f', -1, 64)[1:]
	}
	return text
}

// SetSetting changes a cluster setting.
func (a around) SetSetting(name string, v sqlstore.Value, reset bool) error {
	if name == "version" {
		return a.setVersion(v)
	}
	name, x, err := a.s.lookup(name)
	if err != nil {
		return err
	}
	if reset {
		delete(a.s.d.Settings, name)
		return nil
	}
	text := sqlstore.Text(v)
	switch {
	case x.duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return &sqlstore.Error{State: "22023", Message: fmt.Sprintf("could not parse %q as type interval: unknown unit", text)}
		}
		if d < x.min {
			return fmt.Errorf("cannot set %s to less than %s: %s", name, x.min, d)
		}
		text = d.String()
	case x.boolean:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return &sqlstore.Error{State: "22023", Message: fmt.Sprintf("argument of %s must be type bool, not type string", name)}
		}
		text = strconv.FormatBool(b)
	case name == "cluster.preserve_downgrade_option" && text != "" && text != a.s.d.Version:
		return fmt.Errorf("cannot set cluster.preserve_downgrade_option to %s (cluster version is %s)", text, a.s.d.Version)
	}
	a.s.d.Settings[name] = text
	return nil
}

// setVersion finalises by hand: only forward, and not past the oldest binary.
func (a around) setVersion(v sqlstore.Value) error {
	to := sqlstore.Text(v)
	want, now, oldest := Line(to), a.s.rules(), a.s.oldest()
	switch {
	case want == (version.Version{}):
		return fmt.Errorf("invalid version %q", to)
	case want.Before(now.Major, now.Minor, 0):
		return fmt.Errorf("versions cannot be downgraded (attempting to downgrade from %s to %s)", a.s.d.Version, to)
	case want != oldest && want.AtLeast(oldest.Major, oldest.Minor, 0):
		return fmt.Errorf("cannot upgrade to %s: node running %s", to, oldest.Line())
	}
	a.s.d.Version = to
	return nil
}

// rules is the version whose rules the state keeps: the finalised one. Rules by
// binary would let nodes of two versions come to different states.
func (s *State) rules() version.Version { return Line(s.d.Version) }

// oldest is the oldest release line among the nodes that still belong.
func (s *State) oldest() version.Version {
	var old version.Version
	for _, n := range s.d.Nodes {
		v, err := version.Parse(n.Build)
		if err != nil || n.Membership == Decommissioned {
			continue
		}
		v.Patch = 0
		if old == (version.Version{}) || v.Before(old.Major, old.Minor, 0) {
			old = v
		}
	}
	return old
}

// Upgrade says which line the cluster may move to by itself; ok is false when it
// is there already, when a node is older, or when a setting holds it back.
func (s *State) Upgrade() (line string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	to, now := s.oldest(), s.rules()
	newer := to != now && to.AtLeast(now.Major, now.Minor, 0)
	// A cluster of 2.0 is finalised by hand.
	return to.Line(), newer && now.AtLeast(2, 1, 0) && s.value("cluster.preserve_downgrade_option") == "" && s.value("cluster.auto_upgrade.enabled") == "true"
}
