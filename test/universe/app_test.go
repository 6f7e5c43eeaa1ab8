package universe

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/cbroglie/mustache"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/universe"
)

func TestTheApp(t *testing.T) {
	p := build(t)
	for version, escape := range escapings {
		app := p.app(t, map[string]any{"service": map[string]any{"name": "/team/crdb"}}, escape)
		for path, want := range map[string]any{
			"id": "/team/crdb", "instances": 1.0, "cmd": "exec ./cockroachdb-scheduler-linux-amd64",
			"labels.DCOS_SERVICE_NAME": "/team/crdb", "labels.DCOS_PACKAGE_FRAMEWORK_NAME": "/team/crdb",
			"labels.DCOS_SERVICE_PORT_INDEX": "0", "labels.DCOS_SERVICE_SCHEME": "http", "labels.DCOS_COMMONS_API_VERSION": "v1",
			"labels.MARATHON_SINGLE_INSTANCE_APP": "true",
			// The old scheduler stops before the new one starts.
			"upgradeStrategy.minimumHealthCapacity": 0.0, "upgradeStrategy.maximumOverCapacity": 0.0,
		} {
			if got, _ := at(app, path); got != want {
				t.Errorf("on %s %s is %v, want %v", version, path, got, want)
			}
		}
		for name, value := range app["labels"].(map[string]any) {
			if _, ok := value.(string); !ok {
				t.Errorf("label %s is %v: Marathon takes texts only", name, value)
			}
		}
		fetch := app["fetch"].([]any)
		want := map[string]any{"uri": mirror + "/cockroachdb-scheduler-linux-amd64", "executable": true}
		if len(fetch) != 1 || !reflect.DeepEqual(fetch[0], want) {
			t.Errorf("on %s the app fetches %v, want %v alone", version, fetch, want)
		}
		port := app["portDefinitions"].([]any)[0].(map[string]any)
		if vip, _ := at(port, "labels.VIP_0"); port["name"] != "api" || vip != "/api./team/crdb:80" {
			t.Errorf("on %s the port is %v", version, port)
		}
		check := app["healthChecks"].([]any)[0].(map[string]any)
		if check["path"] != "/v1/health" || check["protocol"] != "MESOS_HTTP" || check["maxConsecutiveFailures"] != 0.0 {
			t.Errorf("on %s the health check is %v", version, check)
		}
	}
}

// TestTheUninstallLabelFitsTheScheduler: with the label, DC/OS starts the scheduler with SDK_UNINSTALL and waits for it. It has to
// start then even if options broke.
func TestTheUninstallLabelFitsTheScheduler(t *testing.T) {
	app := build(t).app(t, nil, escapings["1.9"])
	label, _ := at(app, "labels.DCOS_COMMONS_UNINSTALL")
	version, _ := at(app, "labels.DCOS_COMMONS_API_VERSION")
	if label != "true" || version != "v1" {
		t.Errorf("the labels are %v and %v, want true and v1", label, version)
	}
	variables := env(t, app)
	variables["SDK_UNINSTALL"], variables["NODE_COUNT"] = "true", "none"
	parsed := parse(variables)
	if len(parsed.Faults) > 0 || !parsed.Settings.Uninstalls() {
		t.Errorf("the scheduler does not start with SDK_UNINSTALL: %v", parsed.Faults)
	}
}

// TestPlacementAsJSON: it stands in a text of the app's JSON, which 1.10 and later escape, and 1.9 does not.
func TestPlacementAsJSON(t *testing.T) {
	p := build(t)
	rule := `[["@zone","GROUP_BY","3"]]`
	options := only("node.placement_constraint", rule)
	if got := settings(t, env(t, p.app(t, options, escapings["1.10 and later"]))).Nodes.Placement; got != rule {
		t.Errorf("on 1.10 and later: %s", got)
	}
	if text, err := p.render(options, escapings["1.9"]); err != nil || json.Valid([]byte(text)) {
		t.Errorf("on 1.9: error %v, or valid JSON all the same; then docs/dcos.md is wrong", err)
	}
	escaped := only("node.placement_constraint", strings.ReplaceAll(rule, `"`, `\"`))
	if got := settings(t, env(t, p.app(t, escaped, escapings["1.9"]))).Nodes.Placement; got != rule {
		t.Errorf("escaped by hand on 1.9: %s", got)
	}
	for version, escape := range escapings {
		if got := settings(t, env(t, p.app(t, only("node.placement_constraint", ""), escape))).Target().Pods[0].Placement; got != "" {
			t.Errorf("nothing on %s: %s", version, got)
		}
	}
}

func TestTheTemplateNamesOnlyWhatThereIs(t *testing.T) {
	p := build(t)
	known := map[string]bool{}
	for _, option := range leaves(p.config, "") {
		known[option.path] = true
	}
	uris, _ := at(object(t, p.files["resource.json"]), "assets.uris")
	for name := range uris.(map[string]any) {
		known["resource.assets.uris."+name] = true
	}
	template, err := mustache.ParseStringRaw(p.files["marathon.json.mustache"], true)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	var walk func([]mustache.Tag)
	walk = func(tags []mustache.Tag) {
		for _, tag := range tags {
			used[tag.Name()] = true
			if !known[tag.Name()] {
				t.Errorf("the template names %s, which is neither an option nor an asset", tag.Name())
			}
			if tag.Type() == mustache.Section || tag.Type() == mustache.InvertedSection {
				walk(tag.Tags())
			}
		}
	}
	walk(template.Tags())
	for name := range known {
		if !used[name] {
			t.Errorf("the template does not use %s", name)
		}
	}
}

// TestAnArchiveInTheFolder: with the database's archive at hand, agents need no other server.
func TestAnArchiveInTheFolder(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "cockroach-v23.2.4.linux-amd64.tgz")
	if err := os.WriteFile(archive, []byte("archive"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := build(t, func(b *universe.Build) { b.Archive, b.Database = archive, "v23.2.4" })
	got := settings(t, env(t, p.app(t, nil, escapings["1.9"]))).Database
	// printf archive | sha256sum
	want := config.Database{Version: "v23.2.4", URI: mirror + "/cockroach-v23.2.4.linux-amd64.tgz",
		SHA256: "0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3"}
	if got.Version != want.Version || got.URI != want.URI || got.SHA256 != want.SHA256 {
		t.Errorf("database %+v", got)
	}
	if text := fmt.Sprint(p.files); strings.Contains(strings.ReplaceAll(text, "https://github.com/", ""), "https://") {
		t.Error("a file of the package names another server")
	}
}
