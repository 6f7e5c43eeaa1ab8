// Package config reads the scheduler's environment, which is its only configuration, and turns it into a target.
//
// It decides what each variable means, its default and bounds, and reports every fault of an environment at once, each
// with field, value, message and remedy. It never looks at anything but the environment it is given: no network, no clock but a
// date for warnings and certificates, and no file but those that settings name, by a function that the caller gives (files.go).
//
// One table is the source of the settings, of their page in docs/reference, and of `cockroachdb-scheduler settings`:
// the struct tags of Settings (env, envDefault, blank, min, max, choices, help). Designs weighed: a slice of entries with
// parse functions (a parser of our own beside caarlos0/env), or a struct for the library and a second list for the
// docs (they drift). The tags are one place, and the library does the parsing.
//
// Read next: settings.go and the file of a group (nodes.go, database.go, …), which holds its variables and their checks;
// parse.go (environment to settings), target.go and pods.go (settings to target), show.go (what people see).
package config
