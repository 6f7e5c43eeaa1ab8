package metrics

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// Interval lies between two readings.
const Interval = 10 * time.Second

// Prefix stands before each metric's own name.
const Prefix = "cockroachdb."

// variables is the environment as text. The StatsD pair is set by DC/OS' agents for each container.
type variables struct {
	Scheduler string `env:"CRDB_SCHEDULER"`
	Service   string `env:"CRDB_SERVICE"`
	Host      string `env:"STATSD_UDP_HOST"`
	Port      string `env:"STATSD_UDP_PORT"`
}

// Settings is a checked environment of `cockroachdb-node metrics`.
type Settings struct {
	// Scheduler is the API's address without a trailing slash, Service the service's name.
	Scheduler, Service string
	// StatsD is host:port to send to, empty when the agent offers no StatsD.
	StatsD string
}

// ParseSettings reads environ (NAME=value). The error is a *node.BadEnvironment with every mistake.
func ParseSettings(environ []string) (Settings, error) {
	var vars variables
	if err := env.ParseWithOptions(&vars, env.Options{Environment: env.ToMap(environ)}); err != nil {
		return Settings{}, fmt.Errorf("read the environment: %w", err)
	}
	var mistakes []node.Mistake
	u, err := url.Parse(vars.Scheduler)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		mistakes = append(mistakes, node.Mistake{Variable: cockroach.EnvScheduler, Value: vars.Scheduler, Problem: "it is no HTTP address", Remedy: "Write http://host:port of the scheduler's API"})
	}
	if vars.Service == "" {
		mistakes = append(mistakes, node.Mistake{Variable: cockroach.EnvService, Problem: "it is missing", Remedy: "Give the service's name"})
	}
	s := Settings{Scheduler: strings.TrimRight(vars.Scheduler, "/"), Service: vars.Service}
	if vars.Host != "" || vars.Port != "" {
		if vars.Host == "" {
			mistakes = append(mistakes, node.Mistake{Variable: "STATSD_UDP_HOST", Problem: "it is missing, and STATSD_UDP_PORT is set", Remedy: "Set both or neither"})
		}
		if port, err := strconv.ParseUint(vars.Port, 10, 16); err != nil || port == 0 {
			mistakes = append(mistakes, node.Mistake{Variable: "STATSD_UDP_PORT", Value: vars.Port, Problem: "it is no port from 1 to 65535", Remedy: "Set it together with STATSD_UDP_HOST, or leave both out"})
		}
		s.StatsD = net.JoinHostPort(vars.Host, vars.Port)
	}
	if len(mistakes) > 0 {
		return Settings{}, &node.BadEnvironment{Mistakes: mistakes}
	}
	return s, nil
}
