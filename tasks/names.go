package tasks

import "strings"

// TaskID makes the id of a new task: <service>__<task>__<uuid>, the service's inner slashes as dots.
func TaskID(service, task, unique string) string {
	return idName(service) + "__" + task + "__" + unique
}

// TaskOf is the task's name in an id that TaskID made, or an older release of the SDK (<task>__<uuid>); empty for any other text.
func TaskOf(id string) string {
	parts := strings.Split(id, "__")
	switch len(parts) {
	case 2:
		return parts[0]
	case 3:
		return parts[1]
	}
	return ""
}

// ExecutorID makes the id of a new executor: <service>__<pod type>__<uuid>.
func ExecutorID(service, podType, unique string) string {
	return idName(service) + "__" + podType + "__" + unique
}

// Role is the default role of a service: its name with inner slashes as two underscores, then -role.
func Role(service string) string { return Escaped(service) + "-role" }

// Principal is the default principal of a service.
func Principal(service string) string { return service + "-principal" }

// Escaped is the service's name where slashes may not stand: /team/crdb becomes team__crdb (roles, ZooKeeper root).
func Escaped(service string) string {
	return strings.ReplaceAll(strings.Trim(service, "/"), "/", "__")
}

// HostName is the DNS name of a task: <task>.<service>.<domain>. Slashes vanish and dots turn into dashes in the
// service's part, as the SDK and DC/OS' DNS have it.
func (s Service) HostName(task string) string {
	return task + "." + dnsName(s.Name) + "." + s.TaskDomain
}

// VIPName is the DNS name of a virtual address: <name>.<service>.<vip domain>.
func (s Service) VIPName(name string) string {
	return name + "." + dnsName(s.Name) + "." + s.VIPDomain
}

func idName(service string) string {
	return strings.ReplaceAll(strings.Trim(service, "/"), "/", ".")
}

func dnsName(service string) string {
	return strings.ReplaceAll(strings.ReplaceAll(service, "/", ""), ".", "-")
}
