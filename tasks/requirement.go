package tasks

// Need is what one container needs of an agent. Zero amounts are not asked for.
type Need struct {
	CPUs Milli `json:"cpus,omitempty"`
	Mem  Milli `json:"mem,omitempty"`
	// Disk is scratch space in the sandbox, in MiB; the database's own space is the volume.
	Disk   Milli       `json:"disk,omitempty"`
	Ports  []PortNeed  `json:"ports,omitempty"`
	Volume *VolumeNeed `json:"volume,omitempty"`
}

// PortNeed is a named port; 0 means any that is offered.
type PortNeed struct {
	Name string `json:"name"`
	Port uint64 `json:"port"`
}

// VolumeNeed is a persistent volume. ROOT takes exactly Size of the root disk, MOUNT takes one whole disk of at least Size.
type VolumeNeed struct {
	// Path is where it shows in the sandbox, one relative path element.
	Path string `json:"path"`
	Type string `json:"type"`
	Size Milli  `json:"size"`
	// Profiles are the disk profiles that a MOUNT disk may have; empty accepts only disks without a profile.
	Profiles []string `json:"profiles,omitempty"`
}

// Holder says which container a reservation is for.
type Holder string

// Holders.
const (
	ForTask     Holder = "task"
	ForExecutor Holder = "executor"
)

// Held is one reservation that a pod holds: the whole resource with its stack of reservations and, for a volume, its
// persistence id. The resource id is the label LabelResourceID of its topmost reservation.
type Held struct {
	For      Holder   `json:"for"`
	Resource Resource `json:"resource"`
	// Port names the port for which a ports resource is held.
	Port string `json:"port,omitempty"`
}

// ID is the resource id.
func (h Held) ID() string { return h.Resource.Label(LabelResourceID) }

// Placed is where another task of the service is: what placement rules count.
type Placed struct {
	Pod   Pod
	Task  string
	Agent Agent
}

// Requirement is what a step needs from an offer. It is a value: plans name it, the core fills it from target and
// records, offers answers it.
type Requirement struct {
	Pod  Pod
	Task string
	// Executor and Main are the needs of the two containers: executor overhead and the task.
	Executor Need
	Main     Need
	// Placement is the constraint as written. It is looked at for a new place only, never for a launch in place
	// (the SDK's rule: a changed constraint moves nothing by itself).
	Placement string
	// Others are all other placed tasks of the service, those of this very pod left out.
	Others []Placed
	// Held and AgentID are set for a launch in place: on this agent, on these reservations.
	Held    []Held
	AgentID string
	// Remake lets reservations that are missing be made again under their ids, never a volume. It is for a launch in
	// place that has waited while its agent offered the rest: what is missing is then not just still in use by an
	// executor that is about to end, but lost with an ACCEPT, or taken away by an operator.
	Remake bool
	// Leaving are the ids of agents that were announced to go away: no new place for anybody.
	Leaving map[string]bool
	// HostPorts is false on a virtual network, where ports take nothing from the agent.
	HostPorts bool
	// Role, Principal and FrameworkID go onto new reservations.
	Role        string
	Principal   string
	FrameworkID string
}

// InPlace says that the launch reuses what the pod holds.
func (r Requirement) InPlace() bool { return r.AgentID != "" }
