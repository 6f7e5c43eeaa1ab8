package api

import (
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// specOf shows a target in the SDK's shape.
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
		Secrets: []string{}, Host: []string{}, External: []string{}}
	if pod.Network != "" {
		spec.Networks = append(spec.Networks, networkSpec{Name: pod.Network})
	}
	for _, uri := range pod.URIs {
		spec.URIs = append(spec.URIs, service.Fetch(uri))
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
