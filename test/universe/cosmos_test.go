package universe

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cbroglie/mustache"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/universe"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// today is a date for warnings.
var today = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// mirror is where the built files would be.
const mirror = "http://mirror.example.org/crdb"

// built is a package as the builder makes it, with programs that are none.
type built struct {
	out    string
	files  map[string]string
	config map[string]any
}

func build(t *testing.T, change ...func(*universe.Build)) built {
	t.Helper()
	b := universe.Build{Release: "v1.0.0", Database: "v24.1.6", URL: mirror, Root: filepath.Join("..", ".."), Out: t.TempDir(),
		Compile: func(_ context.Context, _, release string, program universe.Program, to string) error {
			return os.WriteFile(to, []byte(release+" "+program.File), 0o755)
		}}
	for _, one := range change {
		one(&b)
	}
	if _, err := b.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := built{out: b.Out, files: map[string]string{}}
	for _, name := range []string{"package.json", "config.json", "marathon.json.mustache", "resource.json"} {
		content, err := os.ReadFile(filepath.Join(b.Out, "package", name))
		if err != nil {
			t.Fatal(err)
		}
		p.files[name] = string(content)
	}
	p.config = object(t, p.files["config.json"])
	return p
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	value := map[string]any{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return value
}

// An escaping is what Cosmos does to a text before it stands in the template.
type escaping func(string) string

var escapings = map[string]escaping{
	"1.9": func(text string) string { return text },
	"1.10 and later": func(text string) string {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(text)
		quoted := strings.TrimSpace(out.String())
		return quoted[1 : len(quoted)-1]
	},
}

// render makes the text of the Marathon app from options: checked against the schema, merged over the defaults, rendered.
func (p built) render(options map[string]any, escape escaping) (string, error) {
	merged := merge(defaults(p.config), options)
	schema, err := p.schema()
	if err != nil {
		return "", err
	}
	if err := schema.Validate(merged); err != nil {
		return "", err
	}
	resource := map[string]any{}
	if err := json.Unmarshal([]byte(p.files["resource.json"]), &resource); err != nil {
		return "", err
	}
	merged["resource"] = resource
	template, err := mustache.ParseStringRaw(p.files["marathon.json.mustache"], true)
	if err != nil {
		return "", err
	}
	return template.Render(plain(merged, escape))
}

func (p built) schema() (*jsonschema.Schema, error) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(p.files["config.json"]))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4)
	if err := compiler.AddResource("config.json", value); err != nil {
		return nil, err
	}
	return compiler.Compile("config.json")
}

// app is the rendered Marathon app. It fails when the text is not JSON.
func (p built) app(t *testing.T, options map[string]any, escape escaping) map[string]any {
	t.Helper()
	text, err := p.render(options, escape)
	if err != nil {
		t.Fatalf("options %v: %v", options, err)
	}
	return object(t, text)
}

// credential is what DC/OS puts in the place of the secret.
var credential = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	encoded, err := json.Marshal(map[string]string{"uid": "crdb-account", "scheme": "RS256",
		"private_key":    string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		"login_endpoint": "https://leader.mesos/acs/api/v1/auth/login"})
	if err != nil {
		panic(err)
	}
	return string(encoded)
})

// env is the environment that Marathon makes of an app.
func env(t *testing.T, app map[string]any) map[string]string {
	t.Helper()
	made := map[string]string{}
	for name, value := range app["env"].(map[string]any) {
		switch value := value.(type) {
		case string:
			made[name] = value
		case map[string]any:
			secret, known := app["secrets"].(map[string]any)[fmt.Sprint(value["secret"])]
			if !known || secret.(map[string]any)["source"] == "" {
				t.Fatalf("%s names a secret that the app does not have: %v", name, value)
			}
			made[name] = "secret:" + fmt.Sprint(secret.(map[string]any)["source"])
			if name == "DCOS_SERVICE_ACCOUNT_CREDENTIAL" {
				made[name] = credential()
			}
		default:
			t.Fatalf("%s is %v: Marathon takes texts and secrets only", name, value)
		}
	}
	return made
}

// parse starts the scheduler's configuration with an environment, as Marathon would.
func parse(variables map[string]string) config.Parsed {
	environ := []string{"PORT_API=13057", "PORT0=13057", "HOST=10.0.0.5"}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		environ = append(environ, name+"="+variables[name])
	}
	return config.Parse(environ, today)
}

// settings fails on anything that the scheduler has to say about an environment.
func settings(t *testing.T, variables map[string]string) config.Settings {
	t.Helper()
	parsed := parse(variables)
	if len(parsed.Faults) > 0 || len(parsed.Warnings) > 0 {
		t.Fatalf("faults %v, warnings %q", parsed.Faults, parsed.Warnings)
	}
	return parsed.Settings
}

// defaults are the defaults of a schema's properties, nested; an option without one is left out.
func defaults(schema map[string]any) map[string]any {
	found := map[string]any{}
	for name, property := range schema["properties"].(map[string]any) {
		property := property.(map[string]any)
		if property["properties"] != nil {
			found[name] = defaults(property)
		} else if value, ok := property["default"]; ok {
			found[name] = value
		}
	}
	return found
}

// merge puts options over others, object by object.
func merge(under, over map[string]any) map[string]any {
	merged := maps.Clone(under)
	for name, value := range over {
		below, isBelow := merged[name].(map[string]any)
		above, isAbove := value.(map[string]any)
		if isBelow && isAbove {
			value = merge(below, above)
		}
		merged[name] = value
	}
	return merged
}

// plain turns a value of JSON into what the template prints: escaped texts, and whole numbers without a point.
func plain(value any, escape escaping) any {
	switch value := value.(type) {
	case map[string]any:
		made := map[string]any{}
		for name, one := range value {
			made[name] = plain(one, escape)
		}
		return made
	case float64:
		if value == math.Trunc(value) {
			return int64(value)
		}
	case string:
		return escape(value)
	}
	return value
}

// leaf is an option: its path, such as node.count, and its schema.
type leaf struct {
	path   string
	schema map[string]any
}

func leaves(schema map[string]any, prefix string) (list []leaf) {
	properties := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property := properties[name].(map[string]any)
		if property["properties"] != nil {
			list = append(list, leaves(property, prefix+name+".")...)
		} else {
			list = append(list, leaf{prefix + name, property})
		}
	}
	return list
}

// at is the value at a path.
func at(options map[string]any, path string) (any, bool) {
	first, rest, nested := strings.Cut(path, ".")
	value, ok := options[first]
	if !nested || !ok {
		return value, ok
	}
	below, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	return at(below, rest)
}

// only is an object with one option.
func only(path string, value any) map[string]any {
	first, rest, nested := strings.Cut(path, ".")
	if nested {
		value = only(rest, value)
	}
	return map[string]any{first: value}
}

func read(t *testing.T, name string) map[string]any {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(content))
}
