package universe

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"text/template"
)

// sources are embedded, so that a test of another module runs again when one of them changed.
//
//go:embed package
var sources embed.FS

// sourceNames are the four files of a package; the Universe takes no others.
var sourceNames = []string{"package.json", "config.json", "marathon.json.mustache", "resource.json"}

// fill takes the sources and puts the values in. The values were checked to need no escaping in JSON.
func (v values) fill() (map[string][]byte, error) {
	functions := template.FuncMap{
		"json": func(value any) (string, error) {
			encoded, err := json.Marshal(value)
			return string(encoded), err
		},
		"sum": func(name string) (string, error) {
			if sum, ok := v.sums[name]; ok {
				return sum, nil
			}
			return "", fmt.Errorf("no file %s was built", name)
		},
		"secrets": secretsOfApp,
		"secret":  secretOrText,
	}
	filled := map[string][]byte{}
	for _, name := range sourceNames {
		source, err := sources.ReadFile("package/" + name)
		if err != nil {
			return nil, fmt.Errorf("read the package: %w", err)
		}
		parsed, err := template.New(name).Delims("<<", ">>").Funcs(functions).Parse(string(source))
		if err != nil {
			return nil, fmt.Errorf("read the package: %w", err)
		}
		var out bytes.Buffer
		if err := parsed.Execute(&out, v); err != nil {
			return nil, fmt.Errorf("fill the package: %w", err)
		}
		filled[name] = out.Bytes()
	}
	return filled, nil
}
