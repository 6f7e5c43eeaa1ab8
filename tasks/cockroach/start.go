package cockroach

import (
	"fmt"
	"strconv"
	"strings"
)

// StartSpec is what a node's command line depends on besides the version. All fields but Locality, CertsDir and
// StoreBytes are needed; the caller has checked them.
type StartSpec struct {
	Version Version
	// Store is the data directory, relative to the working directory or absolute. It must hold no comma.
	Store string
	// StoreBytes is how much of the disk the store may use, in bytes; 0 leaves the flag out. See StoreBytes for the rule.
	StoreBytes int64
	// Listen is where SQL and node-to-node traffic is accepted, an empty Host meaning all addresses.
	Listen Address
	// HTTP is where the web pages, probes and metrics are served, an empty Host meaning all addresses.
	HTTP Address
	// Advertise is the address that other nodes and clients use.
	Advertise Address
	// Join lists nodes to ask for the cluster, the same list on each node. It is never empty: before v20.2 a start without
	// it creates a cluster of its own at once.
	Join []Address
	// CacheBytes and SQLBytes are the store cache and the memory for SQL, in bytes of the task's memory. Never a share:
	// which releases see a container's memory limit is uncertain, and a share of the whole machine kills the task.
	CacheBytes, SQLBytes int64
	// CertsDir is the folder with ca.crt, node.crt and node.key, relative to the working directory or absolute. Empty starts a
	// node without certificates, which takes part in no cluster that has them.
	CertsDir string
	// Locality is "region=a,zone=b", most inclusive tier first; empty leaves the flag out.
	Locality string
}

// StartCommand is the argument list of `cockroach` that starts a node, without the name of the binary. Logs stay at the
// database's own place, the folder logs in the store, where it rotates them: they outlive the sandbox and cannot fill it.
// --background, --pid-file and --listening-url-file are left out: the helper supervises the process itself, and the files
// are written before a node is in a cluster (cockroachdb docs, cockroach start).
func StartCommand(s StartSpec) []string {
	args := []string{"start", securityFlag(s.CertsDir), "--store=" + storeFlag(s)}
	switch {
	case s.Version.Has(ListenHost):
		args = append(args, oldAddressFlags(s)...)
	case s.Version.Has(ListenAddr):
		args = append(args,
			"--listen-addr="+s.Listen.String(),
			"--http-addr="+s.HTTP.String(),
			"--advertise-addr="+s.Advertise.String())
	}
	joins := make([]string, len(s.Join))
	for i, j := range s.Join {
		joins[i] = j.String()
	}
	args = append(args,
		"--join="+strings.Join(joins, ","),
		"--cache="+strconv.FormatInt(s.CacheBytes, 10),
		"--max-sql-memory="+strconv.FormatInt(s.SQLBytes, 10))
	if s.Locality != "" {
		args = append(args, "--locality="+s.Locality)
	}
	return args
}

// oldAddressFlags is the v2.0 spelling: hosts and ports apart, and a host left out for "all addresses".
func oldAddressFlags(s StartSpec) []string {
	var args []string
	if s.Listen.Host != "" {
		args = append(args, "--host="+s.Listen.Host)
	}
	args = append(args, "--port="+strconv.Itoa(s.Listen.Port))
	if s.HTTP.Host != "" {
		args = append(args, "--http-host="+s.HTTP.Host)
	}
	args = append(args, "--http-port="+strconv.Itoa(s.HTTP.Port), "--advertise-host="+s.Advertise.Host)
	if s.Advertise.Port != s.Listen.Port && s.Version.Has(AdvertisePort) {
		args = append(args, "--advertise-port="+strconv.Itoa(s.Advertise.Port))
	}
	return args
}

func storeFlag(s StartSpec) string {
	if s.StoreBytes == 0 {
		return "path=" + s.Store
	}
	return fmt.Sprintf("path=%s,size=%d", s.Store, s.StoreBytes)
}

// VersionCommand is the argument list that prints the build facts; ParseBuildTag reads them. `version --build-tag` is
// newer than half of the supported releases, so the long form is used for all.
func VersionCommand() []string { return []string{"version"} }

// ParseBuildTag finds the release in the output of `cockroach version`: the line "Build Tag:", padded differently by
// version. A build that is no release ("v20.1.5-17-gabcdef", "unknown") is an error that shows the tag.
func ParseBuildTag(output string) (Version, error) {
	for line := range strings.Lines(output) {
		name, value, found := strings.Cut(line, ":")
		if !found || strings.TrimSpace(name) != "Build Tag" {
			continue
		}
		v, err := Parse(value)
		if err != nil {
			return Version{}, fmt.Errorf("the binary's build tag is %q, which is no release", strings.TrimSpace(value))
		}
		return v, nil
	}
	return Version{}, fmt.Errorf("the output of `cockroach version` has no line \"Build Tag:\"")
}
