package universe

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// noProgram stands for a compiler: what it writes says what was asked for.
func noProgram(_ context.Context, _, release string, program Program, to string) error {
	return os.WriteFile(to, []byte(release+" "+program.Command+" "+program.OS+" "+program.Arch), 0o755)
}

func example(t *testing.T) Build {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "cockroach-v24.1.6.linux-amd64.tgz")
	if err := os.WriteFile(archive, []byte("archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	return Build{Release: "v1.2.3", Database: "v24.1.6", URL: "http://mirror.example.org/crdb", Archive: archive, Root: "..", Out: t.TempDir(),
		UpgradesFrom: []string{"1.2.2-24.1.6"}, Compile: noProgram}
}

func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, folder+string(filepath.Separator))] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMakeWritesAllFilesAndNoOthers(t *testing.T) {
	b := example(t)
	if err := os.MkdirAll(filepath.Join(b.Out, "files"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.Out, "files", "of-an-older-build"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := b.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if result.Version != "1.2.3-24.1.6" || result.Download != int64(len("v1.2.3 cockroachdb-scheduler linux amd64")) {
		t.Errorf("result %+v", result)
	}
	var names []string
	for name := range contents(t, b.Out) {
		names = append(names, filepath.ToSlash(name))
	}
	slices.Sort(names)
	want := []string{"files/SHA256SUMS", "files/cockroach-v24.1.6.linux-amd64.tgz", "files/cockroachdb-scheduler-linux-amd64",
		"files/cockroachdb-scheduler-linux-arm64", "files/dcos-cockroachdb-darwin-amd64.zip", "files/dcos-cockroachdb-darwin-arm64.zip",
		"files/dcos-cockroachdb-linux-amd64.zip", "files/dcos-cockroachdb-linux-arm64.zip", "files/dcos-cockroachdb-windows-amd64.zip",
		"files/stub-universe-1.9.json", "files/stub-universe.json",
		"package/config.json", "package/marathon.json.mustache", "package/package.json", "package/resource.json"}
	if !slices.Equal(names, want) {
		t.Errorf("files\n%v, want\n%v", names, want)
	}
}

func TestTwoBuildsAreTheSame(t *testing.T) {
	one, two := example(t), example(t)
	for _, b := range []Build{one, two} {
		if _, err := b.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(contents(t, one.Out), contents(t, two.Out)) {
		t.Error("two builds differ")
	}
}

func TestSumsAndAddressesFitTheFiles(t *testing.T) {
	b := example(t)
	if _, err := b.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	var resource struct {
		Assets struct{ URIs map[string]string }
		CLI    struct {
			Binaries map[string]map[string]struct {
				Kind, URL   string
				ContentHash []struct{ Algo, Value string }
			}
		}
	}
	files := contents(t, filepath.Join(b.Out, "files"))
	if err := json.Unmarshal([]byte(contents(t, filepath.Join(b.Out, "package"))["resource.json"]), &resource); err != nil {
		t.Fatal(err)
	}
	file := func(address string) string {
		name, ours := strings.CutPrefix(address, b.URL+"/")
		if _, there := files[name]; !ours || !there {
			t.Errorf("%s is not in the folder that is served", address)
		}
		return name
	}
	for _, address := range resource.Assets.URIs {
		file(address)
	}
	sums, err := sumsOf(filepath.Join(b.Out, "files"))
	if err != nil {
		t.Fatal(err)
	}
	for system, architectures := range resource.CLI.Binaries {
		for architecture, binary := range architectures {
			name := file(binary.URL)
			if binary.Kind != "zip" || architecture != "x86-64" || !strings.Contains(name, system+"-amd64") ||
				len(binary.ContentHash) != 1 || binary.ContentHash[0].Algo != "sha256" || binary.ContentHash[0].Value != sums[name] {
				t.Errorf("%s %s is %+v", system, architecture, binary)
			}
		}
	}
	if len(resource.CLI.Binaries) != 3 {
		t.Errorf("plug-ins for %d systems, want linux, darwin and windows", len(resource.CLI.Binaries))
	}
	for line := range strings.Lines(files[sumsFile]) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if sums[name] != sum || name == sumsFile {
			t.Errorf("line %q of %s does not fit", line, sumsFile)
		}
	}
	if got := strings.Count(files[sumsFile], "\n"); got != len(files)-1 {
		t.Errorf("%d sums of %d files", got, len(files)-1)
	}
}

func TestAPluginIsWhatDcosUnpacks(t *testing.T) {
	b := example(t)
	if _, err := b.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	completion, err := os.ReadFile("../cli/completion_dcos.sh")
	if err != nil {
		t.Fatal(err)
	}
	for name, binary := range map[string]string{"linux-amd64": "bin/dcos-cockroachdb", "darwin-arm64": "bin/dcos-cockroachdb",
		"windows-amd64": "bin/dcos-cockroachdb.exe"} {
		packed := contents(t, filepath.Join(b.Out, "files"))["dcos-cockroachdb-"+name+".zip"]
		archive, err := zip.NewReader(bytes.NewReader([]byte(packed)), int64(len(packed)))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, one := range archive.File {
			content, err := archive.Open(one.Name)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(content)
			if err != nil {
				t.Fatal(err)
			}
			got[one.Mode().String()+" "+one.Name] = string(text)
			if !one.Modified.Equal(packedAt) {
				t.Errorf("%s in %s is of %v", one.Name, name, one.Modified)
			}
		}
		want := map[string]string{"-rw-r--r-- plugin.toml": strings.ReplaceAll(pluginTOML, "%q", `"`+binary+`"`),
			"-rwxr-xr-x " + binary: "v1.2.3 dcos-cockroachdb " + strings.ReplaceAll(name, "-", " "),
			// dcos sources every file of this folder.
			"-rw-r--r-- completion/bash/cockroachdb.sh": string(completion)}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s holds\n%q, want\n%q", name, got, want)
		}
	}
}

func TestTheRepositoriesHoldThePackage(t *testing.T) {
	b := example(t)
	if _, err := b.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	files := contents(t, b.Out)
	for name, version := range map[string]string{stubFile: "4.0", stubFile19: "3.0"} {
		var repository struct{ Packages []map[string]any }
		if err := json.Unmarshal([]byte(files["files/"+name]), &repository); err != nil || len(repository.Packages) != 1 {
			t.Fatalf("%s: %v, %d packages", name, err, len(repository.Packages))
		}
		got := repository.Packages[0]
		want := map[string]any{}
		for into, source := range map[string]string{"": "package.json", "config": "config.json", "resource": "resource.json"} {
			var value map[string]any
			if err := json.Unmarshal([]byte(files["package/"+source]), &value); err != nil {
				t.Fatal(err)
			}
			if into != "" {
				want[into] = value
				continue
			}
			for key, one := range value {
				want[key] = one
			}
		}
		want["packagingVersion"], want["releaseVersion"] = version, 0.0
		if version == "3.0" {
			delete(want, "upgradesFrom")
			delete(want, "downgradesTo")
		}
		// A []byte is base64 in JSON.
		raw, err := json.Marshal(map[string][]byte{"v2AppMustacheTemplate": []byte(files["package/marathon.json.mustache"])})
		if err != nil {
			t.Fatal(err)
		}
		var marathon any
		if err := json.Unmarshal(raw, &marathon); err != nil {
			t.Fatal(err)
		}
		want["marathon"] = marathon
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s holds\n%v, want\n%v", name, got, want)
		}
	}
}

func TestADownloadThatIsTooBigFails(t *testing.T) {
	b := example(t)
	b.Compile = func(_ context.Context, _, _ string, program Program, to string) error {
		if err := os.WriteFile(to, nil, 0o755); err != nil || program.File != schedulerFile("amd64") {
			return err
		}
		return os.Truncate(to, maxDownload+1)
	}
	if _, err := b.Make(t.Context()); err == nil || !strings.Contains(err.Error(), "40000001 bytes") {
		t.Errorf("error %v", err)
	}
}
