package cockroach

// Names of the variables by which the scheduler tells the task helper what to run. They begin with CRDB_ because
// COCKROACH_* would change the database's client commands. docs of each: package tasks/node, settings.go.
const (
	EnvVersion      = "CRDB_VERSION"
	EnvArchive      = "CRDB_ARCHIVE"
	EnvSHA256       = "CRDB_SHA256"
	EnvDir          = "CRDB_DIR"
	EnvStore        = "CRDB_STORE"
	EnvVolumeID     = "CRDB_VOLUME_ID"
	EnvStoreSizeMB  = "CRDB_STORE_SIZE_MB"
	EnvListen       = "CRDB_LISTEN"
	EnvAgentIP      = "CRDB_AGENT_IP"
	EnvPGPort       = "CRDB_PG_PORT"
	EnvHTTPPort     = "CRDB_HTTP_PORT"
	EnvAdvertise    = "CRDB_ADVERTISE"
	EnvJoin         = "CRDB_JOIN"
	EnvJoinHTTP     = "CRDB_JOIN_HTTP"
	EnvCache        = "CRDB_CACHE"
	EnvMaxSQLMemory = "CRDB_MAX_SQL_MEMORY"
	EnvMemMB        = "CRDB_MEM_MB"
	EnvLocality     = "CRDB_LOCALITY"
	EnvInit         = "CRDB_INIT"
	EnvClusterID    = "CRDB_CLUSTER_ID"
	EnvDeadNodes    = "CRDB_DEAD_NODES"
	EnvService      = "CRDB_SERVICE"
	EnvScheduler    = "CRDB_SCHEDULER"
	EnvTaskID       = "CRDB_TASK_ID"
	EnvTaskName     = "CRDB_TASK_NAME"
	EnvKillGrace    = "CRDB_KILL_GRACE"
	EnvWaitDNS      = "CRDB_WAIT_DNS"
	EnvJob          = "CRDB_JOB"
	EnvJobToken     = "CRDB_JOB_TOKEN"
	EnvTLS          = "CRDB_TLS"
	EnvTLSToken     = "CRDB_TLS_TOKEN"
	EnvTLSName      = "CRDB_TLS_NAME"
	EnvSchedulerCA  = "CRDB_SCHEDULER_CA"
)

// Values of EnvListen.
const (
	// ListenAll accepts connections on every address of the container.
	ListenAll = "all"
	// ListenAgent binds to the agent's own address (EnvAgentIP), so that agents of one machine do not collide.
	ListenAgent = "agent"
)
