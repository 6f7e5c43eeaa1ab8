package launch

import (
	"math"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Names of the ports that the database listens on.
const (
	pgPort   = "pg"
	httpPort = "http"
)

// database sets what the task helper must know of this launch (the contract is tasks/cockroach, contract.go); what is the
// same for every node of a target (version, cache, store, listen) stands in the spec's environment.
func database(v *variables, l Launch, pod tasks.PodSpec, spec tasks.TaskSpec) {
	service, record := l.Target.Service, l.Record
	if pod.Network == "" { // a container on a virtual network does not have its agent's address, and nobody reaches it there
		v.set(cockroach.EnvAgentIP, agentAddress(record.Agent))
	}
	v.set(cockroach.EnvPGPort, strconv.FormatUint(record.Ports[pgPort], 10))
	v.set(cockroach.EnvHTTPPort, strconv.FormatUint(record.Ports[httpPort], 10))
	v.set(cockroach.EnvAdvertise, advertised(service, record))
	v.set(cockroach.EnvJoin, strings.Join(record.Join, ","))
	if record.Init {
		v.set(cockroach.EnvInit, "true")
	}
	if record.ClusterID != "" {
		v.set(cockroach.EnvClusterID, record.ClusterID)
	}
	if len(record.DeadNodes) > 0 && !record.Idling { // a paused task runs no database to tell
		v.set(cockroach.EnvDeadNodes, commaList(record.DeadNodes))
	}
	for _, held := range record.Held {
		if id := held.Resource.PersistenceID(); id != "" {
			v.set(cockroach.EnvVolumeID, id)
			// A MOUNT disk is taken whole, so it may be larger than what the spec asks for.
			v.set(cockroach.EnvStoreSizeMB, strconv.Itoa(int(held.Resource.Scalar.Float())))
		}
	}
	if region, zone := record.Agent.Region, record.Agent.Zone; region != "" && zone != "" {
		v.set(cockroach.EnvLocality, "region="+region+",zone="+zone)
	}
	if service.Discovery != tasks.DiscoverAddress {
		v.set(cockroach.EnvWaitDNS, "true")
	}
	if service.Secure {
		v.set(cockroach.EnvTLSName, tasks.CertificateNames(service, pod, record)[0])
		if record.Enrolment != nil { // a paused task gets no certificate
			v.set(cockroach.EnvTLSToken, record.Enrolment.Token)
		}
	}
	v.set(cockroach.EnvKillGrace, strconv.Itoa(int(math.Ceil(spec.KillGrace.Seconds()))))
}

// helper sets what every sub-command of the task helper must know: who it is, and where the scheduler is.
func helper(v *variables, l Launch) {
	v.set(cockroach.EnvService, l.Target.Service.Name)
	v.set(cockroach.EnvScheduler, l.Target.Service.Scheduler())
	if l.Target.Service.APICA != "" {
		v.set(cockroach.EnvSchedulerCA, l.Target.Service.APICA)
	}
	v.set(cockroach.EnvTaskID, l.Record.TaskID)
	v.set(cockroach.EnvTaskName, l.Record.Task)
	if l.Target.Service.Secure { // nodes, and all that talk to them
		v.set(cockroach.EnvTLS, "true")
	}
}

// job sets what the task of a job must know: which job it is, and where the database is. Everything else it fetches.
func job(v *variables, l Launch, spec tasks.TaskSpec) {
	v.set(cockroach.EnvJoin, strings.Join(l.Record.Join, ","))
	v.set(cockroach.EnvJob, l.Record.Job.ID)
	v.set(cockroach.EnvJobToken, l.Record.Job.Token)
	v.set(cockroach.EnvKillGrace, strconv.Itoa(int(math.Ceil(spec.KillGrace.Seconds()))))
}

// advertised is where the other nodes reach this one: by name where a DNS follows the task from agent to agent, by the
// agent's address where there is none.
func advertised(service tasks.Service, record tasks.Record) string {
	host := agentAddress(record.Agent)
	if service.Discovery != tasks.DiscoverAddress {
		host = service.HostName(record.Task)
	}
	return joinAddress(host, record.Ports[pgPort])
}

func agentAddress(agent tasks.Agent) string {
	if agent.IP != "" {
		return agent.IP
	}
	return agent.Hostname
}

func commaList(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}
