package tasks

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// leaf is one value that differs between two values of one type. The path is made of the names in JSON, with the elements
// of a list under their own name: pods/cockroachdb/tasks/node-join/need/cpus. An absent value is the empty text.
// Values are written as people write them in a setting: amounts in whole units, times with their unit.
type leaf struct{ path, old, new string }

// differences lists what differs, in the order of the fields. An empty list or map is the same as none, because storing
// a target makes no difference between them; names give the order of a list no meaning.
func differences(before, after any) []leaf {
	return walk(nil, "", reflect.ValueOf(before), reflect.ValueOf(after))
}

func walk(list []leaf, path string, a, b reflect.Value) []leaf {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			list = walk(list, join(path, name), a.Field(i), b.Field(i))
		}
		return list
	case reflect.Pointer:
		if a.IsNil() && b.IsNil() {
			return list
		}
		return element(list, path, a.Type().Elem(), reflect.Indirect(a), reflect.Indirect(b))
	case reflect.Map:
		return elements(list, path, a.Type().Elem(), entries(a), entries(b))
	case reflect.Slice:
		return elements(list, path, a.Type().Elem(), named(a), named(b))
	}
	if old, now := fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()); old != now {
		list = append(list, leaf{path, old, now})
	}
	return list
}

// entry is an element of a list or map with its name in the path.
type entry struct {
	name  string
	value reflect.Value
}

// elements compares those with one name; the order is that of the new list, with what it lacks behind.
func elements(list []leaf, path string, kind reflect.Type, a, b []entry) []leaf {
	find := func(all []entry, name string) reflect.Value {
		for _, one := range all {
			if one.name == name {
				return one.value
			}
		}
		return reflect.Value{}
	}
	for _, one := range b {
		list = element(list, join(path, one.name), kind, find(a, one.name), one.value)
	}
	for _, one := range a {
		if !find(b, one.name).IsValid() {
			list = element(list, join(path, one.name), kind, one.value, reflect.Value{})
		}
	}
	return list
}

// element compares two values of which one may be missing. A missing one is unlike one that is there and empty. A whole
// pod or task is one difference, its fields are not listed.
func element(list []leaf, path string, kind reflect.Type, a, b reflect.Value) []leaf {
	length, missing := len(list), !a.IsValid() || !b.IsValid()
	if whole := kind == reflect.TypeFor[PodSpec]() || kind == reflect.TypeFor[TaskSpec](); whole && missing {
		name := path[strings.LastIndex(path, "/")+1:]
		if a.IsValid() {
			return append(list, leaf{path, name, ""})
		}
		return append(list, leaf{path, "", name})
	}
	if !a.IsValid() {
		a = reflect.Zero(kind)
	}
	if !b.IsValid() {
		b = reflect.Zero(kind)
	}
	list = walk(list, path, a, b)
	if missing && len(list) == length {
		list = append(list, leaf{path: path})
	}
	return list
}

func entries(m reflect.Value) []entry {
	var list []entry
	for _, key := range m.MapKeys() {
		list = append(list, entry{key.String(), m.MapIndex(key)})
	}
	slices.SortFunc(list, func(x, y entry) int { return strings.Compare(x.name, y.name) })
	return list
}

// named gives the elements of a list their names: that of the field Type or Name, else the place in the list, which is
// also taken when a name comes twice.
func named(s reflect.Value) []entry {
	var list []entry
	seen := map[string]bool{}
	for i := range s.Len() {
		name := fmt.Sprint(i)
		for _, field := range []string{"Type", "Name"} {
			if s.Index(i).Kind() != reflect.Struct {
				break
			}
			if value := s.Index(i).FieldByName(field); value.IsValid() && value.String() != "" && !seen[value.String()] {
				name = value.String()
				break
			}
		}
		seen[name] = true
		list = append(list, entry{name, s.Index(i)})
	}
	return list
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// login is the user and password of a URL: http://user:password@host.
var login = regexp.MustCompile(`://[^/\s"]*@`)

// shown is a value for people, without passwords. Certificates are long and say nothing to people: their sum tells two apart.
func shown(value string) string {
	if strings.HasPrefix(value, "-----BEGIN ") {
		return fmt.Sprintf("certificates (SHA-256 %.4x…)", sha256.Sum256([]byte(value)))
	}
	return login.ReplaceAllString(value, "://***@")
}

// quoted marks a value that may be empty or hold blanks.
func quoted(value string) string { return fmt.Sprintf("%q", shown(value)) }
