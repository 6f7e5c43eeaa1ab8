package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/BurntSushi/toml"
)

// file is a dcos.toml: sections of scalar keys.
type file struct {
	path     string
	sections map[string]any
}

func readFile(path string) (*file, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &Fault{path, "", "cannot be read: " + reason(err), "Make the file readable, or set the cluster up again with: dcos cluster setup <url>."}
	}
	f := &file{path: path}
	if err := toml.Unmarshal(text, &f.sections); err != nil {
		// The parser's own words can repeat what it read, a token for instance.
		where := "is not valid TOML"
		if parse, ok := errors.AsType[toml.ParseError](err); ok {
			where = fmt.Sprintf("line %d is not valid TOML", parse.Position.Line)
		}
		return nil, &Fault{path, "", where, "Correct the file, or set the cluster up again with: dcos cluster setup <url>."}
	}
	return f, nil
}

// reason is the cause of a file error without the path, which is named anyway.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// get gives a scalar as text: dcos writes ssl_verify both as a string and as a
// boolean, and timeout as a number.
func (f *file) get(section, key string) (string, bool) {
	keys, ok := f.sections[section].(map[string]any)
	if !ok {
		return "", false
	}
	switch value := keys[key].(type) {
	case string, bool, int64, float64:
		return fmt.Sprint(value), true
	}
	return "", false
}
