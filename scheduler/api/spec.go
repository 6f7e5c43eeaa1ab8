package api

import (
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// The types of this file are a target in the shape of the SDK's stored ServiceSpec (kebab-case, section 1.8), which is
// what `debug config show` and scripts expect.

type serviceSpec struct {
	Name       string    `json:"name"`
	Role       string    `json:"role"`
	Principal  string    `json:"principal"`
	User       string    `json:"user"`
	Goal       string    `json:"goal"`
	Region     *string   `json:"region"`
	WebURL     *string   `json:"web-url"`
	Zookeeper  string    `json:"zookeeper"`
	Replace    *string   `json:"replacement-failure-policy"`
	PodSpecs   []podSpec `json:"pod-specs"`
	Discovery  string    `json:"discovery"`
	TaskDomain string    `json:"task-domain"`
	VIPDomain  string    `json:"vip-domain"`
}

type podSpec struct {
	Type      string        `json:"type"`
	User      string        `json:"user"`
	Count     int           `json:"count"`
	Image     *string       `json:"image"`
	Networks  []networkSpec `json:"networks"`
	RLimits   []string      `json:"rlimits"`
	URIs      []string      `json:"uris"`
	TaskSpecs []taskSpec    `json:"task-specs"`
	Placement *string       `json:"placement-rule"`
	Volumes   []string      `json:"volumes"`
	Role      string        `json:"pre-reserved-role"`
	Secrets   []string      `json:"secrets"`
	PIDs      bool          `json:"share-pid-namespace"`
	Shrink    bool          `json:"allow-decommission"`
}

type networkSpec struct {
	Name string `json:"name"`
}

type taskSpec struct {
	Name      string         `json:"name"`
	Goal      string         `json:"goal"`
	Essential bool           `json:"essential"`
	Resources resourceSet    `json:"resource-set"`
	Command   commandSpec    `json:"command-spec"`
	Labels    map[string]any `json:"task-labels"`
	Health    *checkSpec     `json:"health-check-spec"`
	Readiness *checkSpec     `json:"readiness-check-spec"`
	Files     []string       `json:"config-files"`
	Discovery *string        `json:"discovery-spec"`
	KillGrace int            `json:"kill-grace-period"`
	TLS       []string       `json:"transport-encryption"`
}

type resourceSet struct {
	ID        string         `json:"id"`
	Resources []resourceSpec `json:"resource-specifications"`
	Volumes   []volumeSpec   `json:"volume-specifications"`
	Role      string         `json:"role"`
	Principal string         `json:"principal"`
}

type resourceSpec struct {
	Name      string  `json:"name"`
	Value     float64 `json:"value"`
	PortName  string  `json:"port-name,omitempty"`
	VIP       string  `json:"vip,omitempty"`
	Advertise bool    `json:"advertise,omitempty"`
}

type volumeSpec struct {
	Type string  `json:"type"`
	Path string  `json:"container-path"`
	Size float64 `json:"size"`
}

type commandSpec struct {
	Value       string            `json:"value"`
	Environment map[string]string `json:"environment"`
}

type checkSpec struct {
	Command  string  `json:"command"`
	Interval float64 `json:"interval"`
	Timeout  float64 `json:"timeout"`
	Delay    float64 `json:"delay"`
	Grace    float64 `json:"grace-period,omitempty"`
	Failures uint32  `json:"max-consecutive-failures,omitempty"`
}

func specOf(target tasks.Target) serviceSpec {
	service := target.Service
	spec := serviceSpec{Name: service.Name, Role: service.Role, Principal: service.Principal, User: service.User,
		Goal: "RUNNING", WebURL: optional(service.WebURL), Zookeeper: service.Zookeeper, PodSpecs: []podSpec{},
		Discovery: service.Discovery, TaskDomain: service.TaskDomain, VIPDomain: service.VIPDomain}
	for _, pod := range target.Pods {
		spec.PodSpecs = append(spec.PodSpecs, podSpecOf(service, pod))
	}
	return spec
}

func podSpecOf(service tasks.Service, pod tasks.PodSpec) podSpec {
	spec := podSpec{Type: pod.Type, User: service.User, Count: pod.Count, Networks: []networkSpec{}, RLimits: []string{},
		URIs: []string{}, TaskSpecs: []taskSpec{}, Placement: optional(pod.Placement), Volumes: []string{}, Role: "*",
		Secrets: []string{}}
	if pod.Network != "" {
		spec.Networks = append(spec.Networks, networkSpec{Name: pod.Network})
	}
	for _, uri := range pod.URIs {
		if uri.Artifact != "" {
			spec.URIs = append(spec.URIs, "http://"+service.API+"/v1/artifacts/"+uri.Artifact)
			continue
		}
		spec.URIs = append(spec.URIs, uri.Value)
	}
	for _, task := range pod.Tasks {
		spec.TaskSpecs = append(spec.TaskSpecs, taskSpecOf(service, task))
	}
	return spec
}

func taskSpecOf(service tasks.Service, task tasks.TaskSpec) taskSpec {
	environment := task.Env
	if environment == nil {
		environment = map[string]string{}
	}
	set := resourceSet{ID: task.Name + "-resource-set", Resources: []resourceSpec{}, Volumes: []volumeSpec{},
		Role: service.Role, Principal: service.Principal}
	for _, scalar := range []resourceSpec{{Name: tasks.CPUs, Value: task.Need.CPUs.Float()},
		{Name: tasks.Mem, Value: task.Need.Mem.Float()}, {Name: tasks.Disk, Value: task.Need.Disk.Float()}} {
		if scalar.Value > 0 {
			set.Resources = append(set.Resources, scalar)
		}
	}
	for _, port := range task.Ports {
		set.Resources = append(set.Resources, resourceSpec{Name: tasks.Ports, Value: float64(port.Port), PortName: port.Name,
			VIP: vipOf(port), Advertise: port.Advertise})
	}
	if volume := task.Need.Volume; volume != nil {
		set.Volumes = append(set.Volumes, volumeSpec{Type: volume.Type, Path: volume.Path, Size: volume.Size.Float()})
	}
	return taskSpec{Name: task.Name, Goal: string(task.Goal), Essential: true, Resources: set,
		Command: commandSpec{Value: task.Command, Environment: environment}, Labels: map[string]any{},
		Health: checkOf(task.Health), Readiness: checkOf(task.Readiness), Files: []string{},
		KillGrace: int(task.KillGrace.Seconds()), TLS: []string{}}
}

func checkOf(check *tasks.Check) *checkSpec {
	if check == nil {
		return nil
	}
	return &checkSpec{Command: check.Command, Interval: check.Interval.Seconds(), Timeout: check.Timeout.Seconds(),
		Delay: check.Delay.Seconds(), Grace: check.Grace.Seconds(), Failures: check.Failures}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func vipOf(port tasks.PortSpec) string {
	if port.VIPName == "" {
		return ""
	}
	return port.VIPName + ":" + strconv.FormatUint(port.VIPPort, 10)
}
