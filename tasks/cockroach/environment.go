package cockroach

import (
	"slices"
	"strings"
)

// Channel marks in the database's own usage reports how it was installed.
const Channel = "mesosphere-dcos"

// inherited are the variables of the task that a node may see. Everything else is left out: COCKROACH_* changes client
// commands silently, CRDB_*, MESOS_* and LIBPROCESS_* are ours and the agent's, and a node shows parts of its environment
// on its status pages. Proxies, certificates and AWS_* stay, for backups to S3 that use the node's own rights.
var inherited = []string{
	"PATH", "HOME", "USER", "TMPDIR", "TZ", "LANG", "LD_LIBRARY_PATH",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR",
	"GODEBUG", "GOTRACEBACK",
}

var inheritedPrefixes = []string{"AWS_", "LC_"}

// Environment is what a node's process gets out of environ, the task's environment as NAME=value: the harmless variables in
// their order, and COCKROACH_CHANNEL.
func Environment(environ []string) []string {
	var out []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if slices.Contains(inherited, name) || slices.ContainsFunc(inheritedPrefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			out = append(out, entry)
		}
	}
	return append(out, "COCKROACH_CHANNEL="+Channel)
}
