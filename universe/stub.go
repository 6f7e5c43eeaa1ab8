package universe

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Names of the repositories of one package that `dcos package repo add` reads. DC/OS 1.9 knows packages up to
// packagingVersion 3.0, which is 4.0 without versions to change from and to.
const (
	stubFile   = "stub-universe.json"
	stubFile19 = "stub-universe-1.9.json"
)

// stubs makes both repositories of a package's files.
func stubs(sources map[string][]byte) (map[string][]byte, error) {
	made := map[string][]byte{}
	for _, name := range []string{stubFile, stubFile19} {
		entry := map[string]any{}
		if err := json.Unmarshal(sources["package.json"], &entry); err != nil {
			return nil, fmt.Errorf("read package.json: %w", err)
		}
		if name == stubFile19 {
			entry["packagingVersion"] = "3.0"
			delete(entry, "upgradesFrom")
			delete(entry, "downgradesTo")
		}
		entry["releaseVersion"] = 0
		entry["config"] = json.RawMessage(sources["config.json"])
		entry["resource"] = json.RawMessage(sources["resource.json"])
		entry["marathon"] = map[string][]byte{"v2AppMustacheTemplate": sources["marathon.json.mustache"]}
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(map[string]any{"packages": []any{entry}}); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		made[name] = out.Bytes()
	}
	return made, nil
}
