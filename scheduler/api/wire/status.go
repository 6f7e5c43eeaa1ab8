package wire

// Status is the state of a plan, phase or step, by the SDK's names
// (sdk: scheduler/plan/Status.java).
type Status string

// The statuses that the API sends. Pausing and Paused are shown for steps alone,
// when all tasks of their pod are paused.
const (
	StatusError      Status = "ERROR"
	StatusWaiting    Status = "WAITING"
	StatusPending    Status = "PENDING"
	StatusPrepared   Status = "PREPARED"
	StatusStarting   Status = "STARTING"
	StatusStarted    Status = "STARTED"
	StatusComplete   Status = "COMPLETE"
	StatusInProgress Status = "IN_PROGRESS"
	StatusDelayed    Status = "DELAYED"
	StatusPausing    Status = "PAUSING"
	StatusPaused     Status = "PAUSED"
)
