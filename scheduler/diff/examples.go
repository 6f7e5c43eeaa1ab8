package diff

import "strings"

// example is one change of one setting.
type example struct {
	name, value string
	// given are other variables that are set before and after.
	given []string
	// what says what the value stands for on the page, where it is not plain.
	what string
}

// A virtual network, because its name means nothing without it.
var virtual = []string{"ENABLE_VIRTUAL_NETWORK=yes"}

// A schedule of backups, because its settings mean nothing without it.
var scheduled = []string{"BACKUP_SCHEDULE=0 2 * * *", "BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=my-bucket", "BACKUP_S3_IAM=true"}

// A passphrase, because a secure cluster needs one; and an authority with one of the finished certificates.
var (
	passphrase = []string{"TLS_CA_PASSPHRASE=a passphrase of the operator"}
	finished   = []string{"API_TLS_CERT=/etc/crdb/api.crt", "API_TLS_KEY=/etc/crdb/api.key", "TLS_CA_CERT=/etc/crdb/ca.crt", "TLS_CLIENT_KEY=/etc/crdb/root.key"}
)

// examples change every setting once from its default to another valid value, and more than once where it depends on the
// value what a change does. A test holds them to the table of settings.
var examples = []example{
	{name: "FRAMEWORK_NAME", value: "/team/crdb"},
	{name: "FRAMEWORK_USER", value: "nobody"},
	{name: "FRAMEWORK_PRINCIPAL", value: "account"},
	{name: "FRAMEWORK_WEB_URL", value: "https://example.org/ui"},
	{name: "SDK_UNINSTALL", value: "true"},
	{name: "NODE_COUNT", value: "5", what: "more"},
	{name: "NODE_COUNT", value: "2", what: "fewer"},
	{name: "NODE_CPUS", value: "2"},
	{name: "NODE_MEM", value: "4096"},
	{name: "NODE_DISK", value: "9000"},
	{name: "NODE_DISK_TYPE", value: "MOUNT"},
	{name: "NODE_SANDBOX_DISK", value: "2048"},
	{name: "NODE_PLACEMENT", value: "rack:GROUP_BY:3"},
	{name: "NODE_KILL_GRACE", value: "2m"},
	{name: "COCKROACH_VERSION", value: "v24.1.5", what: "another patch of the line"},
	{name: "COCKROACH_VERSION", value: "v24.3.2", what: "the next line"},
	{name: "COCKROACH_VERSION", value: "v25.2.1", what: "a line beyond the next regular one"},
	{name: "COCKROACH_VERSION", value: "v23.2.9", what: "an older line"},
	{name: "COCKROACH_URI", value: "https://mirror.example.org/cockroach-v24.1.6.linux-amd64.tgz"},
	{name: "COCKROACH_SHA256", value: strings.Repeat("ab", 32), what: "a sum"},
	{name: "COCKROACH_DIR", value: "cockroach-v24.1.6.linux-amd64"},
	{name: "COCKROACH_HTTP_PORT", value: "8080"},
	{name: "COCKROACH_PG_PORT", value: "5432"},
	{name: "CONTAINER_HTTP_PORT", value: "8080"},
	{name: "CONTAINER_PG_PORT", value: "5432"},
	{name: "COCKROACH_CACHE_SIZE", value: "30%"},
	{name: "COCKROACH_MAX_SQL_MEMORY", value: "30%"},
	{name: "COCKROACH_LISTEN", value: "agent"},
	{name: "SIDE_COUNT", value: "2"},
	{name: "SIDE_CPUS", value: "2"},
	{name: "SIDE_MEM", value: "2000"},
	{name: "SIDE_DISK", value: "9000"},
	{name: "SIDE_DISK_TYPE", value: "MOUNT"},
	{name: "DISCOVERY", value: "address", given: []string{"API_ADVERTISE=10.0.0.5:8090"}},
	{name: "SERVICE_TLD", value: "mesos"},
	{name: "VIP_TLD", value: "vip.example.org"},
	{name: "ENABLE_VIRTUAL_NETWORK", value: "true"},
	{name: "VIRTUAL_NETWORK_NAME", value: "overlay"},
	{name: "VIRTUAL_NETWORK_NAME", value: "overlay", given: virtual, what: "on a virtual network"},
	{name: "MESOS_MASTER", value: "zk://other:2181/mesos"},
	{name: "STATE_STORE", value: "zk://other:2181"},
	{name: "DCOS_SERVICE_ACCOUNT_CREDENTIAL", value: "secrets/account", given: []string{"FRAMEWORK_PRINCIPAL=account"},
		what: "another key, or a first one while FRAMEWORK_PRINCIPAL stays"},
	{name: "AUTH_TOKEN_REFRESH_THRESHOLD_S", value: "60s"},
	{name: "MESOS_TLS", value: "true"},
	{name: "DCOS_CA_FILE", value: "/etc/ssl/dcos-ca.crt"},
	{name: "PORT_API", value: "8091"},
	{name: "PORT0", value: "8092"},
	{name: "TLS_ENABLED", value: "true", given: passphrase, what: "a secure cluster"},
	{name: "TLS_CA_PASSPHRASE", value: "another long passphrase"},
	{name: "TLS_CA_FORMER_PASSPHRASE", value: "the passphrase before", given: passphrase},
	{name: "TLS_CA_CERT", value: "/etc/crdb/ca.crt", given: []string{"TLS_CA_KEY=/etc/crdb/ca.key"}},
	{name: "TLS_CA_KEY", value: "/etc/crdb/ca.key", given: []string{"TLS_CA_CERT=/etc/crdb/ca.crt"}},
	{name: "TLS_CA_EXTRA", value: "/etc/crdb/next.crt", given: []string{"TLS_CA_CERT=/etc/crdb/ca.crt", "TLS_CA_KEY=/etc/crdb/ca.key"}},
	{name: "TLS_NODE_CERT", value: "/etc/crdb/node.crt", given: finished},
	{name: "TLS_NODE_KEY", value: "/etc/crdb/node.key", given: finished},
	{name: "TLS_CLIENT_CERT", value: "/etc/crdb/client.crt", given: finished},
	{name: "TLS_CLIENT_KEY", value: "/etc/crdb/client.key", given: finished},
	{name: "TLS_CA_LIFETIME", value: "43800h"},
	{name: "TLS_NODE_LIFETIME", value: "720h"},
	{name: "TLS_CLIENT_LIFETIME", value: "720h"},
	{name: "TLS_CHANGE", value: "full-stop"},
	{name: "API_ADVERTISE", value: "10.0.0.6:8090"},
	{name: "API_TLS_CERT", value: "/etc/cockroachdb-scheduler/api.crt", given: []string{"API_TLS_KEY=/etc/cockroachdb-scheduler/api.key"}},
	{name: "API_TLS_KEY", value: "/etc/cockroachdb-scheduler/other.key", given: []string{"API_TLS_CERT=/etc/cockroachdb-scheduler/api.crt"}},
	{name: "API_TLS_CA", value: "/etc/cockroachdb-scheduler/ca.crt"},
	{name: "API_TOKEN", value: "/etc/cockroachdb-scheduler/tokens"},
	{name: "COCKROACHDB_NODE_URI", value: "https://mirror.example.org/cockroachdb-node"},
	{name: "EXECUTOR_CPUS", value: "0.2"},
	{name: "EXECUTOR_MEM_MB", value: "64"},
	{name: "EXECUTOR_DISK_MB", value: "512"},
	{name: "ENABLE_BACKOFF", value: "false"},
	{name: "FRAMEWORK_INITIAL_BACKOFF", value: "10s"},
	{name: "FRAMEWORK_BACKOFF_FACTOR", value: "1.5"},
	{name: "FRAMEWORK_MAX_LAUNCH_DELAY", value: "600s"},
	{name: "READINESS_CHECK_INTERVAL", value: "20s"},
	{name: "READINESS_CHECK_TIMEOUT", value: "20s"},
	{name: "NODE_DEPLOY_STRATEGY", value: "parallel"},
	{name: "DATABASE_PROBES", value: "used"},
	{name: "ENABLE_AUTOMATIC_POD_REPLACEMENT", value: "true"},
	{name: "PERMANENT_FAILURE_TIMEOUT_SECS", value: "600s"},
	{name: "MIN_REPLACE_DELAY_SECS", value: "300s"},
	{name: "MAINTENANCE_MOVE_OVER", value: "2h"},
	{name: "BACKUP_SCHEDULE", value: "0 3 * * *", given: scheduled},
	{name: "BACKUP_DATABASES", value: "bank,shop", given: scheduled},
	{name: "BACKUP_S3_BUCKET", value: "other-bucket", given: scheduled},
	{name: "BACKUP_S3_DIR", value: "nightly", given: scheduled},
	{name: "BACKUP_S3_REGION", value: "eu-central-1", given: scheduled},
	{name: "BACKUP_S3_ENDPOINT", value: "store.example.org:9000", given: scheduled},
	{name: "BACKUP_S3_PATH_STYLE", value: "true", given: scheduled},
	{name: "BACKUP_S3_CA_FILE", value: "/etc/ssl/store-ca.crt", given: scheduled},
	{name: "BACKUP_S3_IAM", value: "true"},
	{name: "BACKUP_AWS_ACCESS_KEY_ID", value: "another"},
	{name: "BACKUP_AWS_SECRET_ACCESS_KEY", value: "another"},
	{name: "BACKUP_AWS_SESSION_TOKEN", value: "another"},
	{name: "BACKUP_COMPRESS", value: "zstd", given: scheduled},
	{name: "BACKUP_METHOD", value: "native", given: scheduled},
	{name: "BACKUP_KEEP_COUNT", value: "7", given: scheduled},
	{name: "BACKUP_KEEP_AGE", value: "720h", given: scheduled},
	{name: "BACKUP_CPUS", value: "2"},
	{name: "BACKUP_MEM_MB", value: "1024"},
	{name: "BACKUP_DISK_MB", value: "2048"},
	{name: "BACKUP_PLACEMENT", value: "rack:GROUP_BY:3"},
	{name: "STATSD_UDP_HOST", value: "198.51.100.1", given: []string{"STATSD_UDP_PORT=8125"}, what: "an address"},
	{name: "STATSD_UDP_PORT", value: "8125"},
	{name: "STATSD_POLL_INTERVAL_S", value: "30s"},
	{name: "LOG_LEVEL", value: "debug"},
	{name: "LOG_FORMAT", value: "json"},
}
