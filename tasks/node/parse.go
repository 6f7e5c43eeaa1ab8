package node

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/google/uuid"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// ParseSettings reads environ (NAME=value) and checks all of it. The error is a *BadEnvironment with every mistake.
func ParseSettings(environ []string) (Settings, error) {
	var vars variables
	if err := env.ParseWithOptions(&vars, env.Options{Environment: env.ToMap(environ)}); err != nil {
		return Settings{}, fmt.Errorf("read the environment: %w", err)
	}
	var c checker
	s := Settings{
		Archive: c.inside(cockroach.EnvArchive, vars.Archive, true), Dir: c.inside(cockroach.EnvDir, vars.Dir, false),
		Store: c.inside(cockroach.EnvStore, vars.Store, true), SHA256: c.sum(vars.SHA256), VolumeID: vars.VolumeID,
		Advertise: c.address(cockroach.EnvAdvertise, vars.Advertise),
		Join:      c.addresses(cockroach.EnvJoin, vars.Join, true), JoinHTTP: c.addresses(cockroach.EnvJoinHTTP, vars.JoinHTTP, false),
		Locality: c.locality(vars.Locality), Init: c.yes(cockroach.EnvInit, vars.Init), WaitDNS: c.yes(cockroach.EnvWaitDNS, vars.WaitDNS),
		ClusterID: c.clusterID(vars.ClusterID), DeadNodes: c.nodeIDs(vars.DeadNodes), Scheduler: c.scheduler(vars.Scheduler, vars.SchedulerCA),
		Service: c.needed(cockroach.EnvService, vars.Service), TaskID: c.needed(cockroach.EnvTaskID, vars.TaskID),
		TaskName: c.needed(cockroach.EnvTaskName, vars.TaskName), AgentIP: vars.AgentIP,
		MemMB: c.number(cockroach.EnvMemMB, vars.MemMB, 1, 1<<30, "the task's memory in MB"),
	}
	s.Version = c.version(vars.Version)
	s.TLS = c.tls(vars)
	c.listen(&s, vars)
	c.sizes(&s, vars)
	s.KillGrace = c.grace(vars.KillGrace, s.Version)
	if strings.ContainsAny(s.Store, ",") {
		c.mistake(cockroach.EnvStore, vars.Store, "a comma ends the path on the database's command line", "Choose a folder name without commas")
	}
	if len(c.mistakes) > 0 {
		return Settings{}, &BadEnvironment{c.mistakes}
	}
	return s, nil
}

// checker turns texts into values and gathers what is wrong with them.
type checker struct{ mistakes []Mistake }

func (c *checker) mistake(variable, value, problem, remedy string) {
	c.mistakes = append(c.mistakes, Mistake{variable, value, problem, remedy})
}

func (c *checker) needed(variable, value string) string {
	if strings.TrimSpace(value) == "" {
		c.mistake(variable, value, "it is missing", "The scheduler sets it for each task: give it a value")
	}
	return value
}

func (c *checker) version(text string) cockroach.Version {
	v, err := cockroach.Parse(text)
	if err == nil {
		err = v.Supported()
	}
	if err != nil {
		c.mistake(cockroach.EnvVersion, text, err.Error(), "Give the release that is in "+cockroach.EnvArchive)
	}
	return v
}

// inside accepts a path that stays in the sandbox.
func (c *checker) inside(variable, path string, needed bool) string {
	if path == "" && !needed {
		return ""
	}
	if path == "" {
		return c.needed(variable, path)
	}
	if !filepath.IsLocal(path) || filepath.Clean(path) == "." {
		c.mistake(variable, path, "it is no path below the sandbox", "Give a relative path that does not climb out")
		return ""
	}
	return filepath.Clean(path)
}

func (c *checker) sum(text string) string {
	lower := strings.ToLower(strings.TrimSpace(text))
	if raw, err := hex.DecodeString(lower); lower != "" && (err != nil || len(raw) != 32) {
		c.mistake(cockroach.EnvSHA256, text, "it is no SHA-256 sum", "Give 64 hexadecimal digits, or leave it out")
	}
	return lower
}

func (c *checker) number(variable, text string, low, high int, what string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		c.mistake(variable, text, fmt.Sprintf("it is no whole number from %d to %d", low, high), "Give "+what)
		return low
	}
	return n
}

func (c *checker) address(variable, text string) cockroach.Address {
	a, err := cockroach.ParseAddress(text)
	if err != nil {
		c.mistake(variable, text, err.Error(), "Write it as host:port")
	}
	return a
}

func (c *checker) addresses(variable, text string, needed bool) []cockroach.Address {
	var out []cockroach.Address
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) != "" {
			out = append(out, c.address(variable, strings.TrimSpace(part)))
		}
	}
	if len(out) == 0 && needed {
		c.mistake(variable, text, "it names no node", "Give host:port of at least one node, this one if it is the first")
	}
	return out
}

func (c *checker) yes(variable, text string) bool {
	value, err := strconv.ParseBool(text)
	if err != nil {
		c.mistake(variable, text, "it is neither true nor false", "Write true or false")
	}
	return value
}

var localityTier = regexp.MustCompile(`^[^=,@\s]+=[^=,@\s]+$`)

func (c *checker) locality(text string) string {
	for tier := range strings.SplitSeq(text, ",") {
		if text != "" && !localityTier.MatchString(tier) {
			c.mistake(cockroach.EnvLocality, text, fmt.Sprintf("the part %q is not key=value", tier), "Write region=a,zone=b")
		}
	}
	return text
}

func (c *checker) clusterID(text string) string {
	if text == "" {
		return ""
	}
	id, err := uuid.Parse(text)
	if err != nil {
		c.mistake(cockroach.EnvClusterID, text, "it is no UUID", "Give the cluster's id, or leave it out")
	}
	return id.String()
}

func (c *checker) nodeIDs(text string) []int {
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		if text == "" {
			break
		}
		// The database keeps the number in 32 bits.
		id, err := strconv.ParseInt(strings.TrimSpace(part), 10, 32)
		if err != nil || id < 1 {
			c.mistake(cockroach.EnvDeadNodes, text, fmt.Sprintf("the part %q is no node's number", part), "Write numbers from 1 on with commas between them, or leave it out")
			continue
		}
		if !slices.Contains(out, int(id)) {
			out = append(out, int(id))
		}
	}
	return out
}

func (c *checker) scheduler(text, authorities string) SchedulerAccess {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		c.mistake(cockroach.EnvScheduler, text, "it is no HTTP address", "Write http://host:port of the scheduler's API")
	}
	if mistake := CheckAuthorities(authorities); mistake != nil {
		c.mistakes = append(c.mistakes, *mistake)
	}
	return SchedulerAccess{strings.TrimRight(text, "/"), authorities}
}

// tls checks what a secure node needs. The token's value is never shown.
func (c *checker) tls(vars variables) TLSSettings {
	s := TLSSettings{On: c.yes(cockroach.EnvTLS, vars.TLS), Token: vars.TLSToken, Name: vars.TLSName}
	if !s.On {
		return TLSSettings{}
	}
	if s.Token == "" {
		c.mistake(cockroach.EnvTLSToken, "", "it is missing, and "+cockroach.EnvTLS+" is true", "The scheduler makes one for each launch")
	}
	if !hostName.MatchString(s.Name) {
		c.mistake(cockroach.EnvTLSName, s.Name, "it is no host name, and "+cockroach.EnvTLS+" is true", "Give the task's own DNS name")
	}
	return s
}

// hostName is for agents that call themselves by a name; the database binds to what it resolves to.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)

func (c *checker) listen(s *Settings, vars variables) {
	s.Listen.Port = c.number(cockroach.EnvPGPort, vars.PGPort, 1, 65535, "the port for SQL")
	s.HTTP.Port = c.number(cockroach.EnvHTTPPort, vars.HTTPPort, 1, 65535, "the port for HTTP")
	if s.Listen.Port == s.HTTP.Port && vars.PGPort == vars.HTTPPort && vars.PGPort != "" {
		c.mistake(cockroach.EnvHTTPPort, vars.HTTPPort, "it equals "+cockroach.EnvPGPort, "Give the two ports different numbers")
	}
	if vars.AgentIP != "" && net.ParseIP(vars.AgentIP) == nil && !hostName.MatchString(vars.AgentIP) {
		c.mistake(cockroach.EnvAgentIP, vars.AgentIP, "it is neither an IP address nor a host name", "Give the agent's own address")
	}
	switch vars.Listen {
	case cockroach.ListenAll:
	case cockroach.ListenAgent:
		if vars.AgentIP == "" {
			c.mistake(cockroach.EnvAgentIP, "", "it is missing, and "+cockroach.EnvListen+"=agent binds to it", "Give the agent's own address")
		}
		s.Listen.Host, s.HTTP.Host = vars.AgentIP, vars.AgentIP
	default:
		c.mistake(cockroach.EnvListen, vars.Listen, "it is neither all nor agent", "Write all or agent")
	}
}

func (c *checker) sizes(s *Settings, vars variables) {
	var err error
	if s.CacheBytes, err = cockroach.MemoryBytes(vars.Cache, s.MemMB); err != nil {
		c.mistake(cockroach.EnvCache, vars.Cache, err.Error(), "Give a share like 25%")
	}
	if s.SQLBytes, err = cockroach.MemoryBytes(vars.SQLMemory, s.MemMB); err != nil {
		c.mistake(cockroach.EnvMaxSQLMemory, vars.SQLMemory, err.Error(), "Give a share like 25%")
	}
	s.StoreSizeMB = c.number(cockroach.EnvStoreSizeMB, vars.StoreSizeMB, 0, 1<<30, "the volume's size in MB")
}

func (c *checker) grace(text string, v cockroach.Version) time.Duration {
	if text == "" {
		return cockroach.KillGrace(v)
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 1 && seconds <= 86400) {
		c.mistake(cockroach.EnvKillGrace, text, "it is no number of seconds from 1 to 86400", "Give the task's kill grace period in seconds")
		return time.Second
	}
	return time.Duration(seconds * float64(time.Second))
}
