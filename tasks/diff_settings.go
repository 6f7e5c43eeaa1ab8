package tasks

import (
	"path"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// fieldSettings are the settings behind the fields of a target, by patterns in the form of path.Match. Where a setting is
// behind several fields, the first is the one whose value is shown. scheduler/config makes the fields; a test there sets
// every setting and holds this table to what changed.
var fieldSettings = []struct{ pattern, setting string }{
	{"service/name", "FRAMEWORK_NAME"},
	{"service/principal", "FRAMEWORK_PRINCIPAL"},
	{"service/user", "FRAMEWORK_USER"},
	{"service/discovery", "DISCOVERY"},
	{"service/task_domain", "SERVICE_TLD"},
	{"service/vip_domain", "VIP_TLD"},
	{"service/api", "API_ADVERTISE"},
	{"service/api_tls", "API_TLS_CERT"},
	{"service/api_ca", "API_TLS_CA"},
	{"service/zookeeper", "STATE_STORE"},
	{"service/web_url", "FRAMEWORK_WEB_URL"},
	{"service/secure", "TLS_ENABLED"},
	{"pods/" + NodePod + "/count", "NODE_COUNT"},
	{"pods/" + AdminPod + "/count", "SIDE_COUNT"},
	{"pods/" + NodePod + "/placement", "NODE_PLACEMENT"},
	{"pods/" + NodePod + "/strategy", "NODE_DEPLOY_STRATEGY"},
	{"pods/*/network", "VIRTUAL_NETWORK_NAME"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvVersion, versionSetting},
	{"pods/*/overhead/cpus", "EXECUTOR_CPUS"},
	{"pods/*/overhead/mem", "EXECUTOR_MEM_MB"},
	{"pods/*/overhead/disk", "EXECUTOR_DISK_MB"},
	{"pods/*/uris/0/*", "COCKROACHDB_NODE_URI"},
	{"pods/" + NodePod + "/tasks/*/need/cpus", "NODE_CPUS"},
	{"pods/" + NodePod + "/tasks/*/need/mem", "NODE_MEM"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvMemMB, "NODE_MEM"},
	{"pods/" + NodePod + "/tasks/*/need/disk", "NODE_SANDBOX_DISK"},
	{"pods/" + NodePod + "/tasks/*/need/volume/size", "NODE_DISK"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvStoreSizeMB, "NODE_DISK"},
	{"pods/" + NodePod + "/tasks/*/need/volume/type", "NODE_DISK_TYPE"},
	{"pods/" + NodePod + "/tasks/*/kill_grace", "NODE_KILL_GRACE"},
	{"pods/" + NodePod + "/tasks/*/ports/pg/port", "CONTAINER_PG_PORT"},
	{"pods/" + NodePod + "/tasks/*/ports/pg/vip_port", "COCKROACH_PG_PORT"},
	{"pods/" + NodePod + "/tasks/*/ports/http/port", "CONTAINER_HTTP_PORT"},
	{"pods/" + NodePod + "/tasks/*/ports/http/vip_port", "COCKROACH_HTTP_PORT"},
	{"pods/*/tasks/*/readiness/interval", "READINESS_CHECK_INTERVAL"},
	{"pods/*/tasks/*/readiness/timeout", "READINESS_CHECK_TIMEOUT"},
	{"pods/*/tasks/*/health/timeout", "READINESS_CHECK_TIMEOUT"},
	{"pods/" + NodePod + "/uris/1/*", archiveSetting},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvArchive, archiveSetting},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvSHA256, "COCKROACH_SHA256"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvDir, "COCKROACH_DIR"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvListen, "COCKROACH_LISTEN"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvCache, "COCKROACH_CACHE_SIZE"},
	{"pods/" + NodePod + "/tasks/*/env/" + cockroach.EnvMaxSQLMemory, "COCKROACH_MAX_SQL_MEMORY"},
	{"pods/" + MetricsPod + "/tasks/*/need/cpus", "SIDE_CPUS"},
	{"pods/" + MetricsPod + "/tasks/*/need/mem", "SIDE_MEM"},
	{"pods/" + AdminPod + "/placement", "BACKUP_PLACEMENT"},
	{"pods/" + AdminPod + "/tasks/*/need/cpus", "BACKUP_CPUS"},
	{"pods/" + AdminPod + "/tasks/*/need/mem", "BACKUP_MEM_MB"},
	{"pods/" + AdminPod + "/tasks/*/env/" + cockroach.EnvMemMB, "BACKUP_MEM_MB"},
	{"pods/" + AdminPod + "/tasks/*/need/disk", "BACKUP_DISK_MB"},
	{"pods/" + AdminPod + "/uris/1/*", archiveSetting},
	{"pods/" + AdminPod + "/tasks/*/env/" + cockroach.EnvVersion, versionSetting},
	{"pods/" + AdminPod + "/tasks/*/env/" + cockroach.EnvArchive, archiveSetting},
	{"pods/" + AdminPod + "/tasks/*/env/" + cockroach.EnvSHA256, "COCKROACH_SHA256"},
	{"pods/" + AdminPod + "/tasks/*/env/" + cockroach.EnvDir, "COCKROACH_DIR"},
}

const (
	versionSetting = "COCKROACH_VERSION"
	archiveSetting = "COCKROACH_URI"
	networkSetting = "VIRTUAL_NETWORK_NAME"
)

// settingOf names the setting behind a field, or gives the path when none is. Some fields say by their values which one
// it was.
func settingOf(field, old, now string) string {
	for _, one := range fieldSettings {
		if match, _ := path.Match(one.pattern, field); !match {
			continue
		}
		if one.setting == networkSetting && (old == "") != (now == "") {
			return "ENABLE_VIRTUAL_NETWORK"
		}
		return one.setting
	}
	return field
}

// rank is the place of a field in the table: of several fields with one setting the lowest is shown.
func rank(field string) int {
	for i, one := range fieldSettings {
		if match, _ := path.Match(one.pattern, field); match {
			return i
		}
	}
	return len(fieldSettings)
}

// followsVersion says that a field changed because the database's version did, and nobody touched its own setting: the
// archive is the vendor's before and after, the grace that of each version.
func followsVersion(setting string, before, after Target) bool {
	old, now := databaseVersion(before), databaseVersion(after)
	if old == now || old.IsZero() || now.IsZero() {
		return false
	}
	switch setting {
	case archiveSetting:
		return archiveOf(before) == cockroach.VendorURI(old) && archiveOf(after) == cockroach.VendorURI(now)
	case "NODE_KILL_GRACE":
		a, b := graceOf(before), graceOf(after)
		return a == cockroach.KillGrace(old).String() && b == cockroach.KillGrace(now).String()
	}
	return false
}

func archiveOf(t Target) string {
	pod, _ := t.Pod(NodePod)
	if len(pod.URIs) < 2 {
		return ""
	}
	return pod.URIs[1].Value
}

func graceOf(t Target) string {
	pod, _ := t.Pod(NodePod)
	for _, task := range pod.Tasks {
		if task.Database {
			return task.KillGrace.String()
		}
	}
	return ""
}

// podOf is the pod type that a field belongs to, empty for the service's own.
func podOf(field string) string {
	rest, ok := strings.CutPrefix(field, "pods/")
	if !ok {
		return ""
	}
	podType, _, _ := strings.Cut(rest, "/")
	return podType
}
