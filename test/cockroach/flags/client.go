package flags

import "strings"

// connectRules are the flags that every client command takes.
var connectRules = []rule{
	{"host", "", hostPort, []span{always}},
	{"port", "p", port, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"insecure", "", boolean, []span{always}},
	{"certs-dir", "", text, []span{always}},
	{"logtostderr", "", severity, []span{always}},
	{"no-color", "", boolean, []span{always}},
	{"vmodule", "", text, []span{always}},
	{"log-dir", "", text, []span{always}},
	{"cert-principal-map", "", list, []span{since(20, 1, 0)}},
}

// nameRules guard against talking to another cluster. From 20.2 on, and in the
// later patches of the two lines before it.
var nameRules = []rule{
	{"cluster-name", "", text, []span{since(19, 2, 10).until(20, 1, 0), since(20, 1, 1)}},
	{"disable-cluster-name-verification", "", boolean, []span{since(19, 2, 10).until(20, 1, 0), since(20, 1, 1)}},
}

var (
	urlRules = []rule{{"url", "", text, []span{always}}}
	// userRules are not for the node commands: those are root's (11-certs).
	userRules = []rule{{"user", "u", text, []span{always}}}
)

var formatRule = []rule{{"format", "", display, []span{always}}}

// ownRules are the flags of single commands, beyond the groups above.
var ownRules = map[string][]rule{
	"init": {
		{"virtualized", "", boolean, []span{since(24, 1, 0)}},
		{"virtualized-empty", "", boolean, []span{since(24, 1, 0)}},
	},
	"node ls": {{"timeout", "", duration, []span{always}}},
	"node status": {
		{"timeout", "", duration, []span{always}},
		{"ranges", "", boolean, []span{always}},
		{"stats", "", boolean, []span{always}},
		{"decommission", "", boolean, []span{always}},
		{"all", "", boolean, []span{always}},
	},
	"node decommission": {
		{"wait", "", waitMode, []span{always}},
		{"self", "", boolean, []span{since(20, 2, 0).until(22, 1, 0), since(22, 1, 0, deprecated)}},
		{"checks", "", checks, []span{since(23, 1, 0)}},
		{"dry-run", "", boolean, []span{since(23, 1, 0)}},
	},
	"node recommission": {{"self", "", boolean, []span{since(20, 2, 0).until(22, 1, 0), since(22, 1, 0, deprecated)}}},
	"node drain": {
		{"drain-wait", "", duration, []span{always}},
		{"self", "", boolean, []span{since(22, 1, 0)}},
		{"shutdown", "", boolean, []span{since(24, 2, 0)}},
	},
	"quit": {
		{"decommission", "", boolean, []span{always.until(20, 1, 0), since(20, 1, 0, deprecated).until(20, 2, 0)}},
		{"drain-wait", "", duration, []span{since(19, 1, 9).until(19, 2, 0), since(19, 2, 7).until(20, 1, 0), since(20, 1, 1)}},
	},
	"sql": {
		{"execute", "e", repeated, []span{always}},
		{"database", "d", text, []span{always}},
		{"set", "", repeated, []span{since(2, 1, 0)}},
		{"watch", "", duration, []span{since(19, 2, 0)}},
		{"echo-sql", "", boolean, []span{always}},
		{"safe-updates", "", boolean, []span{always}},
		{"file", "f", text, []span{since(21, 1, 0)}},
		{"read-only", "", boolean, []span{since(21, 1, 0)}},
	},
	"dump": {
		{"dump-mode", "", dumpMode, []span{always}},
		{"as-of", "", text, []span{always}},
		{"dump-all", "", boolean, []span{since(20, 2, 0)}},
		{"echo-sql", "", boolean, []span{always}},
	},
	"version": {{"build-tag", "", boolean, []span{since(21, 1, 0)}}},
}

// rulesOf collects the table of one command.
func rulesOf(command string) []rule {
	var rs []rule
	if strings.HasPrefix(command, "cert ") {
		return append(certRules(command), ownRules[command]...)
	}
	switch command {
	case "start", "start-single-node":
		return startRules
	case "version":
		return ownRules[command]
	case "init":
		rs = append(rs, nameRules...)
	case "node decommission", "node recommission", "node drain", "quit":
		rs = append(rs, nameRules...)
		rs = append(rs, formatRule...)
	case "node ls", "node status":
		rs = append(rs, formatRule...)
		rs = append(rs, urlRules...)
	case "sql":
		rs = append(rs, formatRule...)
		rs = append(rs, urlRules...)
		rs = append(rs, userRules...)
	case "dump":
		rs = append(rs, urlRules...)
		rs = append(rs, userRules...)
	}
	rs = append(rs, connectRules...)
	return append(rs, ownRules[command]...)
}
