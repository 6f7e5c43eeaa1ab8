package api

import (
	"bytes"
	"encoding/json"
	"strings"
)

// protobufJSON turns a message of Mesos' v1 API into what the SDK sends, which is the v0 message in protobuf JSON:
// names in lowerCamelCase, numbers as numbers, empty lists as [], and agents called slaves.
func protobufJSON(message json.Marshaler) (json.RawMessage, error) {
	snake, err := message.MarshalJSON()
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(snake))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(renamed(tree)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// renamed gives the fields of a decoded message their v0 names. The encoder writes null for lists without entries
// alone: fields that are not set are left out.
func renamed(tree any) any {
	switch node := tree.(type) {
	case nil:
		return []any{}
	case map[string]any:
		fields := make(map[string]any, len(node))
		for name, value := range node {
			if text, ok := value.(string); ok && (name == "source" || name == "reason") {
				value = strings.Replace(text, "_AGENT", "_SLAVE", 1)
			}
			fields[fieldName(name)] = renamed(value)
		}
		return fields
	case []any:
		for i := range node {
			node[i] = renamed(node[i])
		}
	}
	return tree
}

func fieldName(name string) string {
	name = strings.Replace(name, "agent_", "slave_", 1)
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
