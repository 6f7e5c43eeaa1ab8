package config

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Parsed is what an environment says.
type Parsed struct {
	// Settings are only meant for use when there are no faults.
	Settings Settings
	// Faults stop the start; all of them are here, in the order of the docs. They hold no password.
	Faults []tasks.Fault
	// Warnings do not stop it, one sentence each.
	Warnings []string
}

// Parse reads an environment in the form of os.Environ. A variable that is set to nothing counts as not set, because
// package templates render options that were left out that way; the few whose emptiness says something have the tag
// blank. Today's date is for warnings about releases that their vendor takes off its site, and for
// certificates that are not valid.
//
// It opens no file: a credential that is given as a path has no uid here, and the principal is what it is without one.
func Parse(environ []string, today time.Time) Parsed {
	return parse(environ, today, nil)
}

// ParseFiles does the same, and reads the files that settings name: a fault of a file is a fault of its setting.
func ParseFiles(environ []string, today time.Time, read ReadFile) Parsed {
	return parse(environ, today, read)
}

func parse(environ []string, today time.Time, files ReadFile) Parsed {
	values := valuesOf(environ)
	parsed := parseValues(values, today, files)
	if parsed.Settings.Uninstalls() && len(parsed.Faults) > 0 {
		return forRemoval(parsed, values, today, files)
	}
	return parsed
}

func parseValues(all map[string]string, today time.Time, files ReadFile) Parsed {
	values := maps.Clone(all)
	var parsed Parsed
	f := &faults{broken: map[string]bool{}}
	if files != nil {
		readFiles(values, files, f)
	}
	groups := reflect.ValueOf(&parsed.Settings).Elem()
	for i := range groups.NumField() {
		read(groups.Field(i), values, f)
	}
	checkTags(parsed.Settings, values, f)
	parsed.Settings.check(f)
	expired, access := parsed.Settings.checkGiven(f, today), parsed.Settings.checkAccess(files, today, f)
	parsed.Faults = f.sorted()
	parsed.Warnings = slices.Concat(misspelt(values), parsed.Settings.warnings(values, today), expired, access)
	return parsed
}

// valuesOf are the variables that are set, without blanks round them.
func valuesOf(environ []string) map[string]string {
	blanks := map[string]string{}
	each(reflect.ValueOf(Settings{}), func(_ string, field reflect.StructField, _ reflect.Value) {
		blanks[field.Tag.Get("env")] = field.Tag.Get("blank")
	})
	values := map[string]string{}
	for _, line := range environ {
		name, value, found := strings.Cut(line, "=")
		if !found {
			continue
		}
		if value = strings.TrimSpace(value); value == "" {
			value = blanks[name]
		}
		if value != "" {
			values[name] = value
		}
	}
	return values
}

// read fills one group. The library's errors name the struct's field; within one group that names the variable.
func read(group reflect.Value, values map[string]string, f *faults) {
	err := env.ParseWithOptions(group.Addr().Interface(), env.Options{Environment: values})
	for _, one := range leaves(err) {
		var parse env.ParseError
		if !errors.As(one, &parse) {
			f.reject("", "", one.Error(), "this is a mistake of the scheduler, please report it")
			continue
		}
		field, _ := group.Type().FieldByName(parse.Name)
		name := field.Tag.Get("env")
		// Every type of ours answers a *ValueError; the library's own words would show the value of a secret.
		value := &ValueError{Message: "cannot be read as " + kinds[parse.Type.Name()], Remedy: "see docs/reference/settings.md"}
		errors.As(parse.Err, &value)
		f.reject(name, values[name], value.Message, value.Remedy)
	}
}
