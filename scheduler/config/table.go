package config

import (
	"reflect"
	"strings"
)

// Entry is one setting as the docs and the settings command show it.
type Entry struct {
	// Group is the title of the group that it stands in.
	Group string `json:"group"`
	Name  string `json:"name"`
	// Kind is what its type is called, Values its bounds or choices.
	Kind    string `json:"kind"`
	Default string `json:"default,omitempty"`
	Values  string `json:"values,omitempty"`
	Help    string `json:"help"`
	// Secret values are never shown.
	Secret bool `json:"secret,omitempty"`
}

// titles of the groups, by the name of their field in Settings.
var titles = map[string]string{"Service": "The service", "Nodes": "Database nodes", "Database": "The database",
	"Side": "Pods beside the database", "Discovery": "Names and networks", "Mesos": "Master and state", "Security": "Security", "TLS": "A secure cluster",
	"API": "The API", "Access": "Access to the API",
	"Tasks": "Tasks", "Operation": "Operation", "Backup": "Backups", "StatsD": "Metrics", "Logs": "Logs", "Former": "Understood, without effect"}

// kinds are what people call the types.
var kinds = map[string]string{"Count": "whole number", "Port": "port", "Amount": "number", "Duration": "time span",
	"Flag": "yes or no", "Memory": "memory", "Secret": "secret", "string": "text"}

// Table lists every setting, in the order of the struct.
func Table() []Entry {
	var entries []Entry
	each(reflect.ValueOf(Settings{}), func(group string, field reflect.StructField, _ reflect.Value) {
		entries = append(entries, Entry{Group: titles[group], Name: field.Tag.Get("env"), Kind: kindOf(field),
			Default: field.Tag.Get("envDefault"), Values: allowed(field.Tag), Help: field.Tag.Get("help"),
			Secret: field.Type == reflect.TypeFor[Secret]()})
	})
	return entries
}

func kindOf(field reflect.StructField) string {
	if field.Tag.Get("choices") != "" {
		return "choice"
	}
	return kinds[field.Type.Name()]
}

// allowed are choices or bounds in words.
func allowed(tag reflect.StructTag) string {
	if choices := tag.Get("choices"); choices != "" {
		return strings.ReplaceAll(choices, ",", ", ")
	}
	if tag.Get("min") == "" {
		return ""
	}
	return tag.Get("min") + " to " + tag.Get("max")
}

// each visits every setting with the name of its group.
func each(settings reflect.Value, visit func(group string, field reflect.StructField, value reflect.Value)) {
	for i := range settings.NumField() {
		group := settings.Field(i)
		for j := range group.NumField() {
			visit(settings.Type().Field(i).Name, group.Type().Field(j), group.Field(j))
		}
	}
}
