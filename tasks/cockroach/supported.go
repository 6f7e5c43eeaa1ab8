package cockroach

import "fmt"

// Oldest and the line after the newest bound what this package has facts about.
var (
	oldest = must("v2.0.0")
	beyond = must("v26.0.0")
)

// DefaultVersion is what a service runs when nothing is configured: the last patch of a long-supported line that runs
// without a licence key (from v24.1.7 on a key is asked for) and that the vendor still offers.
var DefaultVersion = must("v24.1.6")

// withdrawn are production releases that the vendor took back, with the release to use instead.
// Source: the withdrawn marks of CockroachDB's own release list.
var withdrawn = map[Version]string{
	must("v20.1.4"):  "v20.1.6 or later",
	must("v20.1.5"):  "v20.1.6 or later",
	must("v21.1.8"):  "v21.1.9 or later",
	must("v22.1.17"): "v22.1.18 or a later one that was not withdrawn",
	must("v22.1.19"): "v22.1.20 or later",
	must("v22.2.4"):  "v22.2.5 or a later one that was not withdrawn",
	must("v22.2.8"):  "v22.2.9 or later",
	must("v23.1.0"):  "v23.1.1 or later",
	must("v24.2.1"):  "v24.2.2 or later",
}

// licenceFrom holds, by release line, the first patch that asks for a licence key (and throttles a cluster without one).
// Source: the licensing page; every line from 24.3 on asks from its first patch.
var licenceFrom = map[string]Version{
	"23.1": must("v23.1.29"),
	"23.2": must("v23.2.15"),
	"24.1": must("v24.1.7"),
	"24.2": must("v24.2.5"),
}

// Supported is nil for v2.0.0 to the last v25 release. Otherwise the error names the version, the bounds and the remedy.
func (v Version) Supported() error {
	switch {
	case v.Less(oldest):
		return fmt.Errorf("CockroachDB %s is older than %s, the oldest release this service knows: choose %s or later", v, oldest, oldest)
	case !v.Less(beyond):
		return fmt.Errorf("CockroachDB %s is newer than the v25 releases, the newest this service knows: choose one from %s to v25, or update this service", v, oldest)
	case !isLine(v):
		return fmt.Errorf("CockroachDB %s: there is no release line %s (lines are 2.0, 2.1, then year.1 to year.4 from 19.1 on)", v, v.Line())
	}
	return nil
}

// isLine knows which release lines exist: 2.0, 2.1; two a year from 19.1 to 23.2; three in 2024; four from 2025 on.
func isLine(v Version) bool {
	switch {
	case v.Major == 2:
		return v.Minor <= 1
	case v.Major < 19:
		return false
	case v.Major < 24:
		return v.Minor == 1 || v.Minor == 2
	case v.Major == 24:
		return v.Minor >= 1 && v.Minor <= 3
	default:
		return v.Minor >= 1 && v.Minor <= 4
	}
}

// Warnings lists what an operator ought to know before running v: it was withdrawn, it is a pre-release, or it slows
// down without a licence key. Each is one sentence with the remedy. An empty list means nothing to say.
func (v Version) Warnings() []string {
	var out []string
	if instead, ok := withdrawn[v]; ok {
		out = append(out, fmt.Sprintf("CockroachDB %s was withdrawn by its vendor: use %s.", v, instead))
	}
	if v.Pre != "" {
		out = append(out, fmt.Sprintf("CockroachDB %s is a pre-release; its data may not be usable by any later release: use a production release.", v))
	}
	if v.NeedsLicence() {
		out = append(out, fmt.Sprintf("CockroachDB %s allows five open transactions at a time once its grace period ends, unless the cluster setting enterprise.license is set: set a key, or use %s.", v, DefaultVersion))
	}
	return out
}

// NeedsLicence reports whether v throttles a cluster of several nodes that has no licence key.
func (v Version) NeedsLicence() bool {
	if first, ok := licenceFrom[v.Line()]; ok {
		return !v.Less(first)
	}
	return !v.Less(must("v24.3.0"))
}
