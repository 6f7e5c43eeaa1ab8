package cli

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/httpapi"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// config turns the flags of `start` into a node's configuration.
func (c *session) config() (server.Config, error) {
	var cfg server.Config
	certs, err := c.nodeCerts()
	if err != nil {
		return cfg, err
	}
	if err := c.mayStart(); err != nil {
		return cfg, err
	}
	st, err := c.store()
	if err != nil {
		return cfg, err
	}
	times, err := c.times()
	if err != nil {
		return cfg, err
	}
	faults, err := c.faults()
	if err != nil {
		return cfg, err
	}
	rate, err := c.number("STANDIN_BULK_RATE")
	if err != nil {
		return cfg, err
	}
	noLogin, _ := strconv.ParseBool(c.Env("COCKROACH_DISABLE_WEB_LOGIN"))
	cfg = server.Config{
		Dump: faults, BulkRate: rate,
		Version: c.v, StorePath: st.Path, TempParent: c.p.Text("temp-dir", ""), Join: c.p.All("join"),
		ClusterName: c.p.Text("cluster-name", ""), AnyName: c.p.Bool("disable-cluster-name-verification"),
		Handler: httpapi.Handler(c.v, !noLogin), Certs: certs, Times: times, Settings: map[string]string{},
	}
	if c.p.Command == "start-single-node" {
		cfg.Replicas = 1
	}
	cfg.Alone = c.p.Command == "start-single-node" || len(cfg.Join) == 0
	if skip, _ := strconv.ParseBool(c.Env("COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING")); skip {
		cfg.Settings["diagnostics.reporting.enabled"] = "false"
	}
	cfg.Node = cluster.Descriptor{Build: c.v.String(), Args: append([]string{"cockroach"}, c.args...)}
	if l := c.p.Text("locality", ""); l != "" {
		cfg.Node.Locality, _ = flags.ParseLocality(l)
	}
	if a := c.p.Text("attrs", ""); a != "" {
		cfg.Node.Attrs = strings.Split(a, ":")
	}
	return cfg, c.addresses(&cfg)
}

// mayStart holds the rules about --join by version.
// Source: cockroachdb-versions.md, 1.4.
func (c *session) mayStart() error {
	single := c.p.Command == "start-single-node"
	switch {
	case single && c.p.Given("join"):
		return errors.New("cannot use --join with 'cockroach start-single-node' -- use 'cockroach start' instead")
	case !single && !c.p.Given("join") && c.v.AtLeast(20, 2, 0):
		return &failure{
			err:  errors.New("no --join flags provided to 'cockroach start'"),
			hint: "Consider using 'cockroach init' or 'cockroach start-single-node' instead",
		}
	case !single && !c.p.Given("join") && c.v.AtLeast(19, 2, 0):
		c.shout("WARNING: running 'cockroach start' without --join is deprecated.")
	}
	if c.p.Bool("background") {
		return errors.New("--background is not for a node that somebody supervises; the stand-in does not fork")
	}
	return nil
}

func (c *session) store() (flags.Store, error) {
	all := c.p.All("store")
	if len(all) == 0 {
		return flags.Store{Path: "cockroach-data"}, nil
	}
	st, err := flags.ParseStore(all[0], c.v)
	switch {
	case err != nil:
		return st, err
	case len(all) > 1:
		return st, fmt.Errorf("the stand-in keeps one store; %d were given", len(all))
	case st.Memory:
		return st, errors.New("the stand-in keeps its store on disk; type=mem is not for it")
	}
	return st, nil
}

// times reads the variables that tests shorten waits with.
func (c *session) times() (server.Times, error) {
	t := server.Ordinary()
	for name, d := range map[string]*time.Duration{
		"STANDIN_DRAIN": &t.Settle, "STANDIN_LIVENESS": &t.Liveness, "STANDIN_STORE_DEAD": &t.StoreDead, "STANDIN_DRAIN_LIMIT": &c.limit,
		"STANDIN_COUNT": &t.Count, "STANDIN_HISTORY": &t.History,
	} {
		text := c.Env(name)
		if text == "" {
			continue
		}
		v, err := time.ParseDuration(text)
		if err != nil || v < 0 {
			return t, fmt.Errorf("variable %s is %q; it wants a duration such as 300ms", name, text)
		}
		*d = v
	}
	return t, nil
}

// addresses follows the rules of cockroachdb-versions.md, 1.2: what is not given
// is taken from what is. The old spellings only set a host or a port.
func (c *session) addresses(cfg *server.Config) error {
	listenHost, listenPort := c.pair("listen-addr", "host", "port")
	advHost, advPort := c.pair("advertise-addr", "advertise-host", "advertise-port")
	httpHost, httpPort := c.pair("http-addr", "http-host", "http-port")
	if listenPort == "" {
		listenPort = "26257"
	}
	if httpPort == "" {
		httpPort = "8080"
	}
	if httpHost == "" {
		httpHost = listenHost
	}
	if advHost == "" {
		advHost = listenHost
	}
	if advHost == "" {
		name, err := os.Hostname()
		if err != nil {
			return fmt.Errorf("find this machine's name: %w", err)
		}
		advHost = name
	}
	if advPort == "" {
		advPort = listenPort
	}
	cfg.Listen = net.JoinHostPort(listenHost, listenPort)
	cfg.HTTP = net.JoinHostPort(httpHost, httpPort)
	cfg.Node.Address = net.JoinHostPort(advHost, advPort)
	cfg.Node.SQLAddress = cfg.Node.Address
	advHTTP := httpHost
	if advHTTP == "" {
		advHTTP = advHost
	}
	cfg.Node.HTTPAddress = net.JoinHostPort(advHTTP, httpPort)
	if c.p.Given("sql-addr") {
		host, port := c.p.Addr("sql-addr")
		if host == "" {
			host = listenHost
		}
		if port == "" {
			port = listenPort
		}
		cfg.SQL = net.JoinHostPort(host, port)
		cfg.Node.SQLAddress = net.JoinHostPort(advHost, port)
	}
	if c.p.Given("advertise-sql-addr") {
		host, port := c.p.Addr("advertise-sql-addr")
		_, sqlPort, _ := net.SplitHostPort(cfg.Node.SQLAddress)
		if port == "" {
			port = sqlPort
		}
		cfg.Node.SQLAddress = net.JoinHostPort(host, port)
	}
	return nil
}

// pair reads an address from its one flag and from the old two.
func (c *session) pair(addr, oldHost, oldPort string) (host, port string) {
	host, port = c.p.Addr(addr)
	return c.p.Text(oldHost, host), c.p.Text(oldPort, port)
}
