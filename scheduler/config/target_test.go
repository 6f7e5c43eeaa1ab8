package config

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTargetsAreTheGoldenOnes(t *testing.T) {
	for name, environ := range map[string][]string{
		"defaults":        nil,
		"virtual-network": {"ENABLE_VIRTUAL_NETWORK=yes", "VIRTUAL_NETWORK_NAME=overlay"},
		"v2.0.7-mirror": {"COCKROACH_VERSION=v2.0.7", "COCKROACH_URI=http://mirror.example.org:8000/db/cockroach-v2.0.7.linux-amd64.tgz?from=here",
			"COCKROACH_SHA256=" + strings.Repeat("0123456789ABCDEF", 4)},
		"plain-mesos": {"DISCOVERY=address", "COCKROACH_LISTEN=agent", "API_ADVERTISE=127.0.0.1:8090", "STATE_STORE=file:///var/lib/crdb",
			"MESOS_MASTER=http://127.0.0.1:5050", "NODE_PLACEMENT="},
		"everything": {
			"FRAMEWORK_NAME=/team/crdb", "FRAMEWORK_USER=crdb", "FRAMEWORK_PRINCIPAL=account", "FRAMEWORK_WEB_URL=https://x.example.org/ui",
			"NODE_COUNT=5", "NODE_CPUS=2.5", "NODE_MEM=8192", "NODE_DISK=100000", "NODE_DISK_TYPE=MOUNT",
			`NODE_PLACEMENT=[["@zone","GROUP_BY","3"]]`, "NODE_KILL_GRACE=4m", "COCKROACH_VERSION=v22.2.19", "COCKROACH_DIR=cockroach-v22.2.19.linux-amd64",
			"COCKROACH_URI=https://mirror.example.org/cockroach-v22.2.19.linux-amd64.tgz", "COCKROACH_SHA256=" + strings.Repeat("ab", 32),
			"COCKROACH_HTTP_PORT=8080", "COCKROACH_PG_PORT=5432", "CONTAINER_HTTP_PORT=9080", "CONTAINER_PG_PORT=9257",
			"COCKROACH_CACHE_SIZE=2GiB", "COCKROACH_MAX_SQL_MEMORY=0.3", "COCKROACH_LISTEN=all",
			"SIDE_COUNT=1", "SIDE_CPUS=0.5", "SIDE_MEM=256", "SIDE_DISK=1000", "SIDE_DISK_TYPE=MOUNT",
			"DISCOVERY=mesos-dns", "SERVICE_TLD=mesos", "VIP_TLD=vip.example.org", "ENABLE_VIRTUAL_NETWORK=no", "VIRTUAL_NETWORK_NAME=dcos",
			"MESOS_MASTER=zk://z1:2181,z2:2181/mesos", "STATE_STORE=zk://z1:2181,z2:2181", "PORT0=9000", "API_ADVERTISE=api.example.org:8090",
			"COCKROACHDB_NODE_URI=https://mirror.example.org/helper", "EXECUTOR_CPUS=0.2", "EXECUTOR_MEM_MB=64", "EXECUTOR_DISK_MB=512",
			"ENABLE_BACKOFF=yes", "FRAMEWORK_INITIAL_BACKOFF=60", "FRAMEWORK_BACKOFF_FACTOR=1.15", "FRAMEWORK_MAX_LAUNCH_DELAY=300",
			"READINESS_CHECK_INTERVAL=5s", "READINESS_CHECK_TIMEOUT=7", "LOG_LEVEL=warn", "LOG_FORMAT=json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			target, err := json.MarshalIndent(settingsOf(t, environ...).Target(), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/target-"+name+".golden.json", append(target, '\n'))
		})
	}
}
