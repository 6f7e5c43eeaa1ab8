package client

import (
	"bytes"
	"encoding/json"
	"strings"
)

// redacted takes the place of a key in a trace, as JSON.
const redacted = `"[redacted]"`

// secretNames are the ends of the names that keys have in JSON, in small letters without underscores, hyphens and dots:
// secretAccessKey of a job, AWS_SECRET_ACCESS_KEY of a plan's parameters, BACKUP_AWS_SECRET_ACCESS_KEY and API_TOKEN of settings.
var secretNames = []string{"accesskeyid", "accesskey", "secretkey", "sessiontoken", "apitoken", "password"}

// SecretName says that what has this name is a key or a part of one, and is shown nowhere.
func SecretName(name string) bool {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
	for _, end := range secretNames {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// redact takes the values of all fields with a secret name out of JSON, at any depth, whatever they are, and leaves every
// other byte as it is. From where the text is no JSON any more it is left as it is, but for a value that breaks off there.
func redact(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var out bytes.Buffer
	kept := 0
	// names says of each open bracket whether it is an object's, and so whether the next token in it is a name.
	var objects, names []bool
	for {
		token, err := decoder.Token()
		if err != nil {
			out.Write(body[kept:])
			return out.Bytes()
		}
		depth := len(objects) - 1
		switch token {
		case json.Delim('{'), json.Delim('['):
			objects, names = append(objects, token == json.Delim('{')), append(names, token == json.Delim('{'))
			continue
		case json.Delim('}'), json.Delim(']'):
			objects, names = objects[:depth], names[:depth]
			depth--
		default:
			if name, ok := token.(string); ok && depth >= 0 && names[depth] {
				names[depth] = false
				if !SecretName(name) {
					continue
				}
				var value json.RawMessage
				begin := int(decoder.InputOffset())
				if err := decoder.Decode(&value); err != nil {
					out.Write(body[kept:begin])
					out.WriteString(":" + redacted)
					return out.Bytes()
				}
				end := int(decoder.InputOffset())
				out.Write(body[kept : end-len(value)])
				out.WriteString(redacted)
				kept = end
			}
		}
		// A value has ended: in an object a name comes next.
		if depth >= 0 && objects[depth] {
			names[depth] = true
		}
	}
}
