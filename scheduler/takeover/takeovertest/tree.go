package takeovertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// address is what Curator writes into nodes above others.
var address = []byte("10.0.0.100")

// Tree is what lies under the service's root, by path, nodes above others included.
func (s *Service) Tree() map[string][]byte {
	tree := map[string][]byte{
		"SchemaVersion": []byte("1"), "servicename": []byte(s.Name), "FrameworkID": must((&mesos.FrameworkID{Value: Framework}).Marshal()),
		"ConfigTarget": []byte(Config), "Configurations": address, "Tasks": address, "Properties": address,
		"Configurations/" + Config: s.spec(), "Configurations/" + OldConfig: s.spec(),
	}
	for key, value := range s.Properties {
		tree["Properties/"+key] = []byte(value)
	}
	for _, task := range s.Tasks {
		at := "Tasks/" + task.FullName()
		tree[at] = address
		tree[at+"/TaskInfo"] = must(s.info(task).Marshal())
		if task.ID != "" && !task.NoStatus {
			tree[at+"/TaskStatus"] = must(s.status(task).Marshal())
		}
		if task.Override != "" {
			tree[at+"/Metadata"], tree[at+"/Metadata/goal-state-override"] = address, []byte(task.Override)
		}
	}
	for path, value := range s.Extra {
		tree[path] = []byte(value)
	}
	for _, path := range s.Without {
		delete(tree, path)
	}
	return tree
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

// spec is the ServiceSpec, in the SDK's kebab-case JSON; what no reader needs is left out.
func (s *Service) spec() []byte {
	type task struct {
		Name string `json:"name"`
		Goal string `json:"goal"`
	}
	type pod struct {
		Type  string   `json:"type"`
		User  *string  `json:"user"`
		Count int      `json:"count"`
		URIs  []string `json:"uris"`
		Tasks []task   `json:"task-specs"`
	}
	var user *string
	if s.User != "" {
		user = &s.User
	}
	nodes := 0
	for _, one := range s.Tasks {
		if one.Pod == "cockroachdb" {
			nodes = max(nodes, one.Index+1)
		}
	}
	uris := []string{"https://downloads.example/assets/cockroach-" + s.Version + ".linux-amd64.tgz", "https://downloads.example/bootstrap.zip"}
	return must(json.Marshal(map[string]any{
		"name": s.Name, "role": s.Role, "principal": s.Principal, "web-url": nil, "zookeeper": "master.mesos:2181", "replacement-failure-policy": nil,
		"pod-specs": []pod{
			{"cockroachdb", user, nodes, uris, []task{{"node-init", "RUNNING"}, {"node-join", "RUNNING"}}},
			{"admin", user, 1, uris, []task{{"backup", "FINISHED"}, {"restore", "FINISHED"}}},
			{"metrics", user, 1, nil, []task{{"server", "RUNNING"}}},
		},
	}))
}

func text(value string) *string { return &value }

func labels(pairs map[string]string) *mesos.Labels {
	out := &mesos.Labels{}
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		out.Labels = append(out.Labels, mesos.Label{Key: key, Value: text(pairs[key])})
	}
	return out
}

func (s *Service) info(t *Task) *mesos.TaskInfo {
	all := map[string]string{"target_configuration": t.Config, "goal_state": "RUNNING", "task_type": t.Pod, "index": fmt.Sprint(t.Index),
		"offer_hostname": t.Host, "offer_attributes": "rack:r1;cores:4.000"}
	maps.Copy(all, t.Labels)
	if t.ID == "" {
		all["transient"] = "true"
	}
	info := &mesos.TaskInfo{Name: t.FullName(), TaskID: mesos.TaskID{Value: t.ID}, AgentID: mesos.AgentID{Value: t.Agent},
		Command: &mesos.CommandInfo{Value: text("./bootstrap && ./start.sh"), Environment: &mesos.Environment{Variables: []mesos.Environment_Variable{
			{Name: "COCKROACH_DIR", Value: text("cockroach-" + s.Version + ".linux-amd64")}, {Name: "FRAMEWORK_NAME", Value: text(s.Name)}}}},
		Container: &mesos.ContainerInfo{Type: mesos.ContainerInfo_MESOS.Enum()}}
	if t.Pod == "cockroachdb" {
		check := mesos.CommandInfo{Value: text("curl -sf localhost:$PORT_HTTP/_admin/v1/health")}
		if s.Style.Custom {
			all["readiness_check"] = "GgsKCWxvY2FsaG9zdA=="
		} else {
			info.Check = &mesos.CheckInfo{Type: mesos.CheckInfo_COMMAND, Command: &mesos.CheckInfo_Command{Command: check}}
		}
		info.HealthCheck = &mesos.HealthCheck{Type: mesos.HealthCheck_COMMAND, Command: &check}
	}
	info.Labels = labels(all)
	for i, amount := range t.Held {
		info.Resources = append(info.Resources, s.resource(amount, fmt.Sprintf("%s-%d", t.Set, i)))
	}
	info.Executor = &mesos.ExecutorInfo{ExecutorID: mesos.ExecutorID{Value: t.Pod + "__" + t.Agent}, Name: text(t.Pod),
		Container: &mesos.ContainerInfo{Type: mesos.ContainerInfo_MESOS.Enum()}}
	if !s.Style.Custom {
		info.Executor.Type, info.Executor.FrameworkID = mesos.ExecutorInfo_DEFAULT, &mesos.FrameworkID{Value: Framework}
	} else {
		info.Executor.Command = &mesos.CommandInfo{Value: text("$MESOS_SANDBOX/executor/bin/executor")}
	}
	for i, amount := range t.Executor {
		info.Executor.Resources = append(info.Executor.Resources, s.resource(amount, fmt.Sprintf("%s-executor-%d", t.Set, i)))
	}
	if t.Network != "" {
		info.Executor.Container.NetworkInfos = []mesos.NetworkInfo{{Name: text(t.Network)}}
	}
	if len(t.Ports) > 0 {
		info.Discovery = &mesos.DiscoveryInfo{Name: text(t.FullName()), Ports: &mesos.Ports{}}
		for _, port := range t.Ports {
			info.Discovery.Ports.Ports = append(info.Discovery.Ports.Ports, mesos.Port{Name: text(port.Name), Number: uint32(port.Number), Protocol: text("tcp")})
		}
	}
	return info
}

func (s *Service) resource(a Amount, id string) mesos.Resource {
	out := mesos.Resource{Name: a.Kind, Type: mesos.SCALAR.Enum()}
	if a.Kind == "ports" {
		out.Type = mesos.RANGES.Enum()
		out.Ranges = &mesos.Value_Ranges{Range: []mesos.Value_Range{{Begin: uint64(a.Value), End: uint64(a.Value)}}}
	} else {
		out.Scalar = &mesos.Value_Scalar{Value: a.Value}
	}
	names := map[string]string{"resource_id": id}
	if s.Style.FrameworkLabel {
		names["framework_id"] = Framework
	}
	reservation := mesos.Resource_ReservationInfo{Principal: text(s.Principal), Labels: labels(names)}
	if s.Style.Refined {
		reservation.Type, reservation.Role = mesos.Resource_ReservationInfo_DYNAMIC.Enum(), text(s.Role)
		out.Reservations = []mesos.Resource_ReservationInfo{reservation}
	} else {
		out.Role, out.Reservation = text(s.Role), &reservation
	}
	if a.Volume != "" {
		out.Disk = &mesos.Resource_DiskInfo{Persistence: &mesos.Resource_DiskInfo_Persistence{ID: "volume-" + id, Principal: text(s.Principal)},
			Volume: &mesos.Volume{Mode: mesos.RW.Enum(), ContainerPath: a.Volume}}
		if a.Mount != "" {
			out.Disk.Source = &mesos.Resource_DiskInfo_Source{Type: mesos.Resource_DiskInfo_Source_MOUNT,
				Mount: &mesos.Resource_DiskInfo_Source_Mount{Root: text(a.Mount)}}
		}
	}
	return out
}

// At is the time of every status, in seconds since 1970.
const At = 1525132800

func (s *Service) status(t *Task) *mesos.TaskStatus {
	out := &mesos.TaskStatus{TaskID: mesos.TaskID{Value: t.ID}, State: t.State.Enum(), AgentID: &mesos.AgentID{Value: t.Agent},
		Timestamp: new(float64(At)), Source: mesos.SOURCE_EXECUTOR.Enum(),
		ContainerStatus: &mesos.ContainerStatus{NetworkInfos: []mesos.NetworkInfo{{IPAddresses: []mesos.NetworkInfo_IPAddress{{IPAddress: text(t.IP)}}}}}}
	if t.Pod != "cockroachdb" || t.State != mesos.TASK_RUNNING {
		return out
	}
	switch {
	case s.Style.Custom && t.Ready:
		out.Labels = labels(map[string]string{"readiness_check_passed": "true"})
	case !s.Style.Custom:
		out.CheckStatus = &mesos.CheckStatusInfo{Type: mesos.CheckInfo_COMMAND.Enum(), Command: &mesos.CheckStatusInfo_Command{}}
		if t.Ready {
			out.CheckStatus.Command.ExitCode = new(int32(0))
		}
	}
	return out
}
