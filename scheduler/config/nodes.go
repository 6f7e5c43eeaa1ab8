package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Nodes says how many database nodes there are, and what each takes of an agent.
type Nodes struct {
	Count     Count    `env:"NODE_COUNT" envDefault:"3" min:"1" max:"1000" help:"Number of database nodes. It may grow; every added node joins the running cluster. It may not shrink."`
	CPUs      Amount   `env:"NODE_CPUS" envDefault:"1" min:"0.01" max:"1024" help:"CPUs of a node."`
	Mem       Count    `env:"NODE_MEM" envDefault:"3000" min:"256" max:"16777216" help:"Memory of a node in MB. Cache and SQL memory are parts of it."`
	Disk      Count    `env:"NODE_DISK" envDefault:"5000" min:"32" max:"1073741824" help:"Size of a node's persistent volume in MB. It never changes after the first deployment."`
	DiskType  string   `env:"NODE_DISK_TYPE" envDefault:"ROOT" choices:"ROOT,MOUNT" help:"ROOT takes a slice of the agent's root disk, MOUNT a whole disk of at least that size. It never changes after the first deployment."`
	Sandbox   Count    `env:"NODE_SANDBOX_DISK" envDefault:"1024" min:"64" max:"1048576" help:"Disk of a node's sandbox in MB, for the archive and what is unpacked of it. Agents that enforce disk quotas kill a task that needs more."`
	Placement string   `env:"NODE_PLACEMENT" envDefault:"hostname:UNIQUE" blank:"[]" help:"Where nodes may run, as a Marathon constraint: colon form (hostname:UNIQUE) or JSON ([[\"@zone\",\"GROUP_BY\",\"3\"]]). Set to nothing, or [], it means anywhere. A change moves no running node."`
	Grace     Duration `env:"NODE_KILL_GRACE" min:"10s" max:"1h" help:"Time that a node has to drain between SIGTERM and SIGKILL. Empty means what its version needs: 5m, or 90s up to v19.2.5, which stops by itself after a minute."`
}

func (n Nodes) check(f *faults) {
	_, err := placement.Parse(n.Placement)
	var parse *placement.ParseError
	if errors.As(err, &parse) {
		for _, fault := range parse.Faults {
			f.add("NODE_PLACEMENT", n.Placement, fault.Problem(), asClause(fault.Remedy))
		}
	}
}

// asClause makes a sentence the second half of a line, as all remedies are here.
func asClause(sentence string) string {
	if sentence == "" {
		return ""
	}
	return strings.ToLower(sentence[:1]) + strings.TrimSuffix(sentence[1:], ".")
}

// warnings: CockroachDB keeps three copies of everything, and two of them must be up.
func (n Nodes) warnings() []string {
	var list []string
	if n.Count == 1 || n.Count == 2 {
		list = append(list, fmt.Sprintf("NODE_COUNT is %d: the database stops when one node is lost; three nodes survive that.", n.Count))
	}
	if n.Disk > 0 && n.Disk < cockroach.MinStoreMB {
		list = append(list, fmt.Sprintf("NODE_DISK is %d MB, and CockroachDB limits a store to no less than %d MB: "+
			"it runs without a limit and may fill the disk.", n.Disk, cockroach.MinStoreMB))
	}
	return list
}

// constraint is the placement as the target holds it, where anywhere is the empty text.
func (n Nodes) constraint() string {
	if n.Placement == anywhere || n.Placement == "null" {
		return ""
	}
	return n.Placement
}

// anywhere is a constraint without rows, which NODE_PLACEMENT set to nothing stands for: packages say "anywhere" so.
const anywhere = "[]"
