package universe

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// pluginTOML is what dcos reads of an unpacked plug-in.
const pluginTOML = `schema_version = 1
name = "cockroachdb"

[[commands]]
name = "cockroachdb"
path = %q
description = "CockroachDB DC/OS CLI Module"
`

// packedAt is the time of every file in a zip, the earliest that a zip can hold: what is packed later is not different.
var packedAt = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack makes the zip that dcos unpacks into the plug-in's folder env.
func (b Build) pack(program Program, binary, to string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	completion, err := os.ReadFile(filepath.Join(b.Root, "cli", "completion_dcos.sh"))
	if err != nil {
		return err
	}
	path := "bin/" + pluginCommand
	if program.OS == "windows" {
		path += ".exe"
	}
	packed, err := zipped([]member{
		{"plugin.toml", 0o644, fmt.Appendf(nil, pluginTOML, path)},
		{path, 0o755, content},
		{"completion/bash/cockroachdb.sh", 0o644, completion},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(to, packed, 0o644)
}

type member struct {
	name    string
	mode    fs.FileMode
	content []byte
}

func zipped(members []member) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, one := range members {
		header := &zip.FileHeader{Name: one.name, Method: zip.Deflate, Modified: packedAt}
		header.SetMode(one.mode)
		file, err := archive.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := file.Write(one.content); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
