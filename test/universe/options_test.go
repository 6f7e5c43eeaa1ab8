package universe

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
)

var update = flag.Bool("update", false, "write the golden files anew")

// internal are the settings that no option sets, with the reason.
var internal = map[string]string{
	"SDK_UNINSTALL":        "DC/OS sets it when the service is uninstalled",
	"PORT_API":             "Marathon sets it from the port named api",
	"PORT0":                "Marathon sets it",
	"STATSD_UDP_HOST":      "DC/OS sets it for every task",
	"STATSD_UDP_PORT":      "DC/OS sets it for every task",
	"COCKROACHDB_NODE_URI": "tasks fetch the helper from the scheduler, so that both always fit",
	"BOOTSTRAP_URI":        "without effect",
	"JAVA_URI":             "without effect",
	"EXECUTOR_URI":         "without effect",
	"LIBMESOS_URI":         "without effect",
	"CONFIG_TEMPLATE_PATH": "without effect",
	"MESOS_MODULES":        "without effect",
	"MESOS_AUTHENTICATEE":  "without effect",
}

// with are options that mean nothing alone.
var with = map[string]map[string]any{
	"service.archive_sha256":      only("service.archive_uri", "https://mirror.example.org/cockroach-v23.2.4.linux-amd64.tgz"),
	"backup.access_key_id_secret": only("backup.secret_access_key_secret", "team/crdb/backup-key"),
	"backup.session_token_secret": only("backup.secret_access_key_secret", "team/crdb/backup-key"),
}

// alone are values for options that everything.json leaves at their default, because the rest of it speaks against another.
var alone = map[string]any{"service.listen": "agent", "backup.s3_iam": true}

// TestEveryOptionReachesASetting sets one option after the other to what everything.json has for it.
func TestEveryOptionReachesASetting(t *testing.T) {
	p, everything := build(t), read(t, "everything.json")
	for _, option := range leaves(p.config, "") {
		value, ok := at(everything, option.path)
		if other := alone[option.path]; other != nil {
			value = other
		}
		if !ok {
			// The former names count only without the new ones.
			value, ok = at(read(t, "former-names.json"), option.path)
		}
		if !ok {
			t.Errorf("%s is in neither testdata/everything.json nor testdata/former-names.json", option.path)
			continue
		}
		for version, escape := range escapings {
			t.Run(option.path+" on "+version, func(t *testing.T) {
				before := parse(env(t, p.app(t, with[option.path], escape)))
				after := parse(env(t, p.app(t, merge(only(option.path, value), with[option.path]), escape)))
				if reflect.DeepEqual(before.Settings, after.Settings) {
					t.Errorf("set to %v, it changes no setting", value)
				}
				for _, fault := range after.Faults {
					// Settings that need another one say so; everything.json as a whole has none.
					if !strings.Contains(fault.Message, "is needed with") {
						t.Errorf("set to %v: %v", value, fault)
					}
				}
			})
		}
	}
}

// everyVariable are all variables that the package can set.
func everyVariable(t *testing.T, p built) map[string]string {
	t.Helper()
	all := env(t, p.app(t, read(t, "everything.json"), escapings["1.9"]))
	maps.Copy(all, env(t, p.app(t, nil, escapings["1.9"])))
	return all
}

func TestEverySettingIsReachable(t *testing.T) {
	reached := everyVariable(t, build(t))
	known := map[string]bool{}
	for _, entry := range config.Table() {
		known[entry.Name] = true
		_, ok := reached[entry.Name]
		if reason := internal[entry.Name]; ok == (reason != "") {
			t.Errorf("%s: an option sets it: %v; a reason why none does: %q. Give it an option in universe/package, or a reason here",
				entry.Name, ok, reason)
		}
	}
	for name := range reached {
		if !known[name] {
			t.Errorf("%s is set by the package, and the scheduler does not know it", name)
		}
	}
	for name := range internal {
		if !known[name] {
			t.Errorf("%s is listed as internal, and the scheduler does not know it", name)
		}
	}
}

// TestDefaultsAreTheSchedulers: an option that is not touched leaves its setting as it is without a package.
func TestDefaultsAreTheSchedulers(t *testing.T) {
	p := build(t)
	for version, escape := range escapings {
		made := env(t, p.app(t, nil, escape))
		golden(t, "defaults.env", made)
		own := settings(t, map[string]string{"COCKROACH_VERSION": made["COCKROACH_VERSION"], "COCKROACH_URI": made["COCKROACH_URI"]})
		if got := settings(t, made); !reflect.DeepEqual(got, own) {
			t.Errorf("on %s the defaults give\n%+v, and the scheduler alone has\n%+v", version, got, own)
		}
	}
}

// TestEverythingGivesExactlyTheseSettings: the golden file is the environment, one variable a line.
func TestEverythingGivesExactlyTheseSettings(t *testing.T) {
	p := build(t)
	for version, escape := range escapings {
		t.Run(version, func(t *testing.T) {
			made := env(t, p.app(t, read(t, "everything.json"), escape))
			golden(t, "everything.env", made)
			// Whatever is not an option keeps the scheduler's default.
			if got := settings(t, made); got.Tasks.NodeURI != "" || got.API.Port != 13057 || got.Service.Uninstall != "" {
				t.Errorf("settings that no option sets: %+v", got)
			}
		})
	}
}

func TestFormerNamesCountWithoutTheNewOnes(t *testing.T) {
	p := build(t)
	former := read(t, "former-names.json")
	app := p.app(t, former, escapings["1.9"])
	if got := settingsOfAccount(t, app); got != "old-principal old/secret" {
		t.Errorf("former names alone: %s", got)
	}
	app = p.app(t, merge(former, map[string]any{"service": map[string]any{"principal": "old", "secret_name": "old",
		"service_account": "new-account", "service_account_secret": "new/secret"}}), escapings["1.9"])
	if got := settingsOfAccount(t, app); got != "new-account new/secret" {
		t.Errorf("both: %s", got)
	}
	if app := p.app(t, nil, escapings["1.9"]); app["secrets"] != nil {
		t.Errorf("without a secret the app names one: %v", app["secrets"])
	}
}

// TestKeysOfBackupsComeFromSecretsWhereThereAreAny: with one secret or several, with the account's credential or without.
func TestKeysOfBackupsComeFromSecretsWhereThereAreAny(t *testing.T) {
	p := build(t)
	open := map[string]any{"backup": map[string]any{"access_key_id": "AKIA", "secret_access_key": "wJalr/Example+Key=", "session_token": "tok=="}}
	enterprise := map[string]any{"backup": map[string]any{"access_key_id_secret": "c/id", "secret_access_key_secret": "c/key", "session_token_secret": "c/token"}}
	both := map[string]any{"backup": map[string]any{"access_key_id": "AKIA", "secret_access_key_secret": "c/key"}}
	account := map[string]any{"service": map[string]any{"service_account_secret": "c/account"}}
	for _, tt := range []struct {
		name    string
		options map[string]any
		want    string
		secrets int
	}{
		{"nothing", nil, "  ", 0},
		{"plain values", open, "AKIA wJalr/Example+Key= tok==", 0},
		{"secrets", enterprise, "secret:c/id secret:c/key secret:c/token", 3},
		{"secrets before plain values", merge(open, enterprise), "secret:c/id secret:c/key secret:c/token", 3},
		{"a secret for the secret key alone", both, "AKIA secret:c/key ", 1},
		{"beside an account", merge(enterprise, account), "secret:c/id secret:c/key secret:c/token", 4},
		{"beside an account by its former name", merge(both, read(t, "former-names.json")), "AKIA secret:c/key ", 2},
		{"an account alone", account, "  ", 1},
	} {
		for version, escape := range escapings {
			app := p.app(t, tt.options, escape)
			b := parse(env(t, app)).Settings.Backup
			secrets, _ := app["secrets"].(map[string]any)
			if got := string(b.KeyID) + " " + string(b.Key) + " " + string(b.Token); got != tt.want || len(secrets) != tt.secrets {
				t.Errorf("%s on %s: keys %q, %d secrets", tt.name, version, got, len(secrets))
			}
		}
	}
}

func settingsOfAccount(t *testing.T, app map[string]any) string {
	t.Helper()
	source, _ := at(app, "secrets.serviceCredential.source")
	return parse(env(t, app)).Settings.Service.Principal + " " + fmt.Sprint(source)
}

// TestBoundsAndChoicesAreTheSchedulers compares an option's schema with the setting that it changes.
func TestBoundsAndChoicesAreTheSchedulers(t *testing.T) {
	p, everything := build(t), read(t, "everything.json")
	table := map[string]config.Entry{}
	for _, entry := range config.Table() {
		table[entry.Name] = entry
	}
	before := env(t, p.app(t, nil, escapings["1.9"]))
	compared := 0
	for _, option := range leaves(p.config, "") {
		value, _ := at(everything, option.path)
		if other := alone[option.path]; other != nil {
			value = other
		}
		if value == nil || option.schema["type"] == "string" && option.schema["enum"] == nil {
			continue
		}
		after := env(t, p.app(t, only(option.path, value), escapings["1.9"]))
		changed := slices.DeleteFunc(slices.Collect(maps.Keys(after)), func(name string) bool { return before[name] == after[name] })
		if len(changed) != 1 {
			t.Errorf("%s changes %v, want one variable", option.path, changed)
			continue
		}
		entry := table[changed[0]]
		compared++
		if got := allowed(option.schema); got != inSeconds(entry.Values) {
			t.Errorf("%s allows %q, and %s allows %q", option.path, got, entry.Name, inSeconds(entry.Values))
		}
		if got := shown(option.schema["default"]); got != inSeconds(entry.Default) {
			t.Errorf("%s has the default %q, and %s has %q", option.path, got, entry.Name, inSeconds(entry.Default))
		}
	}
	if compared < 30 {
		t.Errorf("only %d options compared", compared)
	}
}

func allowed(schema map[string]any) string {
	if choices, ok := schema["enum"].([]any); ok {
		var words []string
		for _, choice := range choices {
			words = append(words, fmt.Sprint(choice))
		}
		return strings.Join(words, ", ")
	}
	if schema["minimum"] == nil {
		return ""
	}
	return shown(schema["minimum"]) + " to " + shown(schema["maximum"])
}

func shown(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// inSeconds writes the time spans of a text as seconds, as options have them.
func inSeconds(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if span, err := time.ParseDuration(word); err == nil && strings.ContainsAny(word, "smh") {
			words[i] = strconv.FormatFloat(span.Seconds(), 'f', -1, 64)
		}
	}
	return strings.Join(words, " ")
}

// golden compares an environment with a file, one variable a line.
func golden(t *testing.T, name string, variables map[string]string) {
	t.Helper()
	var lines strings.Builder
	for _, variable := range slices.Sorted(maps.Keys(variables)) {
		value := variables[variable]
		if value == credential() {
			value = "(the content of the secret)"
		}
		fmt.Fprintf(&lines, "%s=%s\n", variable, value)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if lines.String() != string(want) {
		t.Errorf("%s has\n%s\nand the app has\n%s", path, want, lines.String())
	}
}
