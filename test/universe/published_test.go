package universe

import (
	"path/filepath"
	"strings"
	"testing"
)

// revisions are the packages of the Java-based service that the Universe ever had, and the one after them. Each file in
// testdata/published holds every option of one with its default. The value is the setting whose fault is all that the
// scheduler has to say: releases before v2.0 are not supported.
var revisions = map[string]string{"0": "COCKROACH_VERSION", "1": "COCKROACH_VERSION", "2": "COCKROACH_VERSION",
	"3": "", "4": "", "5": "", "unpublished": ""}

func TestOptionsOfEveryPublishedRevisionAreUnderstood(t *testing.T) {
	p := build(t)
	now := map[string]leaf{}
	for _, option := range leaves(p.config, "") {
		now[option.path] = option
	}
	for revision, fault := range revisions {
		options := read(t, filepath.Join("published", revision+".json"))
		for version, escape := range escapings {
			t.Run(revision+" on "+version, func(t *testing.T) {
				parsed := parse(env(t, p.app(t, options, escape)))
				var got []string
				for _, one := range parsed.Faults {
					got = append(got, one.Field)
				}
				if strings.Join(got, " ") != fault {
					t.Errorf("faults %v, want one of %q", parsed.Faults, fault)
				}
			})
		}
		for section, below := range options {
			for name, was := range below.(map[string]any) {
				path := section + "." + name
				option, known := now[path]
				if !known {
					t.Errorf("revision %s had %s, which is not an option any more", revision, path)
					continue
				}
				// The package's own release is now the default of the option that named it.
				if is := option.schema["default"]; is != was && path != "service.version" {
					t.Errorf("revision %s had the default %v for %s, and now it is %v", revision, was, path, is)
				}
			}
		}
	}
}

// types of every option ever published, where a changed type would make Cosmos refuse old options.
func TestTypesOfPublishedOptionsStay(t *testing.T) {
	types := map[string]string{"service.http_port": "number", "service.pg_port": "number", "service.container_http_port": "number",
		"service.container_pg_port": "number", "service.virtual_network": "boolean", "node.count": "integer", "node.cpus": "number",
		"node.mem": "integer", "node.disk": "integer", "side.count": "integer", "side.cpus": "number", "side.mem": "integer", "side.disk": "integer",
		"service.name": "string", "service.user": "string", "service.version": "string", "service.cache_size": "string",
		"service.max_sql_memory": "string", "service.service_account": "string", "service.service_account_secret": "string",
		"service.principal": "string", "service.secret_name": "string", "node.placement_constraint": "string"}
	for _, option := range leaves(build(t).config, "") {
		if want := types[option.path]; want != "" && option.schema["type"] != want {
			t.Errorf("%s is %v, and was %s", option.path, option.schema["type"], want)
		}
	}
}

// A release in the options of the first revisions chose the download, and does again.
func TestAReleaseInTheOptionsChoosesTheDownload(t *testing.T) {
	p := build(t)
	tests := []struct {
		options      map[string]any
		uri, version string
	}{
		{nil, "https://binaries.cockroachdb.com/cockroach-v24.1.6.linux-amd64.tgz", "v24.1.6"},
		{map[string]any{"version": "2.0.0"}, "https://binaries.cockroachdb.com/cockroach-v2.0.0.linux-amd64.tgz", "v2.0.0"},
		{map[string]any{"archive_uri": "http://m/cockroach-v23.2.4.linux-amd64.tgz"}, "http://m/cockroach-v23.2.4.linux-amd64.tgz", "v23.2.4"},
		{map[string]any{"version": "v23.2.4", "archive_uri": "http://m/db.tgz"}, "http://m/db.tgz", "v23.2.4"},
	}
	for _, tt := range tests {
		parsed := parse(env(t, p.app(t, map[string]any{"service": tt.options}, escapings["1.9"])))
		if len(parsed.Faults) > 0 {
			t.Errorf("%v: %v", tt.options, parsed.Faults)
			continue
		}
		uri := parsed.Settings.Target().Pods[0].URIs
		if got := uri[0].Value + uri[1].Value; !strings.Contains(got, tt.uri) || parsed.Settings.Version().String() != tt.version {
			t.Errorf("%v: %s %s, want %s %s", tt.options, got, parsed.Settings.Version(), tt.uri, tt.version)
		}
	}
}
