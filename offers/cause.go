package offers

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Kind tells causes apart.
type Kind string

// Kinds of causes.
const (
	// Short: not enough of a scalar resource is free. Resource, Need and Have are set, and Name in place,
	// where Need is what is wanted on top of what is held.
	Short Kind = "short"
	// PortTaken: a fixed port is not among the free ones. Port and Name are set.
	PortTaken Kind = "port-taken"
	// NoPort: no free port is left for one that may have any number. Name is set.
	NoPort Kind = "no-port"
	// NoMount: no free MOUNT disk is big enough. Need, and Have for the biggest one; Detail if profiles are to blame.
	NoMount Kind = "no-mount"
	// Misplaced: the placement constraint refuses the agent. Verdict is set.
	Misplaced Kind = "placement"
	// Leaving: the agent was announced to go away (Mesos maintenance).
	Leaving Kind = "leaving"
	// Lacking: a reservation that the pod holds is not in the offer. Resource, Need, ID and Name are set.
	Lacking Kind = "reservation-lacking"
	// VolumeLost: the reservation is there, but not the volume on it. ID and Name are set.
	VolumeLost Kind = "volume-lost"
	// VolumeDiffers: the volume held is not the one that is needed. Resource says what differs: type, path, size.
	VolumeDiffers Kind = "volume-differs"
	// Malformed: the requirement itself cannot be met by any agent. Detail says why.
	Malformed Kind = "malformed"
)

// Cause is one reason why an agent was refused, with the numbers in it.
type Cause struct {
	Kind Kind `json:"kind"`
	// Resource is the kind of resource, by its name in Mesos.
	Resource string `json:"resource,omitempty"`
	// Need and Have are in thousandths of the resource's unit (MiB for mem and disk).
	Need tasks.Milli `json:"need,omitempty"`
	Have tasks.Milli `json:"have,omitempty"`
	// Port is a port's number, Name the name of a port or of the pod that holds something.
	Port uint64 `json:"port,omitempty"`
	Name string `json:"name,omitempty"`
	// ID is a resource id or persistence id.
	ID string `json:"id,omitempty"`
	// Detail is what cannot be said in numbers.
	Detail string `json:"detail,omitempty"`
	// Advice is the remedy of a Malformed cause.
	Advice string `json:"advice,omitempty"`
	// Verdict is the placement rule's.
	Verdict *placement.Verdict `json:"verdict,omitempty"`
}

// String is the cause in words.
func (c Cause) String() string {
	switch c.Kind {
	case Short:
		if c.Name != "" {
			return fmt.Sprintf("%s %s needed beyond what %s holds, %s free", c.Resource, c.Need, c.Name, c.Have)
		}
		return fmt.Sprintf("%s %s needed, %s free", c.Resource, c.Need, c.Have)
	case PortTaken:
		return fmt.Sprintf("port %d%s is taken or not offered", c.Port, bracketed(c.Name))
	case NoPort:
		return fmt.Sprintf("no free port is left%s", forPort(c.Name))
	case NoMount:
		switch {
		case c.Detail != "":
			return fmt.Sprintf("no free MOUNT disk of %s or more fits: %s", c.Need, c.Detail)
		case c.Have == 0:
			return fmt.Sprintf("MOUNT disk of %s or more needed, none is free", c.Need)
		}
		return fmt.Sprintf("MOUNT disk of %s or more needed, the biggest free one has %s", c.Need, c.Have)
	case Misplaced:
		return "placement " + c.Verdict.Row + ": " + c.Verdict.String()
	case Leaving:
		return "the agent was announced to go away for maintenance"
	case Lacking:
		return fmt.Sprintf("reservation of %s not in this offer: %s %s, resource id %s", c.Name, c.Resource, c.lacking(), c.ID)
	case VolumeLost:
		return fmt.Sprintf("the reservation of %s is here, but not its volume %s", c.Name, c.ID)
	case VolumeDiffers:
		return fmt.Sprintf("the volume of %s cannot change in place: %s", c.Name, c.Detail)
	}
	return c.Detail
}

func (c Cause) lacking() string {
	if c.Resource == tasks.Ports {
		return fmt.Sprint(c.Port)
	}
	return c.Need.String()
}

// Shortfall is how much is missing, as a share of the need in thousandths: 250 when three quarters are there. Causes
// without amounts count as 1000.
func (c *Cause) Shortfall() int64 {
	if (c.Kind != Short && c.Kind != NoMount) || c.Need <= 0 || c.Detail != "" {
		return 1000
	}
	return int64((c.Need - min(c.Have, c.Need)) * 1000 / c.Need)
}

func bracketed(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

func forPort(name string) string {
	if name == "" {
		return ""
	}
	return " for " + name
}
