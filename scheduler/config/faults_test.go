package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth"
)

// faultCases are environments that must not start; PORT_API=8090 is added where a case does not speak of it. What each
// gives is in testdata/faults.golden.txt.
var faultCases = []struct {
	name string
	env  []string
}{
	{"nothing at all", []string{"PORT_API="}},
	{"a word for a count", []string{"NODE_COUNT=three"}},
	{"a fraction for a count", []string{"NODE_COUNT=3.0"}},
	{"no nodes", []string{"NODE_COUNT=0"}},
	{"a negative count", []string{"NODE_COUNT=-1"}},
	{"a count beyond numbers", []string{"NODE_COUNT=99999999999999999999"}},
	{"equally named settings of two groups", []string{"NODE_MEM=much", "SIDE_CPUS=some", "SIDE_DISK_TYPE=SSD"}},
	{"amounts that are no numbers", []string{"NODE_CPUS=NaN", "SIDE_CPUS=Inf", "EXECUTOR_CPUS=-0.1", "FRAMEWORK_BACKOFF_FACTOR=1e300"}},
	{"amounts below what counts", []string{"NODE_CPUS=0.0001", "EXECUTOR_MEM_MB=31", "NODE_DISK=0"}},
	{"no port", []string{"PORT_API=0", "CONTAINER_PG_PORT=0", "COCKROACH_HTTP_PORT=-1", "COCKROACH_PG_PORT=65536"}},
	{"a broken second port", []string{"PORT_API=", "PORT0=many"}},
	{"colliding ports", []string{"CONTAINER_HTTP_PORT=26257"}},
	{"ports that collide only because both are broken", []string{"CONTAINER_HTTP_PORT=x", "CONTAINER_PG_PORT=y"}},
	{"wrong choices", []string{"NODE_DISK_TYPE=root", "DISCOVERY=dns", "COCKROACH_LISTEN=none", "LOG_LEVEL=loud", "LOG_FORMAT=xml"}},
	{"time spans", []string{"NODE_KILL_GRACE=soon", "READINESS_CHECK_INTERVAL=0", "READINESS_CHECK_TIMEOUT=NaN", "FRAMEWORK_INITIAL_BACKOFF=-5s", "FRAMEWORK_MAX_LAUNCH_DELAY=9999999999h"}},
	{"just below the bounds", []string{"NODE_KILL_GRACE=9.999s", "EXECUTOR_MEM_MB=31", "NODE_CPUS=0.009"}},
	{"just above the bounds", []string{"NODE_KILL_GRACE=60.001m", "NODE_COUNT=1001", "NODE_CPUS=1024.001"}},
	{"a longest wait below the first", []string{"FRAMEWORK_INITIAL_BACKOFF=10m", "FRAMEWORK_MAX_LAUNCH_DELAY=1m"}},
	{"flags", []string{"ENABLE_VIRTUAL_NETWORK=2", "ENABLE_BACKOFF=maybe"}},
	{"sizes of memory", []string{"COCKROACH_CACHE_SIZE=lots", "COCKROACH_MAX_SQL_MEMORY=0%"}},
	{"sizes beyond the node's memory", []string{"NODE_MEM=1000", "COCKROACH_CACHE_SIZE=2GiB", "COCKROACH_MAX_SQL_MEMORY=1001MiB"}},
	{"placement: an operator that is none", []string{"NODE_PLACEMENT=hostname:UNIK"}},
	{"placement: three faults", []string{"NODE_PLACEMENT=@rack:UNIQUE,hostname:MAX_PER:x,rack"}},
	{"placement: broken JSON", []string{`NODE_PLACEMENT=[["hostname","UNIQUE"`}},
	{"name: capitals, blanks, dots", []string{"FRAMEWORK_NAME=My Service.1"}},
	{"name: two underscores", []string{"FRAMEWORK_NAME=team__crdb"}},
	{"name: only slashes", []string{"FRAMEWORK_NAME=//"}},
	{"name: an empty part", []string{"FRAMEWORK_NAME=/team//crdb"}},
	{"name: too long", []string{"FRAMEWORK_NAME=/" + strings.Repeat("a", 40) + "/" + strings.Repeat("b", 24)}},
	{"user and principal", []string{"FRAMEWORK_USER=a b", "FRAMEWORK_PRINCIPAL=an account", "FRAMEWORK_WEB_URL=here"}},
	{"version: none", []string{"COCKROACH_VERSION=latest"}},
	{"version: without a patch", []string{"COCKROACH_VERSION=v24.1"}},
	{"version: too old", []string{"COCKROACH_VERSION=v1.1.9"}},
	{"version: too new", []string{"COCKROACH_VERSION=v26.1.0"}},
	{"version: a line that never was", []string{"COCKROACH_VERSION=v19.3.1"}},
	{"version: too old, in a folder's name of 2017", []string{"COCKROACH_VERSION=cockroach-v1.0.2.linux-amd64"}},
	{"version: too old, in the archive's name", []string{"COCKROACH_URI=https://m/cockroach-v1.0.2.linux-amd64.tgz"}},
	{"version: told by nothing", []string{"COCKROACH_URI=https://m/db.tgz", "COCKROACH_DIR=bin"}},
	{"sum: too short", []string{"COCKROACH_SHA256=abc123"}},
	{"sum: not hexadecimal", []string{"COCKROACH_SHA256=" + strings.Repeat("g", 64)}},
	{"folder out of the archive", []string{"COCKROACH_DIR=../cockroach-v24.1.6"}},
	{"address: no scheme", []string{"COCKROACH_URI=mirror/cockroach-v24.1.6.linux-amd64.tgz"}},
	{"address: no host", []string{"COCKROACH_URI=https:///cockroach-v24.1.6.linux-amd64.tgz"}},
	{"address: no file", []string{"COCKROACH_URI=https://mirror/", "COCKROACH_VERSION=v24.1.6"}},
	{"address: unreadable", []string{"COCKROACH_URI=https://mirror/%zz", "COCKROACHDB_NODE_URI=a b"}},
	{"address: a relative file", []string{"COCKROACH_URI=file://cockroach-v24.1.6.linux-amd64.tgz"}},
	{"domains", []string{"SERVICE_TLD=.mesos", "VIP_TLD=l4lb..x"}},
	{"domains: too long", []string{"SERVICE_TLD=" + strings.Repeat("a23456789.", 21) + "example"}},
	{"network", []string{"VIRTUAL_NETWORK_NAME=a b"}},
	{"addresses on a virtual network", []string{"DISCOVERY=address", "ENABLE_VIRTUAL_NETWORK=yes", "COCKROACH_LISTEN=agent", "API_ADVERTISE=10.0.0.5:80"}},
	{"addresses, and none for the scheduler", []string{"DISCOVERY=address"}},
	{"master: several faults", []string{"MESOS_MASTER=ftp://a:5050,host:5050,http://,http://u:hush@b:5050"}},
	{"master: ZooKeeper without a path", []string{"MESOS_MASTER=zk://z1:2181"}},
	{"master: ZooKeeper with several faults", []string{"MESOS_MASTER=zk://z1:x,,z3:0/me sos"}},
	{"master: ZooKeeper with a password", []string{"MESOS_MASTER=zk://u:hush@z1:2181/mesos"}},
	{"TLS to a master by http", []string{"MESOS_TLS=true", "MESOS_MASTER=https://m1:5050,http://m2:5050"}},
	{"credential: not JSON", []string{`DCOS_SERVICE_ACCOUNT_CREDENTIAL={"uid": hush}`}},
	{"credential: empty", []string{`DCOS_SERVICE_ACCOUNT_CREDENTIAL={}`}},
	{"credential: several faults, beside others", []string{"AUTH_TOKEN_REFRESH_THRESHOLD_S=0",
		`DCOS_SERVICE_ACCOUNT_CREDENTIAL={"uid": "", "scheme": "HS256", "private_key": "hush", "login_endpoint": "hush"}`, "NODE_COUNT=0"}},
	{"store: an unknown scheme", []string{"STATE_STORE=etcd://u:hush@e1"}},
	{"store: ZooKeeper with several faults", []string{"STATE_STORE=zk://:2181,z2:99999"}},
	{"store: a relative file", []string{"STATE_STORE=file://state"}},
	{"store: the root folder", []string{"STATE_STORE=file:///"}},
	{"API: an address that is none", []string{"API_ADVERTISE=http://10.0.0.5:8090"}},
	{"API: no port", []string{"API_ADVERTISE=10.0.0.5"}},
	{"API: port 0", []string{"API_ADVERTISE=10.0.0.5:0"}},
	{"backup: a schedule and nothing else", []string{"BACKUP_SCHEDULE=0 2 * * *"}},
	{"backup: half a pair of keys", []string{"BACKUP_SCHEDULE=@daily", "BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=my-bucket", "BACKUP_AWS_SECRET_ACCESS_KEY=hush"}},
	{"backup: keys and a role", []string{"BACKUP_SCHEDULE=@daily", "BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=my-bucket", "BACKUP_AWS_SECRET_ACCESS_KEY=hush",
		"BACKUP_AWS_ACCESS_KEY_ID=hush", "BACKUP_S3_IAM=yes"}},
	{"backup: everything at once", []string{"BACKUP_SCHEDULE=daily", "BACKUP_DATABASES=bank,system, bank", "BACKUP_S3_BUCKET=s3://b?AWS_SECRET_ACCESS_KEY=hush",
		"BACKUP_S3_DIR=..", "BACKUP_S3_REGION=us west", "BACKUP_S3_ENDPOINT=https://u:hush@s3.example.org", "BACKUP_S3_PATH_STYLE=2",
		"BACKUP_S3_CA_FILE=-----BEGIN RSA PRIVATE KEY-----", "BACKUP_AWS_ACCESS_KEY_ID=hu sh", "BACKUP_AWS_SECRET_ACCESS_KEY=hush\nhush",
		"BACKUP_COMPRESS=lzma", "BACKUP_METHOD=dump", "BACKUP_KEEP_COUNT=-1", "BACKUP_KEEP_AGE=forever", "BACKUP_MEM_MB=1", "BACKUP_PLACEMENT=hostname:UNIK"}},
	{"backup: a schedule that never comes, in a zone", []string{"BACKUP_SCHEDULE=CRON_TZ=Europe/Berlin 0 0 30 2 *", "BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=my-bucket", "BACKUP_S3_IAM=yes"}},
	{"backup: without a schedule only what the target holds", []string{"BACKUP_DATABASES=system", "BACKUP_S3_ENDPOINT=ftp://x", "BACKUP_PLACEMENT=hostname:UNIK"}},
	{"backup: a version that is none, and no method", []string{"COCKROACH_VERSION=latest", "BACKUP_SCHEDULE=@daily", "BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=my-bucket", "BACKUP_S3_IAM=yes", "BACKUP_METHOD=dump"}},
	{"TLS: nothing to seal the authority with", []string{"TLS_ENABLED=true"}},
	{"TLS: everything at once", []string{"TLS_ENABLED=maybe", "TLS_CA_PASSPHRASE=hush", "TLS_CA_FORMER_PASSPHRASE=hush", "TLS_CHANGE=rolling", "TLS_NODE_LIFETIME=1s",
		"TLS_CA_LIFETIME=100h", "TLS_CLIENT_LIFETIME=101h"}},
	{"TLS: a former passphrase alone", []string{"TLS_CA_FORMER_PASSPHRASE=hush"}},
	{"TLS: a key and finished certificates, without an authority", []string{"TLS_ENABLED=true", "TLS_CA_KEY=-----BEGIN hush", "TLS_NODE_CERT=-----BEGIN hush"}},
	{"TLS: an authority alone", []string{"TLS_ENABLED=true", "TLS_CA_CERT=-----BEGIN hush"}},
	{"TLS: what was given cannot be read", []string{"TLS_ENABLED=true", "TLS_CA_CERT=-----BEGIN hush", "TLS_CA_KEY=-----BEGIN hush", "TLS_CA_EXTRA=-----BEGIN hush"}},
	{"TLS: finished certificates cannot be read", []string{"TLS_ENABLED=true", "TLS_CA_CERT=-----BEGIN hush", "TLS_NODE_CERT=-----BEGIN hush", "TLS_NODE_KEY=-----BEGIN hush"}},
	{"removal: what it needs", []string{"SDK_UNINSTALL=w00t", "MESOS_MASTER=x", "STATE_STORE=y", "FRAMEWORK_NAME=A", "PORT_API=0", "NODE_COUNT=-3"}},
	{"many at once, in the order of the docs", []string{"LOG_LEVEL=loud", "PORT_API=0", "NODE_COUNT=-3", "FRAMEWORK_NAME=A", "MESOS_MASTER=x", "COCKROACH_VERSION=1"}},
}

func TestFaultsAreTheGoldenOnes(t *testing.T) {
	var page strings.Builder
	for _, tt := range faultCases {
		environ := tt.env
		if !mentions(environ, "PORT_API") {
			environ = append([]string{"PORT_API=8090"}, environ...)
		}
		parsed := Parse(environ, today)
		if len(parsed.Faults) == 0 {
			t.Errorf("%s: no fault in %q", tt.name, tt.env)
		}
		fmt.Fprintf(&page, "# %s\n", tt.name)
		for _, line := range tt.env {
			name, value, _ := strings.Cut(withoutLogin(line), "=")
			if name == auth.Setting || strings.HasPrefix(name, "BACKUP_") || strings.HasPrefix(name, "TLS_") {
				value = strings.ReplaceAll(strings.ReplaceAll(value, "hush", "…"), "\n", `\n`)
			}
			fmt.Fprintf(&page, "$ %s=%s\n", name, value)
		}
		for _, fault := range parsed.Faults {
			fmt.Fprintf(&page, "%s=%q %s\n    remedy: %s\n", fault.Field, fault.Value, fault.Message, fault.Remedy)
			if fault.Field == "" || fault.Message == "" || fault.Remedy == "" {
				t.Errorf("%s: %+v is not whole", tt.name, fault)
			}
		}
		page.WriteString("\n")
	}
	if strings.Contains(page.String(), "hush") {
		t.Error("a password shows")
	}
	golden(t, "testdata/faults.golden.txt", []byte(page.String()))
}

func mentions(environ []string, name string) bool {
	for _, line := range environ {
		if strings.HasPrefix(line, name+"=") {
			return true
		}
	}
	return false
}
