package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// checkTags checks choices and bounds of every setting that was given, as its tags say.
func checkTags(settings Settings, values map[string]string, f *faults) {
	each(reflect.ValueOf(settings), func(_ string, field reflect.StructField, value reflect.Value) {
		name := field.Tag.Get("env")
		given, ok := values[name]
		if !ok || f.broken[name] {
			return
		}
		if choices := strings.Split(field.Tag.Get("choices"), ","); choices[0] != "" && !slices.Contains(choices, given) {
			f.reject(name, given, "is not one of the choices", "write one of "+strings.Join(choices, ", "))
		}
		if low, high, bounded := limits(field); bounded && (number(value) < low || number(value) > high) {
			f.reject(name, given, "is out of bounds",
				fmt.Sprintf("write a value from %s to %s", field.Tag.Get("min"), field.Tag.Get("max")))
		}
	})
}

// limits reads the bounds with the setting's own type, so that "10s" bounds a time span and "0.01" an amount.
func limits(field reflect.StructField) (low, high int64, bounded bool) {
	if field.Tag.Get("min") == "" {
		return 0, 0, false
	}
	return limit(field, "min"), limit(field, "max"), true
}

// limit panics on a tag that its own type cannot read; a test reads them all.
func limit(field reflect.StructField, tag string) int64 {
	value := reflect.New(field.Type)
	if err := value.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(field.Tag.Get(tag))); err != nil {
		panic(fmt.Sprintf("tag %s of %s: %v", tag, field.Name, err))
	}
	return number(value.Elem())
}

func number(value reflect.Value) int64 {
	if value.CanUint() {
		return int64(value.Uint())
	}
	return value.Int()
}
