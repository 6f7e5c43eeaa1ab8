package api

// The types of this file are a target in the shape of the SDK's stored ServiceSpec (kebab-case), which is what
// `debug config show` and scripts expect. Fields that this service has no use for are sent empty, as the SDK sends them.
// The placement rule is the constraint as it was written: the SDK's tree of rules is its own affair. The three fields of
// discovery are ours.

type serviceSpec struct {
	Name       string    `json:"name"`
	Role       string    `json:"role"`
	Principal  string    `json:"principal"`
	User       string    `json:"user"`
	Goal       string    `json:"goal"`
	Region     *string   `json:"region"`
	WebURL     *string   `json:"web-url"`
	Zookeeper  string    `json:"zookeeper"`
	Replace    *string   `json:"replacement-failure-policy"`
	PodSpecs   []podSpec `json:"pod-specs"`
	Discovery  string    `json:"discovery"`
	TaskDomain string    `json:"task-domain"`
	VIPDomain  string    `json:"vip-domain"`
}

type podSpec struct {
	Type      string        `json:"type"`
	User      string        `json:"user"`
	Count     int           `json:"count"`
	Image     *string       `json:"image"`
	Networks  []networkSpec `json:"networks"`
	RLimits   []string      `json:"rlimits"`
	URIs      []string      `json:"uris"`
	TaskSpecs []taskSpec    `json:"task-specs"`
	Placement *string       `json:"placement-rule"`
	Volumes   []string      `json:"volumes"`
	Role      string        `json:"pre-reserved-role"`
	Secrets   []string      `json:"secrets"`
	PIDs      bool          `json:"share-pid-namespace"`
	Host      []string      `json:"host-volumes"`
	External  []string      `json:"external-volumes"`
	Seccomp   *bool         `json:"seccomp-unconfined"`
	Profile   *string       `json:"seccomp-profile-name"`
	Shrink    bool          `json:"allow-decommission"`
}

type networkSpec struct {
	Name string `json:"name"`
}

type taskSpec struct {
	Name      string         `json:"name"`
	Goal      string         `json:"goal"`
	Essential bool           `json:"essential"`
	Resources resourceSet    `json:"resource-set"`
	Command   commandSpec    `json:"command-spec"`
	Labels    map[string]any `json:"task-labels"`
	Health    *checkSpec     `json:"health-check-spec"`
	Readiness *checkSpec     `json:"readiness-check-spec"`
	Files     []string       `json:"config-files"`
	Discovery *string        `json:"discovery-spec"`
	KillGrace int            `json:"kill-grace-period"`
	TLS       []string       `json:"transport-encryption"`
}

type resourceSet struct {
	ID        string         `json:"id"`
	Resources []resourceSpec `json:"resource-specifications"`
	Volumes   []volumeSpec   `json:"volume-specifications"`
	Role      string         `json:"role"`
	Principal string         `json:"principal"`
}

type resourceSpec struct {
	Name      string  `json:"name"`
	Value     float64 `json:"value"`
	PortName  string  `json:"port-name,omitempty"`
	VIP       string  `json:"vip,omitempty"`
	Advertise bool    `json:"advertise,omitempty"`
}

type volumeSpec struct {
	Type string  `json:"type"`
	Path string  `json:"container-path"`
	Size float64 `json:"size"`
}

type commandSpec struct {
	Value       string            `json:"value"`
	Environment map[string]string `json:"environment"`
}

type checkSpec struct {
	Command  string  `json:"command"`
	Interval float64 `json:"interval"`
	Timeout  float64 `json:"timeout"`
	Delay    float64 `json:"delay"`
	Grace    float64 `json:"grace-period,omitempty"`
	Failures uint32  `json:"max-consecutive-failures,omitempty"`
}
