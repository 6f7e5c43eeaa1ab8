package offers

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Remedy says what an operator can do about the cause, in one sentence.
func (c Cause) Remedy() string {
	switch c.Kind {
	case Short:
		gap := c.amount(c.Need - min(c.Have, c.Need))
		if c.Name != "" {
			return fmt.Sprintf("Free %s more %s on the agent of %s, ask for less, or let it move to another agent with an empty volume (pod replace %s).",
				gap, c.Resource, c.Name, c.Name)
		}
		return fmt.Sprintf("Free %s more %s on an agent, add an agent with %s %s free, or ask for less.",
			gap, c.Resource, c.amount(c.Need), c.Resource)
	case PortTaken:
		return fmt.Sprintf("Stop what uses port %d on the agents, add it to the ports that the agents offer, or choose another port%s.",
			c.Port, forPort(c.Name))
	case NoPort:
		return "Free ports on an agent, or let the agents offer a wider range of ports."
	case NoMount:
		if c.Detail != "" {
			return "Prepare a disk with a profile that is asked for, or change the profiles of the volume."
		}
		return fmt.Sprintf("Prepare an unused mount of %s MiB or more on an agent, ask for a smaller volume, or use disk type %s.",
			c.Need, tasks.DiskRoot)
	case Misplaced:
		return c.Verdict.Remedy()
	case Leaving:
		return "Wait until the maintenance is over, or add an agent that stays."
	case Lacking:
		return fmt.Sprintf("Wait until what used the reservation has ended; if the agent lost it for good, replace %s (pod replace %s).", c.Name, c.Name)
	case VolumeLost:
		return fmt.Sprintf("The data of %s on this agent is gone; replace it (pod replace %s), and the other nodes copy the data back.", c.Name, c.Name)
	case VolumeDiffers:
		return fmt.Sprintf("Set the volume back to what it was, or replace %s (pod replace %s) to give it a new volume.", c.Name, c.Name)
	}
	return c.Advice
}

// amount is a scalar with its unit.
func (c Cause) amount(value tasks.Milli) string {
	if c.Resource == tasks.Mem || c.Resource == tasks.Disk {
		return value.String() + " MiB"
	}
	return value.String()
}
