package plans

// Status is the status of a plan, phase or step, by its name in the SDK.
type Status string

// Statuses of the SDK.
const (
	Error      Status = "ERROR"
	Waiting    Status = "WAITING"
	Pending    Status = "PENDING"
	Prepared   Status = "PREPARED"
	Starting   Status = "STARTING"
	Started    Status = "STARTED"
	Complete   Status = "COMPLETE"
	InProgress Status = "IN_PROGRESS"
	Delayed    Status = "DELAYED"
)

// Strategy says which children of a plan or phase may run.
type Strategy string

// Serial runs a child once all earlier ones are complete, Parallel runs all. Dependency is what the SDK calls the strategy of
// a plan whose phases know themselves what they wait for; here it is as good as Parallel.
const (
	Serial     Strategy = "serial"
	Parallel   Strategy = "parallel"
	Dependency Strategy = "dependency"
)

// candidates are the indices of the children that the strategy would run next.
func (s Strategy) candidates(children []Status) []int {
	var open []int
	for i, status := range children {
		if status == Complete {
			continue
		}
		open = append(open, i)
		if s == Serial {
			break
		}
	}
	return open
}

// aggregate rolls the statuses of children up into the parent's: the first rule that matches wins, in the order of
// the SDK (PlanUtils.getAggregateStatus).
func aggregate(strategy Strategy, children []Status, failed, interrupted bool) Status {
	open := strategy.candidates(children)
	all := func(status Status) bool { return count(children, status) == len(children) }
	any := func(status Status) bool { return count(children, status) > 0 }
	candidate := func(wanted ...Status) bool {
		for _, i := range open {
			for _, status := range wanted {
				if children[i] == status {
					return true
				}
			}
		}
		return false
	}
	allCandidates := func(status Status) bool {
		for _, i := range open {
			if children[i] != status {
				return false
			}
		}
		return true
	}
	switch {
	case failed || any(Error):
		return Error
	case all(Complete):
		return Complete
	case interrupted:
		return Waiting
	case allCandidates(Delayed) && all(Delayed):
		return Delayed
	case any(Prepared):
		return InProgress
	case candidate(Waiting):
		return Waiting
	case candidate(InProgress):
		return InProgress
	case any(Complete) && candidate(Pending, Starting, Started):
		return InProgress
	case candidate(Pending):
		return Pending
	case any(Waiting):
		return Waiting
	case candidate(Starting):
		return Starting
	case candidate(Started):
		return Started
	case candidate(Delayed):
		// The SDK falls through to ERROR here when some children wait out a delay and others are complete; a delay is
		// not an error, so it is shown as what it is.
		return Delayed
	}
	return Error
}

func count(children []Status, wanted Status) int {
	n := 0
	for _, status := range children {
		if status == wanted {
			n++
		}
	}
	return n
}
