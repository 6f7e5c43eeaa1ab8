package cockroach

// Paths of a node's HTTP port. None of them asks for a login in insecure mode; ReadyPath, LivePath and MetricsPath never do.
// A secure node serves them over TLS on the same port, and answers ReadyPath and LivePath alone over plain HTTP (T:11b).
const (
	// ReadyPath answers 200 while the node accepts SQL clients and 503 before initialisation, while draining, and when the
	// node has lost its liveness. It exists in every release from v2.0 on.
	ReadyPath = "/health?ready=1"
	// LivePath answers 200 as soon as the process serves HTTP, before initialisation and with the quorum lost too.
	LivePath = "/health"
	// MetricsPath is the Prometheus text page. It answers 404 until the node is in a cluster.
	MetricsPath = "/_status/vars"
	// NodeIDMetric is the metric of that page that holds the node's number in the cluster, in all releases from v2.0 on.
	NodeIDMetric = "node_id"
	// ClusterPath answers {"clusterId": "<uuid>", …} once the node is in a cluster, 404 before. A secure node of v2.1 and later
	// wants a login for it and answers 401 then, which tells that there is a cluster and not which: ClusterQuery does.
	ClusterPath = "/_admin/v1/cluster"
)

// Ready reads the status code of ReadyPath.
func Ready(status int) bool { return status == 200 }

// Live reads the status code of LivePath. Any answer of the process counts: a handler that says 503 is a process at work,
// and killing it would cost more than it cures.
func Live(status int) bool { return status > 0 }

// Membership is what the status code of MetricsPath or ClusterPath says about a node.
type Membership int

// What a node can say about its membership.
const (
	// MemberUnknown: the answer proves nothing.
	MemberUnknown Membership = iota
	// NotMember: the node waits to be initialised or to join.
	NotMember
	// Member: the node belongs to an initialised cluster.
	Member
)

// ReadMembership judges the status code of MetricsPath or ClusterPath. Only 200 and 401 prove a
// cluster, the second without its id, and only 404 its absence.
func ReadMembership(status int) Membership {
	switch status {
	case 200, 401:
		return Member
	case 404:
		return NotMember
	}
	return MemberUnknown
}
