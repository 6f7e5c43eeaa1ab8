package wire

// Message answers a command that has nothing else to say, for example
// {"message": "Received cmd: refresh"}.
type Message struct {
	Message string `json:"message"`
}

// Health is the answer to GET /v1/health.
type Health struct {
	// Value is also the HTTP status of the answer (sdk: HealthResource.java),
	// except where HTTP allows no body with that status (204, 205).
	Value   int          `json:"value"`
	Reasons List[string] `json:"reasons,omitempty"` // with ?verbose=true
}

// Version is the answer to GET /v1/version, which is ours: the SDK has none.
type Version struct {
	Scheduler string `json:"scheduler"` // the scheduler's build, "1.0.0"
	Database  string `json:"database"`  // the target's database, "v24.1.6"
}
