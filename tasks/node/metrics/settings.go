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
	CA        string `env:"CRDB_SCHEDULER_CA"`
	Service   string `env:"CRDB_SERVICE"`
	TLS       string `env:"CRDB_TLS" envDefault:"false"`
	Host      string `env:"STATSD_UDP_HOST"`
	Port      string `env:"STATSD_UDP_PORT"`
}

// Settings is a checked environment of `cockroachdb-node metrics`.
type Settings struct {
	Scheduler node.SchedulerAccess
	// Service is the service's name.
	Service string
	// StatsD is host:port to send to, empty when the agent offers no StatsD.
	StatsD string
	// TLS says that the nodes' HTTP ports speak TLS.
	TLS bool
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
	if mistake := node.CheckAuthorities(vars.CA); mistake != nil {
		mistakes = append(mistakes, *mistake)
	}
	s := Settings{Scheduler: node.SchedulerAccess{URL: strings.TrimRight(vars.Scheduler, "/"), CA: vars.CA}, Service: vars.Service}
	if s.TLS, err = strconv.ParseBool(vars.TLS); err != nil {
		mistakes = append(mistakes, node.Mistake{Variable: cockroach.EnvTLS, Value: vars.TLS, Problem: "it is neither true nor false", Remedy: "Write true or false"})
	}
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
