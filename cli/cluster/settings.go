package cluster

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// settings looks up the keys of one cluster: environment first, then its
// dcos.toml (nil when the environment alone describes the cluster).
type settings struct {
	env  Environment
	file *file
}

// get finds a key by the names its variable may have, then in the file. It also
// says where it was found, or where it should have been. The second form of a
// variable (DCOS_DCOS_URL) is what the SDK's rule makes of core.dcos_url.
func (s settings) get(section, key string, variables ...string) (value, field string, found bool) {
	for _, name := range variables {
		if value, set := s.env(name); set {
			return value, name, true
		}
	}
	if s.file == nil {
		return "", variables[0], false
	}
	value, found = s.file.get(section, key)
	return value, fmt.Sprintf("%s: %s.%s", s.file.path, section, key), found
}

func (s settings) url() (value, field string) {
	value, field, _ = s.get("core", "dcos_url", addressVariables...)
	return value, field
}

func (s settings) token() Token {
	value, _, _ := s.get("core", "dcos_acs_token", "DCOS_ACS_TOKEN", "DCOS_DCOS_ACS_TOKEN")
	return NewToken(value)
}

func (s settings) service(w Wanted) (serviceName, error) {
	if w.Name != "" {
		return parseServiceName("--name", w.Name)
	}
	value, field, _ := s.get("cockroachdb", "service_name", "DCOS_COCKROACHDB_SERVICE_NAME")
	if value == "" {
		return standardService, nil
	}
	return parseServiceName(field, value)
}

// timeout reads core.timeout, in whole seconds.
func (s settings) timeout() (time.Duration, error) {
	value, field, _ := s.get("core", "timeout", "DCOS_TIMEOUT")
	if value == "" {
		return standardTimeout, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 86400 {
		return 0, &Fault{field, value, "is not a number of seconds from 1 to 86400", "Give for example 30, or remove it."}
	}
	return time.Duration(n) * time.Second, nil
}

// cosmos reads package.cosmos_url, which few clusters set; Cosmos is otherwise
// found behind Admin Router.
func (s settings) cosmos(base string) (string, error) {
	value, field, _ := s.get("package", "cosmos_url", "DCOS_PACKAGE_COSMOS_URL")
	if value == "" {
		return base + "/cosmos", nil
	}
	return cleanURL(field, value)
}

// verbosityOf a word of DCOS_LOG_LEVEL (sdk: info and debug turn it on).
func verbosityOf(level string) int {
	switch strings.ToLower(level) {
	case "info":
		return 1
	case "debug":
		return 2
	}
	return 0
}

// Verbosity is how much the dcos CLI was asked to show: 0 nothing more, 1 the
// queries, 2 their bodies too.
func Verbosity(env Environment) int {
	level, _ := env("DCOS_LOG_LEVEL")
	most := verbosityOf(level)
	if debug, _ := env("DCOS_DEBUG"); strings.EqualFold(debug, "true") || debug == "1" {
		most = max(most, 1)
	}
	count, _ := env("DCOS_VERBOSITY")
	if n, err := strconv.Atoi(count); err == nil {
		most = max(most, n)
	}
	return most
}
