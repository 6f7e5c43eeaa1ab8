package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// optionVariables are the package's options and the variables of the scheduler that they become, as in the package's
// marathon.json.mustache. An empty name is an option that starts the scheduler otherwise but is no setting of it.
var optionVariables = map[string]string{
	"service.name":                    "FRAMEWORK_NAME",
	"service.user":                    "FRAMEWORK_USER",
	"service.service_account":         "FRAMEWORK_PRINCIPAL",
	"service.service_account_secret":  "",
	"service.version":                 "COCKROACH_VERSION",
	"service.http_port":               "COCKROACH_HTTP_PORT",
	"service.pg_port":                 "COCKROACH_PG_PORT",
	"service.container_http_port":     "CONTAINER_HTTP_PORT",
	"service.container_pg_port":       "CONTAINER_PG_PORT",
	"service.virtual_network":         virtualNetwork,
	"service.cache_size":              "COCKROACH_CACHE_SIZE",
	"service.max_sql_memory":          "COCKROACH_MAX_SQL_MEMORY",
	"node.placement_constraint":       "NODE_PLACEMENT",
	"node.count":                      "NODE_COUNT",
	"node.cpus":                       "NODE_CPUS",
	"node.mem":                        "NODE_MEM",
	"node.disk":                       "NODE_DISK",
	"node.disk_type":                  "NODE_DISK_TYPE",
	"side.count":                      "SIDE_COUNT",
	"side.cpus":                       "SIDE_CPUS",
	"side.mem":                        "SIDE_MEM",
	"side.disk":                       "SIDE_DISK",
	"side.disk_type":                  "SIDE_DISK_TYPE",
	"backup.schedule":                 "BACKUP_SCHEDULE",
	"backup.databases":                "BACKUP_DATABASES",
	"backup.s3_bucket":                "BACKUP_S3_BUCKET",
	"backup.s3_dir":                   "BACKUP_S3_DIR",
	"backup.s3_region":                "BACKUP_S3_REGION",
	"backup.s3_endpoint":              "BACKUP_S3_ENDPOINT",
	"backup.s3_path_style":            "BACKUP_S3_PATH_STYLE",
	"backup.s3_ca_file":               "BACKUP_S3_CA_FILE",
	"backup.s3_iam":                   "BACKUP_S3_IAM",
	"backup.access_key_id":            "BACKUP_AWS_ACCESS_KEY_ID",
	"backup.secret_access_key":        "BACKUP_AWS_SECRET_ACCESS_KEY",
	"backup.session_token":            "BACKUP_AWS_SESSION_TOKEN",
	"backup.access_key_id_secret":     "",
	"backup.secret_access_key_secret": "",
	"backup.session_token_secret":     "",
	"backup.compress":                 "BACKUP_COMPRESS",
	"backup.method":                   "BACKUP_METHOD",
	"backup.keep_count":               "BACKUP_KEEP_COUNT",
	"backup.keep_age":                 "BACKUP_KEEP_AGE",
	"backup.cpus":                     "BACKUP_CPUS",
	"backup.mem":                      "BACKUP_MEM_MB",
	"backup.disk":                     "BACKUP_DISK_MB",
	"backup.placement_constraint":     "BACKUP_PLACEMENT",
	"tls.enabled":                     "TLS_ENABLED",
	"tls.ca_passphrase":               "TLS_CA_PASSPHRASE",
	"tls.ca_former_passphrase":        "TLS_CA_FORMER_PASSPHRASE",
	"tls.ca_cert":                     "TLS_CA_CERT",
	"tls.ca_key":                      "TLS_CA_KEY",
	"tls.ca_extra":                    "TLS_CA_EXTRA",
	"tls.node_cert":                   "TLS_NODE_CERT",
	"tls.node_key":                    "TLS_NODE_KEY",
	"tls.client_cert":                 "TLS_CLIENT_CERT",
	"tls.client_key":                  "TLS_CLIENT_KEY",
	"tls.ca_lifetime":                 "TLS_CA_LIFETIME",
	"tls.node_lifetime":               "TLS_NODE_LIFETIME",
	"tls.client_lifetime":             "TLS_CLIENT_LIFETIME",
	"tls.change":                      "TLS_CHANGE",
	"api.tls_cert":                    "API_TLS_CERT",
	"api.tls_key":                     "API_TLS_KEY",
	"api.tls_ca":                      "API_TLS_CA",
	"api.token":                       "API_TOKEN",
	"tls.ca_passphrase_secret":        "",
	"tls.ca_former_passphrase_secret": "",
	"tls.ca_key_secret":               "",
	"tls.node_key_secret":             "",
	"tls.client_key_secret":           "",
	"api.tls_key_secret":              "",
	"api.token_secret":                "",
}

const virtualNetwork = "ENABLE_VIRTUAL_NETWORK"

// variables turns options into variables: {"node": {"mem": 4000}} is NODE_MEM=4000. Names in capitals at the top are taken
// as variables. Errors: *cluster.Fault for all that is wrong, joined.
func variables(text []byte, file string) (map[string]string, error) {
	found := map[string]string{}
	var faults []error
	var walk func(prefix string, value any)
	walk = func(prefix string, value any) {
		if section, ok := value.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(section)) {
				walk(strings.TrimPrefix(prefix+"."+name, "."), section[name])
			}
			return
		}
		name, known := optionVariables[prefix]
		if !known && prefix == strings.ToUpper(prefix) && !strings.Contains(prefix, ".") {
			name, known = prefix, true
		}
		scalar, plain := scalarText(name, value)
		switch {
		case !known:
			faults = append(faults, optionFault(file, prefix, "is no option that this plug-in knows", "Leave it out, or give the variable that it becomes as NAME=VALUE."))
		case !plain:
			faults = append(faults, optionFault(file, prefix, "is neither a text, a number nor true or false", "Give one of these."))
		case name != "":
			found[name] = scalar
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // 5000 must not become 5e+03
	var options map[string]any
	if err := decoder.Decode(&options); err != nil {
		return nil, fmt.Errorf("read the options: %w", err)
	}
	walk("", options)
	return found, errors.Join(faults...)
}

// scalarText is a value as the package writes it into the environment.
func scalarText(name string, value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		// The package sets this variable to yes, or not at all.
		if name == virtualNetwork {
			return map[bool]string{true: "yes"}[v], true
		}
		return fmt.Sprint(v), true
	}
	return "", false
}

func optionFault(file, option, message, remedy string) error {
	return &cluster.Fault{Field: "option", Value: option, Message: message + " (in " + file + ")", Remedy: remedy}
}
