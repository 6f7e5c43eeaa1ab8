package httpshell

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// Single values of a JSON call, with a master's words for what is wrong with them.

func enumValue(value any, into reflect.Value, f field) (bool, error) {
	name, ok := value.(string)
	if !ok {
		return false, unexpected(value, f)
	}
	number, known := f.enum[name]
	if known {
		into.SetInt(int64(number))
	}
	return known, nil
}

func scalar(value any, into reflect.Value, f field) error {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		if into.Kind() != reflect.Bool {
			return unexpected(value, f)
		}
		into.SetBool(v)
		return nil
	default:
		return unexpected(value, f)
	}
	_, isString := value.(string)
	switch into.Kind() {
	case reflect.String:
		if !isString {
			return unexpected(value, f)
		}
		into.SetString(text)
		return nil
	case reflect.Slice:
		if !isString {
			return unexpected(value, f)
		}
		return bytesValue(text, into, f)
	case reflect.Float64, reflect.Float32:
		return number(text, f, func(n float64) { into.SetFloat(n) })
	case reflect.Int32, reflect.Int64:
		return number(text, f, func(n float64) {
			exact, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				exact = int64(n)
			}
			into.SetInt(exact)
		})
	case reflect.Uint32, reflect.Uint64:
		return number(text, f, func(n float64) {
			exact, err := strconv.ParseUint(text, 10, 64)
			if err != nil {
				exact = uint64(n)
			}
			into.SetUint(exact)
		})
	}
	return unexpected(value, f)
}

func number(text string, f field, set func(float64)) error {
	parsed, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("Failed to parse '%s' as a JSON number for field '%s'", text, f.name) //nolint:staticcheck // a master's words
	}
	set(parsed)
	return nil
}

func bytesValue(text string, into reflect.Value, f field) error {
	data, err := base64.StdEncoding.DecodeString(text)
	if fault := base64.CorruptInputError(0); errors.As(err, &fault) {
		character := ""
		if int(fault) < len(text) {
			character = text[fault : fault+1]
		}
		return fmt.Errorf("Failed to base64 decode bytes field '%s': Invalid character '%s'", f.name, character) //nolint:staticcheck // a master's words
	}
	into.SetBytes(data)
	return nil
}

// unexpected is the error for a value of the wrong kind.
func unexpected(value any, f field) error {
	kind := "null"
	switch value.(type) {
	case string:
		kind = "string"
	case json.Number:
		kind = "number"
	case bool:
		kind = "boolean"
	case []any:
		kind = "array"
	case map[string]any:
		kind = "object"
	}
	return fmt.Errorf("Not expecting a JSON %s for field '%s'", kind, f.name) //nolint:staticcheck // a master's words
}
