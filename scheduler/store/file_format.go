package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// fileState is the file as JSON: readable, sorted by key, one value in one of three forms so that its bytes come back
// exactly.
type fileState struct {
	Schema *string                     `json:"schema"`
	Keys   *map[string]json.RawMessage `json:"keys"`
}

type fileValue struct {
	JSON   json.RawMessage `json:"json"`   // a value that is compact JSON, shown spread out
	Text   *string         `json:"text"`   // any other valid UTF-8
	Base64 *string         `json:"base64"` // the rest
}

// encodeFile writes the whole file.
func encodeFile(values map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"schema\": %q,\n  \"keys\": {", schema)
	for i, key := range sortedKeys(values) {
		if i > 0 {
			b.WriteByte(',')
		}
		// Keys need no escaping: see segmentProblem.
		fmt.Fprintf(&b, "\n    \"%s\": ", key)
		if err := encodeValue(&b, values[key]); err != nil {
			return nil, fmt.Errorf("writing the value of %s: %w", key, err)
		}
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes(), nil
}

func encodeValue(b *bytes.Buffer, value []byte) error {
	form, text := "base64", base64.StdEncoding.EncodeToString(value)
	switch {
	case isCompactJSON(value):
		b.WriteString(`{"json": `)
		if err := json.Indent(b, value, "    ", "  "); err != nil {
			return err
		}
		b.WriteByte('}')
		return nil
	case utf8.Valid(value):
		form, text = "text", string(value)
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return err
	}
	fmt.Fprintf(b, "{%q: %s}", form, bytes.TrimSpace(quoted.Bytes()))
	return nil
}

// isCompactJSON tells whether spreading the value out and compacting it again gives the same bytes. "null" is left out:
// the decoder takes it for a missing value.
func isCompactJSON(value []byte) bool {
	var compact bytes.Buffer
	if !json.Valid(value) || json.Compact(&compact, value) != nil {
		return false
	}
	return bytes.Equal(compact.Bytes(), value) && utf8.Valid(value) && string(value) != "null"
}

// decodeFile reads the whole file. Errors say what is wrong with it.
func decodeFile(text []byte) (map[string][]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var state fileState
	if err := dec.Decode(&state); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("it ends after %d bytes, in the middle", len(text))
		}
		return nil, fmt.Errorf("it is no JSON of the expected shape (%w)", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the end of the JSON")
	}
	if state.Schema == nil || state.Keys == nil {
		return nil, errors.New(`"schema" or "keys" is missing`)
	}
	if *state.Schema != schema {
		return nil, &SchemaError{Found: *state.Schema, Want: schema}
	}
	values := make(map[string][]byte, len(*state.Keys))
	for key, raw := range *state.Keys {
		if problem := keyProblem(key); problem != "" {
			return nil, fmt.Errorf("the key %q %s", key, problem)
		}
		value, err := decodeValue(raw)
		if err != nil {
			return nil, fmt.Errorf("the value of %q %w", key, err)
		}
		values[key] = value
	}
	return values, nil
}

func decodeValue(raw json.RawMessage) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var v fileValue
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("has an unexpected shape (%w)", err)
	}
	switch {
	case v.JSON != nil && v.Text == nil && v.Base64 == nil:
		var compact bytes.Buffer
		if err := json.Compact(&compact, v.JSON); err != nil {
			return nil, fmt.Errorf("is broken JSON (%w)", err)
		}
		return compact.Bytes(), nil
	case v.Text != nil && v.JSON == nil && v.Base64 == nil:
		return []byte(*v.Text), nil
	case v.Base64 != nil && v.JSON == nil && v.Text == nil:
		value, err := base64.StdEncoding.DecodeString(*v.Base64)
		if err != nil {
			return nil, fmt.Errorf("is broken base64 (%w)", err)
		}
		return value, nil
	}
	return nil, errors.New(`needs exactly one of "json", "text" and "base64"`)
}
