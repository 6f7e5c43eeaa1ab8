package wire

import (
	"bytes"
	"encoding/json"
)

// Marshal encodes an answer as the SDK does: indented by two spaces, without
// HTML escapes and without a line feed at the end. Errors are those of
// encoding/json (a raw part that is not JSON).
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// compact encodes without indentation and without HTML escapes; the outer
// encoder indents the result.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
