package config

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Settings are all variables that the scheduler knows, in groups: one file a group, with its checks.
type Settings struct {
	Service   Service
	Nodes     Nodes
	Database  Database
	Side      Side
	Discovery Discovery
	Mesos     Mesos
	Security  Security
	TLS       TLS
	API       API
	Access    Access
	Tasks     Tasks
	Operation Operation
	Backup    Backup
	StatsD    StatsD
	Logs      Logs
	Former    Former
}

// check finds what the form of single values cannot show.
func (s Settings) check(f *faults) {
	s.Service.check(f)
	s.Nodes.check(f)
	s.Database.check(f, s.Nodes.Mem)
	s.Discovery.check(f, s.Service.Name)
	s.Mesos.check(f)
	s.Security.check(f, s.Mesos)
	s.TLS.check(f)
	if s.TLS.finished() && s.Access.Cert == "" && !f.broken["API_TLS_CERT"] {
		f.add("API_TLS_CERT", "", "is needed with finished certificates for the nodes: their keys go to the nodes over TLS only",
			"set API_TLS_CERT and API_TLS_KEY, or give the authority's key (TLS_CA_KEY) in place of finished certificates")
	}
	s.API.check(f)
	s.Tasks.check(f)
	s.checkBackup(f)
	s.StatsD.check(f)
	s.checkPlaces(f)
}

// checkPlaces finds ways of addressing the nodes that cannot work together.
func (s Settings) checkPlaces(f *faults) {
	byAddress, virtual := s.Discovery.Mode == tasks.DiscoverAddress, bool(s.Discovery.Virtual)
	if byAddress && virtual {
		f.add("DISCOVERY", s.Discovery.Mode, "names the agents' addresses, and nodes on a virtual network have others",
			"set DISCOVERY=autoip, or leave ENABLE_VIRTUAL_NETWORK out")
	}
	if virtual && s.Database.Listen == cockroach.ListenAgent {
		f.add("COCKROACH_LISTEN", s.Database.Listen, "names the agent's address, which a node on a virtual network does not have",
			"set COCKROACH_LISTEN=all, or leave ENABLE_VIRTUAL_NETWORK out")
	}
	if byAddress && s.API.Advertise == "" {
		f.add("API_ADVERTISE", "", "is needed with DISCOVERY=address: without names, tasks cannot find the scheduler, which serves their helper",
			"set it to host:port at which the agents reach this scheduler, such as 10.0.0.5:8090")
	}
}

// warnings are what may be meant, and is likely not.
func (s Settings) warnings(values map[string]string, today time.Time) []string {
	var list []string
	list = append(list, s.Nodes.warnings()...)
	list = append(list, s.Database.warnings(today, s.Nodes.Mem)...)
	list = append(list, s.Side.warnings()...)
	list = append(list, s.Mesos.warnings()...)
	list = append(list, s.Backup.warnings()...)
	list = append(list, s.TLS.warnings()...)
	if s.Discovery.Mode == tasks.DiscoverMesosDNS {
		if values["SERVICE_TLD"] == "" {
			list = append(list, "DISCOVERY is mesos-dns and SERVICE_TLD is not set: the domain of DC/OS is used; "+
				"set SERVICE_TLD to the domain of your Mesos-DNS, often mesos.")
		}
		if s.API.Advertise == "" {
			list = append(list, "DISCOVERY is mesos-dns and API_ADVERTISE is not set: tasks look for the scheduler at "+
				s.service().API+", a name that only DC/OS knows; set API_ADVERTISE to host:port elsewhere.")
		}
	}
	return append(list, s.warnSecurity()...)
}
