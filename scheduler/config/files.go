package config

import (
	"errors"
	"io/fs"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ReadFile gives the text of a file that a setting names.
type ReadFile func(path string) ([]byte, error)

// readFiles puts the text of the credential's file in the place of its path, and looks into the file of the CA.
func readFiles(values map[string]string, read ReadFile, f *faults) {
	if path := values[auth.Setting]; path != "" && auth.IsPath(path) {
		text, err := read(path)
		switch {
		case err != nil:
			// The value is not shown: it may be a secret that was not recognised as one.
			f.reject(auth.Setting, Secret(path).String(), "is not JSON, and as a path it names no file that can be read: "+reason(err),
				"give the credential as a JSON object, or the path of its file, which is secrets/service-account.json in the package of DC/OS")
			delete(values, auth.Setting)
		case auth.IsPath(string(text)):
			f.reject(auth.Setting, Secret(path).String(), "names a file that holds no credential",
				"put the JSON object into it that `dcos security secrets create-sa-secret` makes")
			delete(values, auth.Setting)
		default:
			values[auth.Setting] = string(text)
		}
	}
	path := values[auth.CASetting]
	if path == "" {
		return
	}
	text, err := read(path)
	if err != nil {
		f.reject(auth.CASetting, path, "cannot be read: "+reason(err), "name a file with the cluster's CA certificates in PEM, or leave it out")
		return
	}
	_, err = auth.Roots(path, text)
	var fault tasks.Fault
	if errors.As(err, &fault) {
		f.reject(auth.CASetting, path, fault.Message, fault.Remedy)
	}
}

// reason is why a file cannot be read, without its path.
func reason(err error) string {
	var trouble *fs.PathError
	if errors.As(err, &trouble) {
		return trouble.Err.Error()
	}
	return err.Error()
}
