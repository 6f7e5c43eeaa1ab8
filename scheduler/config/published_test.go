package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// published are all variables that any package of the service in the DC/OS Universe ever set, with the default of
// the option behind each (revisions 0 to 5 and the unpublished one after them).
var published = map[string]string{
	"FRAMEWORK_NAME": "cockroachdb", "FRAMEWORK_USER": "root", "FRAMEWORK_PRINCIPAL": "",
	"DCOS_SERVICE_ACCOUNT_CREDENTIAL": "", "MESOS_AUTHENTICATEE": "", "MESOS_MODULES": "",
	"COCKROACH_URI": "", "COCKROACH_VERSION": "", "COCKROACH_DIR": "",
	"COCKROACH_HTTP_PORT": "80", "COCKROACH_PG_PORT": "26257", "CONTAINER_HTTP_PORT": "8123", "CONTAINER_PG_PORT": "26257",
	"ENABLE_VIRTUAL_NETWORK": "false",
	"NODE_COUNT":             "3", "NODE_PLACEMENT": "hostname:UNIQUE", "NODE_CPUS": "1", "NODE_MEM": "3000", "NODE_DISK": "5000",
	"NODE_DISK_TYPE": "ROOT",
	"SIDE_COUNT":     "1", "SIDE_CPUS": "1", "SIDE_MEM": "1000", "SIDE_DISK": "5000", "SIDE_DISK_TYPE": "ROOT",
	"COCKROACH_CACHE_SIZE": "25%", "COCKROACH_MAX_SQL_MEMORY": "25%",
	"BOOTSTRAP_URI": "", "CONFIG_TEMPLATE_PATH": "", "JAVA_URI": "", "EXECUTOR_URI": "", "LIBMESOS_URI": "",
}

func TestEveryPublishedVariableIsKnownWithItsDefault(t *testing.T) {
	known := map[string]Entry{}
	for _, entry := range Table() {
		known[entry.Name] = entry
	}
	for name, value := range published {
		if entry, ok := known[name]; !ok || entry.Default != value {
			t.Errorf("%s: known %v, default %q, published %q", name, ok, entry.Default, value)
		}
	}
}

// An environment as the last published package makes it, options untouched: nothing in it may be a fault.
func TestTheEnvironmentOfAPublishedPackage(t *testing.T) {
	parsed := Parse([]string{
		"FRAMEWORK_NAME=cockroachdb", "FRAMEWORK_USER=root", "FRAMEWORK_PRINCIPAL=", "NODE_COUNT=3", "NODE_PLACEMENT=hostname:UNIQUE",
		"NODE_CPUS=1", "NODE_MEM=3000", "NODE_DISK=5000", "NODE_DISK_TYPE=ROOT", "SIDE_COUNT=1", "SIDE_CPUS=1", "SIDE_MEM=1000",
		"SIDE_DISK=5000", "SIDE_DISK_TYPE=ROOT", "COCKROACH_HTTP_PORT=80", "COCKROACH_PG_PORT=26257", "CONTAINER_HTTP_PORT=8123",
		"CONTAINER_PG_PORT=26257", "COCKROACH_CACHE_SIZE=25%", "COCKROACH_MAX_SQL_MEMORY=25%",
		"COCKROACH_DIR=cockroach-v2.0.1.linux-amd64",
		"COCKROACH_URI=https://downloads.mesosphere.com/cockroachdb/assets/2.0.0-2.0.1/cockroach-v2.0.1.linux-amd64.tgz",
		"JAVA_URI=https://x/jre.tar.gz", "EXECUTOR_URI=https://x/executor.zip", "BOOTSTRAP_URI=https://x/bootstrap.zip",
		"LIBMESOS_URI=https://x/libmesos.tar.gz", "CONFIG_TEMPLATE_PATH=cockroachdb-scheduler",
		// Marathon, the Mesos agent and DC/OS add these.
		"PORT_API=13057", "PORT0=13057", "PORT=13057", "PORTS=13057", "HOST=10.0.0.5", "LIBPROCESS_IP=10.0.0.5", "MESOS_SANDBOX=/mnt/mesos/sandbox",
		"MESOS_TASK_ID=cockroachdb.1", "MARATHON_APP_ID=/cockroachdb", "STATSD_UDP_HOST=198.51.100.1", "STATSD_UDP_PORT=8125",
	}, today)
	if len(parsed.Faults) > 0 || len(parsed.Warnings) > 0 {
		t.Errorf("faults %v, warnings %q", parsed.Faults, parsed.Warnings)
	}
}

// TestEveryVariableMeansSomething sets one variable at a time and looks at the one place of the target or the settings
// that must change with it.
func TestEveryVariableMeansSomething(t *testing.T) {
	node := func(s Settings) tasks.TaskSpec { return s.Target().Pods[0].Tasks[1] }
	server := func(s Settings) tasks.TaskSpec { return s.Target().Pods[1].Tasks[0] }
	admin := func(s Settings) tasks.PodSpec { return s.Target().Pods[2] }
	service := func(s Settings) tasks.Service { return s.Target().Service }
	tests := []struct {
		set  string
		read func(Settings) any
		want any
	}{
		{"FRAMEWORK_NAME=/team/crdb", func(s Settings) any {
			return service(s).Name + " " + service(s).Role + " " + service(s).Principal + " " + s.Root()
		},
			"/team/crdb team__crdb-role /team/crdb-principal dcos-service-team__crdb"},
		{"FRAMEWORK_USER=nobody", func(s Settings) any { return service(s).User }, "nobody"},
		{"FRAMEWORK_PRINCIPAL=account", func(s Settings) any { return service(s).Principal }, "account"},
		{"FRAMEWORK_PRINCIPAL=", func(s Settings) any { return service(s).Principal }, "cockroachdb-principal"},
		{"FRAMEWORK_WEB_URL=https://x/ui", func(s Settings) any { return service(s).WebURL }, "https://x/ui"},
		{"NODE_COUNT=5", func(s Settings) any { return s.Target().Pods[0].Count }, 5},
		{"NODE_CPUS=0.5", func(s Settings) any { return node(s).Need.CPUs }, tasks.Milli(500)},
		{"NODE_CPUS=1.0", func(s Settings) any { return node(s).Need.CPUs }, tasks.Milli(1000)},
		{"NODE_MEM=4096", func(s Settings) any { return node(s).Need.Mem.String() + " " + node(s).Env["CRDB_MEM_MB"] }, "4096 4096"},
		{"NODE_DISK=9000", func(s Settings) any {
			return node(s).Need.Volume.Size.String() + " " + node(s).Env["CRDB_STORE_SIZE_MB"]
		}, "9000 9000"},
		{"NODE_DISK_TYPE=MOUNT", func(s Settings) any { return node(s).Need.Volume.Type }, "MOUNT"},
		{"NODE_PLACEMENT=rack:GROUP_BY:3", func(s Settings) any { return s.Target().Pods[0].Placement }, "rack:GROUP_BY:3"},
		{"NODE_PLACEMENT=", func(s Settings) any { return s.Target().Pods[0].Placement }, ""},
		{"NODE_PLACEMENT=[]", func(s Settings) any { return s.Target().Pods[0].Placement }, ""},
		{"NODE_SANDBOX_DISK=2048", func(s Settings) any { return node(s).Need.Disk.String() }, "2048"},
		{"NODE_KILL_GRACE=90", func(s Settings) any { return node(s).KillGrace }, 90 * time.Second},
		{"NODE_KILL_GRACE=2m", func(s Settings) any { return node(s).KillGrace }, 2 * time.Minute},
		{"COCKROACH_VERSION=v19.2.5", func(s Settings) any { return node(s).KillGrace }, 90 * time.Second},
		{"COCKROACH_VERSION=v20.2.19", func(s Settings) any { return node(s).Env["CRDB_VERSION"] + " " + s.Version().String() }, "v20.2.19 v20.2.19"},
		{"COCKROACH_VERSION=cockroach-v2.0.1.linux-amd64", func(s Settings) any { return node(s).Env["CRDB_VERSION"] }, "v2.0.1"},
		{"COCKROACH_DIR=cockroach-v2.1.11.linux-amd64/", func(s Settings) any { return node(s).Env["CRDB_VERSION"] + " " + node(s).Env["CRDB_DIR"] },
			"v2.1.11 cockroach-v2.1.11.linux-amd64"},
		{"COCKROACH_DIR=bin", func(s Settings) any { return node(s).Env["CRDB_VERSION"] + " " + node(s).Env["CRDB_DIR"] }, "v24.1.6 bin"},
		{"COCKROACH_URI=file:///srv/cockroach-v22.2.19.linux-amd64.tgz", func(s Settings) any { return node(s).Env["CRDB_VERSION"] + " " + node(s).Env["CRDB_ARCHIVE"] },
			"v22.2.19 cockroach-v22.2.19.linux-amd64.tgz"},
		{"COCKROACH_SHA256=ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789", func(s Settings) any { return node(s).Env["CRDB_SHA256"] },
			"abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"},
		{"COCKROACH_HTTP_PORT=8000", func(s Settings) any { return node(s).Ports[1] }, tasks.PortSpec{Name: "http", Port: 8123, Advertise: true, VIPName: "http", VIPPort: 8000}},
		{"COCKROACH_PG_PORT=5432", func(s Settings) any { return node(s).Ports[0] }, tasks.PortSpec{Name: "pg", Port: 26257, Advertise: true, VIPName: "pg", VIPPort: 5432}},
		{"CONTAINER_HTTP_PORT=8000", func(s Settings) any { return node(s).Ports[1].Port }, uint64(8000)},
		{"CONTAINER_PG_PORT=5432", func(s Settings) any { return node(s).Ports[0].Port }, uint64(5432)},
		{"COCKROACH_CACHE_SIZE=2GiB", func(s Settings) any { return node(s).Env["CRDB_CACHE"] }, "2GiB"},
		{"COCKROACH_MAX_SQL_MEMORY=.4", func(s Settings) any { return node(s).Env["CRDB_MAX_SQL_MEMORY"] }, ".4"},
		{"COCKROACH_LISTEN=agent", func(s Settings) any { return node(s).Env["CRDB_LISTEN"] }, "agent"},
		{"SIDE_COUNT=2", func(s Settings) any { return int(s.Side.Count) }, 2},
		{"SIDE_CPUS=0.2", func(s Settings) any { return server(s).Need.CPUs }, tasks.Milli(200)},
		{"SIDE_MEM=128", func(s Settings) any { return server(s).Need.Mem }, tasks.Whole(128)},
		{"SIDE_DISK=128", func(s Settings) any { return int(s.Side.Disk) }, 128},
		{"SIDE_DISK_TYPE=MOUNT", func(s Settings) any { return s.Side.DiskType }, "MOUNT"},
		{"DISCOVERY=mesos-dns", func(s Settings) any { return service(s).Discovery }, "mesos-dns"},
		{"SERVICE_TLD=mesos", func(s Settings) any { return service(s).TaskDomain }, "mesos"},
		{"VIP_TLD=vip.example", func(s Settings) any { return service(s).VIPDomain + " " + service(s).API }, "vip.example api.cockroachdb.marathon.vip.example:80"},
		{"ENABLE_VIRTUAL_NETWORK=yes", func(s Settings) any { return s.Target().Pods[0].Network + " " + s.Target().Pods[1].Network }, "dcos dcos"},
		{"ENABLE_VIRTUAL_NETWORK=yes\nVIRTUAL_NETWORK_NAME=overlay", func(s Settings) any { return s.Target().Pods[0].Network }, "overlay"},
		{"ENABLE_VIRTUAL_NETWORK=no", func(s Settings) any { return s.Target().Pods[0].Network }, ""},
		{"MESOS_MASTER=http://m1:5050,http://m2:5050", func(s Settings) any { return s.Mesos.Master }, "http://m1:5050,http://m2:5050"},
		{"STATE_STORE=zk://z1:2181,z2:2181/x", func(s Settings) any { return service(s).Zookeeper }, "z1:2181,z2:2181/x"},
		{"STATE_STORE=file:///var/lib/crdb", func(s Settings) any { return service(s).Zookeeper }, ""},
		{"PORT0=8091", func(s Settings) any { return s.Port() }, uint64(8090)},
		{"PORT_API=8092", func(s Settings) any { return s.Port() }, uint64(8092)},
		{"API_ADVERTISE=[::1]:8090", func(s Settings) any { return service(s).API }, "[::1]:8090"},
		{"API_TLS_CERT=/etc/api.crt\nAPI_TLS_KEY=/etc/api.key", func(s Settings) any { return service(s).Scheduler() },
			"https://api.cockroachdb.marathon.l4lb.thisdcos.directory:80"},
		{"API_TLS_CA=/etc/ca.crt", func(s Settings) any { return s.Access.CA + service(s).APICA }, "/etc/ca.crt"},
		{"API_TOKEN=/etc/tokens", func(s Settings) any { return string(s.Access.Token) }, "/etc/tokens"},
		{"COCKROACHDB_NODE_URI=https://m/helper", func(s Settings) any { return s.Target().Pods[1].URIs[0] },
			tasks.URI{Value: "https://m/helper", Executable: true, OutputFile: "cockroachdb-node"}},
		{"EXECUTOR_CPUS=0.2", func(s Settings) any { return s.Target().Pods[0].Overhead.CPUs }, tasks.Milli(200)},
		{"EXECUTOR_MEM_MB=64", func(s Settings) any { return s.Target().Pods[0].Overhead.Mem }, tasks.Whole(64)},
		{"EXECUTOR_DISK_MB=100", func(s Settings) any { return s.Target().Pods[1].Overhead.Disk }, tasks.Whole(100)},
		{"ENABLE_BACKOFF=FALSE", func(s Settings) any { return s.BackOff().First }, time.Duration(0)},
		{"FRAMEWORK_INITIAL_BACKOFF=7", func(s Settings) any { return s.BackOff().First }, 7 * time.Second},
		{"FRAMEWORK_BACKOFF_FACTOR=1.15", func(s Settings) any { return s.BackOff().Factor }, 1.15},
		{"NODE_DEPLOY_STRATEGY=parallel", func(s Settings) any { return s.Target().Pods[0].Strategy }, tasks.Parallel},
		{"DATABASE_PROBES=used", func(s Settings) any { return s.Core().Probes }, core.ProbesUsed},
		{"ENABLE_AUTOMATIC_POD_REPLACEMENT=yes", func(s Settings) any { return s.Core().Replace.Enabled }, true},
		{"PERMANENT_FAILURE_TIMEOUT_SECS=300", func(s Settings) any { return s.Core().Replace.After }, 5 * time.Minute},
		{"MIN_REPLACE_DELAY_SECS=90", func(s Settings) any { return s.Core().Replace.Gap }, 90 * time.Second},
		{"MAINTENANCE_MOVE_OVER=2h", func(s Settings) any { return s.Core().MoveOver }, 2 * time.Hour},
		{"FRAMEWORK_MAX_LAUNCH_DELAY=600", func(s Settings) any { return s.BackOff().Most }, 10 * time.Minute},
		{"READINESS_CHECK_INTERVAL=3s", func(s Settings) any { return node(s).Readiness.Interval }, 3 * time.Second},
		{"READINESS_CHECK_TIMEOUT=4s", func(s Settings) any { return node(s).Readiness.Timeout }, 4 * time.Second},
		{"STATSD_UDP_HOST=198.51.100.1\nSTATSD_UDP_PORT=8125", func(s Settings) any { return s.StatsD.Address() }, "198.51.100.1:8125"},
		{"STATSD_UDP_HOST=fd00::1\nSTATSD_UDP_PORT=8125", func(s Settings) any { return s.StatsD.Address() }, "[fd00::1]:8125"},
		{"STATSD_POLL_INTERVAL_S=30", func(s Settings) any { return time.Duration(s.StatsD.Every) }, 30 * time.Second},
		{"SDK_UNINSTALL=w00t", func(s Settings) any { return s.Uninstalls() && s.Core().Uninstall }, true},
		{"SDK_UNINSTALL=", func(s Settings) any { return s.Uninstalls() }, true},
		{"LOG_LEVEL=debug", func(s Settings) any { return s.Logs.Level }, "debug"},
		{"LOG_FORMAT=json", func(s Settings) any { return s.Logs.Format }, "json"},
		{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + account.Credential("http://m:80"), func(s Settings) any {
			got, given := s.Account()
			return fmt.Sprintf("%s %v %s %s", got.UID, given, got.Endpoint, service(s).Principal)
		}, "crdb-account true http://m:80/acs/api/v1/auth/login crdb-account"},
		{"AUTH_TOKEN_REFRESH_THRESHOLD_S=60", func(s Settings) any { return time.Duration(s.Security.Refresh) }, time.Minute},
		{"MESOS_TLS=true", func(s Settings) any { return bool(s.Security.TLS) }, true},
		{nightly, func(s Settings) any { return s.Core().Schedule + " " + s.Scheduled().Text }, "0 2 * * * 0 2 * * *"},
		{nightly, func(s Settings) any { return s.Scheduled().Databases }, []string{"bank", "shop"}},
		{nightly, func(s Settings) any { return s.Scheduled().Params }, tasks.JobParams{Bucket: "my-bucket", Dir: "cockroach-backups", Region: "us-west-1", Method: "auto"}},
		{nightly + "\nCOCKROACH_VERSION=v20.1.17", func(s Settings) any { return s.Scheduled().Params.Compress }, "gzip"},
		{nightly + "\nCOCKROACH_VERSION=v20.1.17\nBACKUP_COMPRESS=zstd", func(s Settings) any { return s.Scheduled().Params.Compress }, "zstd"},
		{nightly + "\nBACKUP_COMPRESS=zstd", func(s Settings) any { return s.Scheduled().Params.Compress }, ""},
		{nightly + "\nBACKUP_METHOD=native", func(s Settings) any { return s.Scheduled().Params.Method }, "native"},
		{nightly + "\nBACKUP_S3_DIR=/a/b/", func(s Settings) any { return s.Scheduled().Params.Dir }, "a/b"},
		{nightly + "\nBACKUP_S3_REGION=eu-west-1", func(s Settings) any { return s.Scheduled().Params.Region }, "eu-west-1"},
		{nightly + "\nBACKUP_S3_ENDPOINT=store:9000", func(s Settings) any { return s.Scheduled().Params.Endpoint }, "store:9000"},
		{nightly + "\nBACKUP_S3_PATH_STYLE=yes", func(s Settings) any { return s.Scheduled().Params.PathStyle }, true},
		{nightly + "\nBACKUP_S3_CA_FILE=/etc/ca.crt", func(s Settings) any { return s.Backup.CAFile + s.Scheduled().Params.CA }, "/etc/ca.crt"},
		{nightly + "\nBACKUP_AWS_SESSION_TOKEN=t", func(s Settings) any { return s.Scheduled().Keys },
			wire.Keys{AccessKeyID: "AKIA", SecretAccessKey: "hush", SessionToken: "t"}},
		{strings.Join(strings.Split(nightly, "\n")[:3], "\n") + "\nBACKUP_S3_IAM=true", func(s Settings) any {
			return fmt.Sprint(s.Scheduled().Params.IAM, s.Scheduled().Keys == wire.Keys{})
		}, "true true"},
		{nightly + "\nBACKUP_KEEP_COUNT=7", func(s Settings) any { return s.Scheduled().Params.KeepCount }, 7},
		{nightly + "\nBACKUP_KEEP_AGE=720h", func(s Settings) any { return s.Scheduled().Params.KeepAge }, 720 * time.Hour},
		{"BACKUP_SCHEDULE=", func(s Settings) any { return s.Scheduled() == nil && s.Core().Schedule == "" }, true},
		{"BACKUP_CPUS=0.5", func(s Settings) any { return admin(s).Tasks[2].Need.CPUs }, tasks.Milli(500)},
		{"BACKUP_MEM_MB=1024", func(s Settings) any { return admin(s).Tasks[0].Need.Mem }, tasks.Whole(1024)},
		{"BACKUP_DISK_MB=2048", func(s Settings) any { return admin(s).Tasks[1].Need.Disk }, tasks.Whole(2048)},
		{"BACKUP_PLACEMENT=rack:GROUP_BY:3", func(s Settings) any { return admin(s).Placement }, "rack:GROUP_BY:3"},
		{"BACKUP_PLACEMENT=[]", func(s Settings) any { return admin(s).Placement }, ""},
		{"TLS_ENABLED=true\nTLS_CA_PASSPHRASE=" + passphrase, func(s Settings) any {
			c := s.Certificates(today)
			return fmt.Sprint(service(s).Secure, c.Enabled, string(c.Passphrase) == passphrase, c.Outside == nil, s.Core().FullStop)
		}, "true true true true false"},
		{"TLS_ENABLED=false", func(s Settings) any { return service(s).Secure || s.Certificates(today).Enabled }, false},
		{"TLS_CA_PASSPHRASE=" + passphrase + "\nTLS_CA_FORMER_PASSPHRASE=x", func(s Settings) any { return string(s.Certificates(today).Former) }, "x"},
		{"TLS_CA_CERT=/etc/ca.crt\nTLS_CA_KEY=/etc/ca.key\nTLS_CA_EXTRA=/etc/extra.crt", func(s Settings) any {
			return s.TLS.CACert + " " + string(s.TLS.CAKey) + " " + s.TLS.CAExtra
		}, "/etc/ca.crt /etc/ca.key /etc/extra.crt"},
		{"TLS_CA_CERT=/a\nTLS_NODE_CERT=/b\nTLS_NODE_KEY=/c\nTLS_CLIENT_CERT=/d\nTLS_CLIENT_KEY=/e\nAPI_TLS_CERT=/f\nAPI_TLS_KEY=/g", func(s Settings) any {
			return s.TLS.NodeCert + string(s.TLS.NodeKey) + s.TLS.ClientCert + string(s.TLS.ClientKey)
		}, "/b/c/d/e"},
		{"TLS_CA_LIFETIME=2000h\nTLS_NODE_LIFETIME=100h\nTLS_CLIENT_LIFETIME=200h", func(s Settings) any {
			c := s.Certificates(today)
			return []time.Duration{c.AuthorityLifetime, c.NodeLifetime, c.ClientLifetime}
		}, []time.Duration{2000 * time.Hour, 100 * time.Hour, 200 * time.Hour}},
		{"TLS_CHANGE=full-stop", func(s Settings) any { return s.Core().FullStop }, true},
		{"DCOS_CA_FILE=/etc/ca.crt", func(s Settings) any { return s.Security.CAFile }, "/etc/ca.crt"},
	}
	tested := map[string]bool{}
	for _, tt := range tests {
		environ := strings.Split(tt.set, "\n")
		for _, line := range environ {
			name, _, _ := strings.Cut(line, "=")
			tested[name] = true
		}
		t.Run(tt.set[:min(len(tt.set), 80)], func(t *testing.T) {
			if got := tt.read(settingsOf(t, environ...)); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
		})
	}
	for _, entry := range Table() {
		if !tested[entry.Name] && entry.Group != titles["Former"] {
			t.Errorf("no test says what %s means", entry.Name)
		}
	}
}

func TestPort0ServesWhenPortAPIIsNotGiven(t *testing.T) {
	parsed := Parse([]string{"PORT0=31005", "PORT_API="}, today)
	if len(parsed.Faults) > 0 || parsed.Settings.Port() != 31005 {
		t.Errorf("port %d, faults %v", parsed.Settings.Port(), parsed.Faults)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	settings := settingsOf(t, "DCOS_SERVICE_ACCOUNT_CREDENTIAL="+account.Credential(""))
	encoded, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	target, err := json.Marshal(settings.Target())
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(settings), fmt.Sprintf("%+v", settings), fmt.Sprintf("%#v", settings), string(encoded), string(target)} {
		for _, line := range account.KeyLines() {
			if strings.Contains(shown, line) {
				t.Errorf("the credential shows in %s", shown)
			}
		}
	}
}
