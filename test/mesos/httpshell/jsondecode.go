package httpshell

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/gogo/protobuf/proto"
)

// decodeJSON reads a call as a master does (recorded in the errors scenario of the traces): snake_case names only, unknown
// fields ignored, null is unset, numbers may be strings, enums are exact names and an unknown name is unset, bytes are
// padded standard base64, required fields are required. Errors have a master's words.
func decodeJSON(data []byte, into message, name string) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	err := decoder.Decode(&tree)
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	object, isObject := tree.(map[string]any)
	if err != nil || !isObject {
		return fmt.Errorf("Failed to parse body into JSON: syntax error at line 1 near: %s", data) //nolint:staticcheck // a master's words
	}
	d := &jsonDecoder{}
	if err := d.message(object, reflect.ValueOf(into).Elem(), ""); err != nil {
		return fmt.Errorf("Failed to convert JSON into %s protobuf: %w", name, err) //nolint:staticcheck // a master's words
	}
	if len(d.missing) > 0 {
		return fmt.Errorf("Failed to convert JSON into %s protobuf: Missing required fields: %s", name, strings.Join(d.missing, ", ")) //nolint:staticcheck // a master's words
	}
	return nil
}

type jsonDecoder struct{ missing []string }

// field is what a generated struct's tag says about a field of the .proto file.
type field struct {
	name     string
	required bool
	enum     map[string]int32
}

func fieldOf(tag string) field {
	var f field
	for _, part := range strings.Split(tag, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "req":
			f.required = true
		case "name":
			f.name = value
		case "enum":
			f.enum = proto.EnumValueMap(value)
		}
	}
	return f
}

func (d *jsonDecoder) message(object map[string]any, into reflect.Value, path string) error {
	for i := range into.NumField() {
		tag, ok := into.Type().Field(i).Tag.Lookup("protobuf")
		if !ok {
			continue
		}
		f := fieldOf(tag)
		value, set := object[f.name]
		if set && value != nil {
			var err error
			if set, err = d.value(value, into.Field(i), f, path+f.name); err != nil {
				return err
			}
		}
		if f.required && (!set || value == nil) {
			d.missing = append(d.missing, path+f.name)
		}
	}
	return nil
}

// value reads one field and says whether it is set then.
func (d *jsonDecoder) value(value any, into reflect.Value, f field, path string) (set bool, err error) {
	if into.Kind() == reflect.Slice && into.Type().Elem().Kind() != reflect.Uint8 {
		return d.list(value, into, f, path)
	}
	if into.Kind() == reflect.Pointer {
		made := reflect.New(into.Type().Elem())
		if set, err = d.value(value, made.Elem(), f, path); set && err == nil {
			into.Set(made)
		}
		return set, err
	}
	if f.enum != nil {
		return enumValue(value, into, f)
	}
	if object, ok := value.(map[string]any); ok && into.Kind() == reflect.Struct {
		return true, d.message(object, into, path+".")
	}
	return true, scalar(value, into, f)
}

func (d *jsonDecoder) list(value any, into reflect.Value, f field, path string) (bool, error) {
	values, ok := value.([]any)
	if !ok {
		return false, unexpected(value, f)
	}
	for i, element := range values {
		made := reflect.New(into.Type().Elem()).Elem()
		set, err := d.value(element, made, f, fmt.Sprintf("%s[%d]", path, i))
		if err != nil {
			return false, err
		}
		if set {
			into.Set(reflect.Append(into, made))
		}
	}
	return true, nil
}
