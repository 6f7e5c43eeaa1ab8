package config

import (
	"net"
	"strconv"
	"strings"
)

// StatsD says where the scheduler's metrics are pushed. On DC/OS the agent sets host and port.
type StatsD struct {
	Host  string   `env:"STATSD_UDP_HOST" help:"Host to which the scheduler's metrics are pushed in StatsD's form, over UDP. Empty pushes nothing. DC/OS sets it."`
	Port  Port     `env:"STATSD_UDP_PORT" min:"1" max:"65535" help:"Port of that host; alone it has no effect."`
	Every Duration `env:"STATSD_POLL_INTERVAL_S" envDefault:"10s" min:"1s" max:"1h" help:"Time between two pushes. A bare number means seconds."`
}

// Address is host:port, empty when nothing is pushed.
func (s StatsD) Address() string {
	if s.Host == "" {
		return ""
	}
	return net.JoinHostPort(s.Host, strconv.FormatUint(uint64(s.Port), 10))
}

func (s StatsD) check(f *faults) {
	switch {
	case strings.ContainsAny(s.Host, " \t\r\n/"):
		f.add("STATSD_UDP_HOST", s.Host, "is not a host", "write a name or an address, without a port")
	case s.Host != "" && s.Port == 0:
		f.add("STATSD_UDP_PORT", "", "is needed with STATSD_UDP_HOST", "set both, or neither; StatsD usually listens on 8125")
	}
}
