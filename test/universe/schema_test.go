package universe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestConfigIsASchemaOfDraft4(t *testing.T) {
	p := build(t)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(p.files["config.json"]))
	if err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.NewCompiler().MustCompile("http://json-schema.org/draft-04/schema").Validate(value); err != nil {
		t.Error(err)
	}
	schema, err := p.schema()
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(defaults(p.config)); err != nil {
		t.Errorf("the defaults do not fit: %v", err)
	}
}

func TestEveryOptionIsExplained(t *testing.T) {
	p := build(t)
	withoutDefault := []string{"node.kill_grace"}
	for _, option := range leaves(p.config, "") {
		schema := option.schema
		for _, key := range []string{"title", "description"} {
			if text, _ := schema[key].(string); text == "" {
				t.Errorf("%s has no %s", option.path, key)
			}
		}
		if schema["type"] == nil && schema["enum"] == nil {
			t.Errorf("%s has neither type nor choices", option.path)
		}
		if _, ok := schema["default"]; ok == slices.Contains(withoutDefault, option.path) {
			t.Errorf("%s has a default: %v", option.path, ok)
		}
		if kind := schema["type"]; (kind == "integer" || kind == "number") && (schema["minimum"] == nil || schema["maximum"] == nil) {
			t.Errorf("%s has no bounds", option.path)
		}
	}
	media := map[string]string{"service.service_account": "application/x-service-account+string",
		"service.service_account_secret": "application/x-secret+string"}
	for _, option := range leaves(p.config, "") {
		if strings.HasSuffix(option.path, "_secret") {
			media[option.path] = "application/x-secret+string"
		}
	}
	for path, want := range media {
		found, _ := at(p.config, "properties."+strings.ReplaceAll(path, ".", ".properties.")+".media.type")
		if found != want {
			t.Errorf("%s has the media type %v, want %s", path, found, want)
		}
	}
}

func TestRequiredOptionsExist(t *testing.T) {
	for section, value := range build(t).config["properties"].(map[string]any) {
		schema := value.(map[string]any)
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := schema["properties"].(map[string]any)[fmt.Sprint(name)]; !ok {
				t.Errorf("%s.%s is required, and is no option", section, name)
			}
		}
		if len(required) == 0 && section != "api" {
			t.Errorf("%s requires nothing; packages before did", section)
		}
	}
}

// severalLines is the pattern of options that hold PEM or tokens. On DC/OS 1.9 their lines end with a backslash and an n.
const severalLines = `^[ !#-~\n\r]*$`

// TestTextOfSeveralLinesArrivesWhole: PEM in an option, as each release of DC/OS wants it written.
func TestTextOfSeveralLinesArrivesWhole(t *testing.T) {
	p := build(t)
	const text = "-----BEGIN CERTIFICATE-----\nMIIB/w+=\n-----END CERTIFICATE-----\n"
	for version, written := range map[string]string{"1.9": strings.ReplaceAll(text, "\n", `\n`), "1.10 and later": text} {
		for _, option := range leaves(p.config, "") {
			if option.schema["pattern"] != severalLines {
				continue
			}
			found := false
			for _, value := range env(t, p.app(t, only(option.path, written), escapings[version])) {
				found = found || value == text
			}
			if !found {
				t.Errorf("on %s the text of %s does not arrive", version, option.path)
			}
		}
	}
}

// TestWhatTheSchemaRefuses: what would break the app's JSON on DC/OS 1.9, and what the scheduler would refuse anyway.
func TestWhatTheSchemaRefuses(t *testing.T) {
	p := build(t)
	for _, option := range leaves(p.config, "") {
		if option.schema["type"] != "string" || option.path == "node.placement_constraint" {
			continue
		}
		refused := []string{`a"b`, `a\b`, "a\nb", "\u00e4"}
		if option.schema["pattern"] == severalLines {
			refused = []string{`a"b`, "\u00e4"}
		}
		for _, value := range refused {
			if _, err := p.render(only(option.path, value), escapings["1.9"]); err == nil {
				t.Errorf("%s takes %q", option.path, value)
			}
		}
	}
	for _, options := range []string{`{"node": {"count": 0}}`, `{"node": {"count": "3"}}`, `{"node": {"cpus": 0}}`, `{"node": {"disk_type": "SSD"}}`,
		`{"service": {"name": "Cockroach"}}`, `{"service": {"name": ""}}`, `{"service": {"name": "/a/b/"}}`, `{"service": {"user": ""}}`,
		`{"service": {"http_port": 80.5}}`, `{"service": {"http_port": 0}}`, `{"service": {"state_store": "file:///tmp"}}`,
		`{"service": {"archive_sha256": "abc"}}`, `{"service": {"log_level": "loud"}}`, `{"node": {"kill_grace": 5}}`} {
		value := map[string]any{}
		if err := json.Unmarshal([]byte(options), &value); err != nil {
			t.Fatal(err)
		}
		if _, err := p.render(value, escapings["1.10 and later"]); err == nil {
			t.Errorf("%s is taken", options)
		}
	}
}
