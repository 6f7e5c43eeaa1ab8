package universe

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// maxSource is the most bytes that a file of a package may have.
const maxSource = 1 << 20

// Keys that a package of packagingVersion 4.0 may and must have (the Universe's package-schema.json).
var (
	allowedKeys = []string{"packagingVersion", "name", "version", "scm", "maintainer", "website", "description", "framework",
		"upgradesFrom", "downgradesTo", "preInstallNotes", "postInstallNotes", "postUninstallNotes", "tags", "selected", "licenses",
		"minDcosReleaseVersion", "lastUpdated"}
	neededKeys = []string{"packagingVersion", "name", "version", "maintainer", "description", "tags"}
	nameForm   = regexp.MustCompile(`^[a-z][a-z0-9-]*[a-z0-9]$`)
	tagForm    = regexp.MustCompile(`^\S+$`)
	escape     = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)
)

// Check holds the four files of a package, by name, against the rules of the Universe that need no schema. It names
// every fault.
func Check(sources map[string][]byte) error {
	var faults []error
	fault := func(file, format string, arguments ...any) {
		faults = append(faults, fmt.Errorf("%s: "+format, append([]any{file}, arguments...)...))
	}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		content := sources[name]
		if !slices.Contains(sourceNames, name) {
			fault(name, "is not a file of a package; a package has only %v", sourceNames)
		}
		if len(content) > maxSource {
			fault(name, "has %d bytes, and the Universe takes %d", len(content), maxSource)
		}
		if at := slices.IndexFunc(content, func(b byte) bool { return b > 126 || b < ' ' && b != '\n' }); at >= 0 {
			fault(name, "byte %d is not printable ASCII", at)
		}
		if escape.Match(content) {
			fault(name, "holds an escaped letter (\\u…), which the Universe refuses")
		}
		if name != "marathon.json.mustache" && !json.Valid(content) {
			fault(name, "is not JSON")
		}
	}
	for _, name := range sourceNames {
		if sources[name] == nil {
			fault(name, "is missing")
		}
	}
	for _, one := range checkPackage(sources["package.json"]) {
		fault("package.json", "%w", one)
	}
	return errors.Join(faults...)
}

func checkPackage(content []byte) (faults []error) {
	keys, about := map[string]json.RawMessage{}, struct {
		PackagingVersion, Name, Version string
		Tags                            []string
	}{}
	if err := errors.Join(json.Unmarshal(content, &keys), json.Unmarshal(content, &about)); err != nil {
		return []error{fmt.Errorf("cannot be read: %w", err)}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !slices.Contains(allowedKeys, key) {
			faults = append(faults, fmt.Errorf("key %s is not allowed", key))
		}
	}
	for _, key := range neededKeys {
		if keys[key] == nil {
			faults = append(faults, fmt.Errorf("key %s is missing", key))
		}
	}
	if about.PackagingVersion != "4.0" {
		faults = append(faults, fmt.Errorf("packagingVersion %q is not 4.0", about.PackagingVersion))
	}
	if !nameForm.MatchString(about.Name) {
		faults = append(faults, fmt.Errorf("name %q does not match %s", about.Name, nameForm))
	}
	if !versionForm.MatchString(about.Version) {
		faults = append(faults, fmt.Errorf("version %q does not match %s", about.Version, versionForm))
	}
	for _, tag := range about.Tags {
		if !tagForm.MatchString(tag) {
			faults = append(faults, fmt.Errorf("tag %q contains a blank", tag))
		}
	}
	return faults
}
