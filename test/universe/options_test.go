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
	"service.archive_sha256":          only("service.archive_uri", "https://mirror.example.org/cockroach-v23.2.4.linux-amd64.tgz"),
	"backup.access_key_id_secret":     only("backup.secret_access_key_secret", "team/crdb/backup-key"),
	"backup.session_token_secret":     only("backup.secret_access_key_secret", "team/crdb/backup-key"),
	"tls.enabled":                     only("tls.ca_passphrase_secret", "team/crdb/authority"),
	"tls.ca_former_passphrase":        only("tls.ca_passphrase", "correct horse battery"),
	"tls.ca_former_passphrase_secret": only("tls.ca_passphrase", "correct horse battery"),
	"tls.ca_cert":                     only("tls.ca_key", "secrets/ca.key"),
	"tls.ca_key":                      only("tls.ca_cert", "secrets/ca.crt"),
	"tls.ca_key_secret":               only("tls.ca_cert", "secrets/ca.crt"),
	"tls.ca_extra":                    {"tls": map[string]any{"ca_cert": "secrets/ca.crt", "ca_key": "secrets/ca.key"}},
	"tls.node_cert":                   pair,
	"tls.node_key":                    pair,
	"tls.node_key_secret":             pair,
	"tls.client_cert":                 pair,
	"tls.client_key":                  pair,
	"tls.client_key_secret":           pair,
	"api.tls_cert":                    only("api.tls_key", "secrets/api.key"),
	"api.tls_key":                     only("api.tls_cert", "secrets/api.crt"),
	"api.tls_key_secret":              only("api.tls_cert", "secrets/api.crt"),
	"api.tls_ca":                      {"api": map[string]any{"tls_cert": "secrets/api.crt", "tls_key": "secrets/api.key"}},
}

// pair are the options of one given certificate for all nodes, which go together.
var pair = map[string]any{"tls": map[string]any{"ca_cert": "secrets/ca.crt", "node_cert": "secrets/node.crt", "node_key": "secrets/node.key",
	"client_cert": "secrets/root.crt", "client_key": "secrets/root.key"}, "api": map[string]any{"tls_cert": "secrets/api.crt", "tls_key": "secrets/api.key"}}

// alone are values for options that everything.json leaves at their default, because the rest of it speaks against another.
var alone = map[string]any{"service.listen": "agent", "backup.s3_iam": true, "tls.ca_cert": "secrets/own.crt", "tls.ca_key": "secrets/own.key",
	"tls.ca_key_secret": "team/crdb/own", "tls.ca_extra": "secrets/extra.crt", "tls.node_cert": "secrets/own.crt", "tls.node_key": "secrets/own.key",
	"tls.node_key_secret": "team/crdb/own", "tls.client_cert": "secrets/own.crt", "tls.client_key": "secrets/own.key", "tls.client_key_secret": "team/crdb/own", "tls.change": "full-stop"}

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
				after := parse(env(t, p.app(t, merge(merge(map[string]any{}, with[option.path]), only(option.path, value)), escape)))
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

// TestEverySecretAloneAndWithAllOthers: the app names the secrets that are set, each once, whichever is the first.
func TestEverySecretAloneAndWithAllOthers(t *testing.T) {
	p, everything := build(t), read(t, "everything.json")
	var all []string
	for _, option := range leaves(p.config, "") {
		if strings.HasSuffix(option.path, "_secret") {
			all = append(all, option.path)
		}
	}
	if len(all) != 11 {
		t.Errorf("%d options for secrets", len(all))
	}
	secrets := func(options map[string]any) (sources []string) {
		for version, escape := range escapings {
			app := p.app(t, options, escape)
			env(t, app) // names no secret that the app does not have
			sources = nil
			named, _ := app["secrets"].(map[string]any)
			for _, secret := range named {
				sources = append(sources, fmt.Sprint(secret.(map[string]any)["source"]))
			}
			if text, err := p.render(options, escape); err != nil || strings.Count(text, `"source"`) != len(sources) {
				t.Errorf("on %s a secret is named twice (%v)", version, err)
			}
		}
		slices.Sort(sources)
		return sources
	}
	for i, first := range all {
		options, want := map[string]any{}, []string{}
		for j, path := range all {
			if j >= i {
				options, want = merge(options, only(path, "team/"+path)), append(want, "team/"+path)
			}
		}
		// Those that count only beside another one do not count without it.
		if i > slices.Index(all, "backup.secret_access_key_secret") {
			want = slices.DeleteFunc(want, func(source string) bool { return strings.HasPrefix(source, "team/backup.") })
		}
		slices.Sort(want)
		if got := secrets(options); !slices.Equal(got, want) {
			t.Errorf("from %s on: %v, want %v", first, got, want)
		}
		alone := merge(only(first, "team/alone"), with[first])
		want = []string{"team/alone"}
		for path, source := range map[string]any{"backup.secret_access_key_secret": "team/crdb/backup-key"} {
			if value, _ := at(alone, path); value == source {
				want = append(want, fmt.Sprint(source))
			}
		}
		if got := secrets(alone); !slices.Equal(got, want) {
			t.Errorf("%s alone: %v", first, got)
		}
	}
	if got := secrets(merge(everything, read(t, "former-names.json"))); len(got) != 8 {
		t.Errorf("of everything: %v", got)
	}
}

// TestTLSOfTheAPIReachesAdminRouter: the label says how Admin Router asks the API. The health check stays plain, which the API answers.
func TestTLSOfTheAPIReachesAdminRouter(t *testing.T) {
	app := build(t).app(t, map[string]any{"api": map[string]any{"tls_cert": "secrets/api.crt", "tls_key_secret": "c/key"}}, escapings["1.9"])
	if scheme, _ := at(app, "labels.DCOS_SERVICE_SCHEME"); scheme != "https" {
		t.Errorf("scheme %v", scheme)
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
			if choice != "" { // an option has to have a default, a setting has none then
				words = append(words, fmt.Sprint(choice))
			}
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
