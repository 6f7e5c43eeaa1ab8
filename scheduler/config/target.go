package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Version is the database's version. It is only meant for settings without faults.
func (s Settings) Version() cockroach.Version {
	version, _, _ := s.Database.version()
	return version
}

// Port is the port of the API: PORT_API, else PORT0.
func (s Settings) Port() uint64 { return s.API.port() }

// Root is the service's folder in the store: dcos-service-<name>, as DC/OS' framework cleaner expects it.
func (s Settings) Root() string { return "dcos-service-" + tasks.Escaped(s.Service.Name) }

// BackOff is how crash loops are slowed down; without ENABLE_BACKOFF every wait is zero.
func (s Settings) BackOff() core.BackOff {
	if !s.Tasks.BackOff {
		return core.BackOff{Factor: 1}
	}
	return core.BackOff{First: time.Duration(s.Tasks.BackOffFirst), Factor: tasks.Milli(s.Tasks.BackOffFactor).Float(),
		Most: time.Duration(s.Tasks.BackOffMost)}
}

// Target is what these settings ask for. Its id is empty. It is only meant for settings without faults.
func (s Settings) Target() tasks.Target {
	return tasks.Target{Service: s.service(), Pods: []tasks.PodSpec{s.nodePod(), s.metricsPod(), s.adminPod()}}
}

func (s Settings) service() tasks.Service {
	service := tasks.Service{
		Name: s.Service.Name, Role: tasks.Role(s.Service.Name), Principal: s.Service.Principal, User: s.Service.User,
		Discovery: s.Discovery.Mode, TaskDomain: s.Discovery.TaskTLD, VIPDomain: s.Discovery.VIPTLD,
		API: s.API.Advertise, WebURL: s.Service.WebURL, Secure: bool(s.TLS.Enabled), APITLS: s.Access.Cert != "",
	}
	if service.APITLS && isPEM(s.Access.CA) { // a path is one whose file was not looked at
		service.APICA = s.Access.CA
	}
	if account, given := s.Account(); given && service.Principal == "" {
		// A master takes a framework only as the principal that its token proves.
		service.Principal = account.UID
	}
	if service.Principal == "" {
		service.Principal = tasks.Principal(s.Service.Name)
	}
	if servers, ok := strings.CutPrefix(s.Mesos.Store, "zk://"); ok {
		service.Zookeeper = servers
	}
	if service.API == "" {
		// Packages give the scheduler's port the virtual address /api.<name>:80, and DC/OS takes the slashes out.
		service.API = fmt.Sprintf("api.%s.marathon.%s:80", strings.ReplaceAll(s.Service.Name, "/", ""), s.Discovery.VIPTLD)
	}
	return service
}

func (s Settings) overhead() tasks.Need {
	return tasks.Need{CPUs: tasks.Milli(s.Tasks.ExecutorCPUs), Mem: tasks.Whole(int64(s.Tasks.ExecutorMem)),
		Disk: tasks.Whole(int64(s.Tasks.ExecutorDisk))}
}

// helperURI is where tasks fetch cockroachdb-node: from the scheduler, or from where the setting says.
func (s Settings) helperURI() tasks.URI {
	if s.Tasks.NodeURI != "" {
		return tasks.URI{Value: s.Tasks.NodeURI, Executable: true, OutputFile: helper}
	}
	return tasks.URI{Artifact: helper, Executable: true, OutputFile: helper}
}
