package config

import (
	"fmt"
	"strings"
	"testing"
)

// Environments that start with something to say; what they say is in testdata/warnings.golden.txt.
func TestWarningsAreTheGoldenOnes(t *testing.T) {
	var page strings.Builder
	for _, environ := range [][]string{
		{"NODE_CPU=2", "node_count=4", "FRAMEWROK_NAME=x", "COCKROACHDB_VERSION=v24.1.6", "NODECOUNT=1", "VIP_TDL=x", "DISCOVRY=address"},
		{"NODE_COUNT=1"},
		{"NODE_COUNT=2"},
		{"NODE_DISK=600"},
		{"COCKROACH_CACHE_SIZE=50%", "COCKROACH_MAX_SQL_MEMORY=30%"},
		{"COCKROACH_CACHE_SIZE=2GiB", "NODE_MEM=3000"},
		{"BACKUP_DATABASES=bank", "BACKUP_S3_BUCKET=b", "BACKUP_AWS_ACCESS_KEY_ID=hush", "BACKUP_AWS_SECRET_ACCESS_KEY=hush"},
		strings.Split(nightly, "\n"),
		{"COCKROACH_VERSION=v2.0.7"},
		{"COCKROACH_VERSION=v22.2.19"},
		{"COCKROACH_VERSION=v20.1.5", "COCKROACH_URI=https://m/cockroach-v20.1.5.linux-amd64.tgz"},
		{"COCKROACH_VERSION=v24.1.6", "COCKROACH_DIR=cockroach-v2.0.1.linux-amd64", "COCKROACH_URI=https://m/cockroach-v20.2.19.linux-amd64.tgz"},
		{"COCKROACH_VERSION=v25.2.1"},
		{"COCKROACH_URI=https://u:hush@m/cockroach-v24.1.6.linux-amd64.tgz"},
		{"SIDE_COUNT=2"},
		{"TLS_ENABLED=true", "TLS_CA_PASSPHRASE=" + passphrase, "TLS_CA_LIFETIME=24h", "TLS_CHANGE=full-stop"},
		{"TLS_CA_CERT=/ca.crt", "TLS_CA_KEY=/ca.key"},
		{"TLS_ENABLED=true", "TLS_CA_CERT=/ca.crt", "TLS_CA_KEY=/ca.key", "TLS_CA_PASSPHRASE=" + passphrase},
		{"DISCOVERY=mesos-dns"},
		{"STATE_STORE=memory:"},
		{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=hush"},
		{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=hush", "MESOS_MASTER=https://m1:5050,http://m2:5050"},
		{"FRAMEWORK_PRINCIPAL=cockroachdb-principal", "MESOS_TLS=yes", "DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + account.Credential("https://hush")},
	} {
		parsed := Parse(append([]string{"PORT_API=8090"}, environ...), today)
		if len(parsed.Faults) > 0 || len(parsed.Warnings) == 0 {
			t.Errorf("%q: faults %v, warnings %q", environ, parsed.Faults, parsed.Warnings)
		}
		for _, line := range environ {
			if !strings.Contains(line, "hush") {
				fmt.Fprintf(&page, "$ %s\n", line)
			}
		}
		for _, warning := range parsed.Warnings {
			fmt.Fprintf(&page, "  %s\n", warning)
		}
		page.WriteString("\n")
	}
	if strings.Contains(page.String(), "hush") {
		t.Error("a secret shows")
	}
	golden(t, "testdata/warnings.golden.txt", []byte(page.String()))
}

func TestNoWarning(t *testing.T) {
	for _, environ := range [][]string{
		nil,
		{"NODE_COUNT=5", "COCKROACH_CACHE_SIZE=40%", "COCKROACH_MAX_SQL_MEMORY=35%"},
		{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=secrets/account.json", "MESOS_TLS=true"},
		{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + account.Credential(""), "MESOS_MASTER=https://m:5050", "FRAMEWORK_PRINCIPAL=crdb-account"},
		{"DISCOVERY=mesos-dns", "SERVICE_TLD=mesos", "API_ADVERTISE=10.0.0.5:80"},
		{"DISCOVERY=address", "API_ADVERTISE=10.0.0.5:80", "STATE_STORE=file:///var/lib/x", "MESOS_MASTER=http://m:5050"},
		{"COCKROACH_VERSION=v2.0.7", "COCKROACH_URI=file:///srv/cockroach-v2.0.7.linux-amd64.tgz"},
	} {
		if parsed := Parse(append([]string{"PORT_API=8090"}, environ...), today); len(parsed.Warnings) > 0 || len(parsed.Faults) > 0 {
			t.Errorf("%q: %q %v", environ, parsed.Warnings, parsed.Faults)
		}
	}
}

// What other programs put into an environment is never taken for a misspelt setting.
func TestForeignVariablesGiveNoWarning(t *testing.T) {
	for _, name := range []string{
		"PORT", "PORTS", "PORT1", "PORT9", "PORT_APP", "PORT_HTTP", "HOST", "HOSTNAME", "HOME", "USER", "PATH", "PWD", "LANG", "TERM", "SHELL",
		"MESOS_SANDBOX", "MESOS_TASK_ID", "MESOS_DIRECTORY", "MESOS_NATIVE_JAVA_LIBRARY", "MESOS_AGENT_ENDPOINT", "MESOS_EXECUTOR_ID",
		"MESOS_FRAMEWORK_ID", "MESOS_CONTAINER_IP", "MESOS_ALLOCATION_ROLE", "MESOS_API_VERSION", "LIBPROCESS_IP", "LIBPROCESS_PORT",
		"MARATHON_APP_ID", "MARATHON_APP_LABELS", "MARATHON_APP_VERSION", "MARATHON_APP_RESOURCE_CPUS", "MARATHON_APP_RESOURCE_MEM",
		"MARATHON_NAME", "STATSD_UDP_HOST", "STATSD_UDP_PORT", "DCOS_SPACE", "PACKAGE_NAME", "PACKAGE_VERSION", "JAVA_HOME", "JAVA_OPTS",
		"NODE_ENV", "NODE_PATH", "NODE_OPTIONS", "NODE_NAME", "SERVICE_NAME", "SERVICE_REGION", "FRAMEWORK_HOST", "FRAMEWORK_ZOOKEEPER",
		"TASK_NAME", "LOGNAME", "LS_COLORS", "SSH_AUTH_SOCK", "INVOCATION_ID", "JOURNAL_STREAM", "SSL_CERT_DIR", "GLOG_v",
		"COCKROACH_HOST", "COCKROACH_INSECURE", "COCKROACH_CERTS_DIR", "CI", "TZ",
	} {
		if likely := misspelt(map[string]string{name: "x"}); len(likely) > 0 {
			t.Errorf("%q", likely)
		}
	}
}
