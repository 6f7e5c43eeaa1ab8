package tasks

// Kinds of resources, by their names in Mesos.
const (
	CPUs  = "cpus"
	Mem   = "mem"
	Disk  = "disk"
	GPUs  = "gpus"
	Ports = "ports"
)

// Resource is one resource of an offer or of a reservation, flat: a scalar or a set of port ranges, the stack of
// reservations on it, and what is special about it if it is disk. The older form of reservations (role plus
// reservation) is turned into the same stack on the way in.
type Resource struct {
	// Kind is the name in Mesos: cpus, mem, disk, gpus, ports or one that we do not know.
	Kind string `json:"kind"`
	// Scalar is the amount for everything but ports, in thousandths.
	Scalar Milli `json:"scalar,omitempty"`
	// Ranges are the ports, inclusive at both ends.
	Ranges []PortRange `json:"ranges,omitempty"`
	// Reservations is the stack, outermost last; empty means unreserved.
	Reservations []Reservation `json:"reservations,omitempty"`
	// AllocatedTo is the role that the resource is offered to.
	AllocatedTo string `json:"allocated_to,omitempty"`
	// Disk tells root disk from a mount and names a persistent volume; nil for plain root disk and all other kinds.
	Disk *DiskInfo `json:"disk,omitempty"`
	// Provider is the resource provider's id, empty for the agent itself.
	Provider string `json:"provider,omitempty"`
	// Revocable resources can be taken back at any time, shared ones are used by several tasks: neither is for us.
	Revocable bool `json:"revocable,omitempty"`
	Shared    bool `json:"shared,omitempty"`
}

// PortRange is a range of ports, inclusive at both ends.
type PortRange struct {
	Begin uint64 `json:"begin"`
	End   uint64 `json:"end"`
}

// Reservation is one entry of a resource's stack.
type Reservation struct {
	// Dynamic reservations are made by frameworks and operators, static ones by an agent's configuration.
	Dynamic   bool    `json:"dynamic"`
	Role      string  `json:"role"`
	Principal string  `json:"principal,omitempty"`
	Labels    []Label `json:"labels,omitempty"`
}

// Label is a key and a value, as Mesos keeps them on reservations and tasks.
type Label struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Disk types.
const (
	DiskRoot  = "ROOT"
	DiskMount = "MOUNT"
)

// DiskInfo says what is special about a disk resource.
type DiskInfo struct {
	// Type is ROOT, MOUNT, PATH, BLOCK or RAW.
	Type string `json:"type,omitempty"`
	// Root is the path of a MOUNT or PATH disk on the agent.
	Root string `json:"root,omitempty"`
	// ID, Profile and Vendor identify a disk of a storage provider.
	ID      string `json:"id,omitempty"`
	Profile string `json:"profile,omitempty"`
	Vendor  string `json:"vendor,omitempty"`
	// PersistenceID is the volume's id; empty while no volume was created on the disk.
	PersistenceID string `json:"persistence_id,omitempty"`
	// Principal created the volume.
	Principal string `json:"principal,omitempty"`
	// ContainerPath is where the volume shows in the sandbox, one relative path element.
	ContainerPath string `json:"container_path,omitempty"`
}

// Labels on our reservations. The resource id joins an offered resource to a record; the framework id tells our
// reservations from those of another framework in the same role (DC/OS SDK, design section 5).
const (
	LabelResourceID  = "resource_id"
	LabelFrameworkID = "framework_id"
)

// Label gives the value of a label of the topmost dynamic reservation, empty when there is none.
func (r Resource) Label(key string) string {
	top, ok := r.Top()
	if !ok || !top.Dynamic {
		return ""
	}
	for _, label := range top.Labels {
		if label.Key == key {
			return label.Value
		}
	}
	return ""
}

// Top is the topmost reservation of the stack.
func (r Resource) Top() (Reservation, bool) {
	if len(r.Reservations) == 0 {
		return Reservation{}, false
	}
	return r.Reservations[len(r.Reservations)-1], true
}

// Unreserved says that nobody has reserved the resource.
func (r Resource) Unreserved() bool { return len(r.Reservations) == 0 }

// PersistenceID is the id of the persistent volume on the resource, empty when there is none.
func (r Resource) PersistenceID() string {
	if r.Disk == nil {
		return ""
	}
	return r.Disk.PersistenceID
}

// DiskType is ROOT for plain disk, else what the disk says.
func (r Resource) DiskType() string {
	if r.Disk == nil || r.Disk.Type == "" {
		return DiskRoot
	}
	return r.Disk.Type
}

// WithoutVolume is the same disk as it must be named once its volume was destroyed: Mesos wants UNRESERVE without
// the volume, but with the disk's source.
func (r Resource) WithoutVolume() Resource {
	if r.Disk == nil {
		return r
	}
	disk := *r.Disk
	disk.PersistenceID, disk.Principal, disk.ContainerPath = "", "", ""
	r.Disk = &disk
	if disk == (DiskInfo{}) || disk == (DiskInfo{Type: DiskRoot}) {
		r.Disk = nil
	}
	return r
}
