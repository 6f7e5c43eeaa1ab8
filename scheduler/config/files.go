package config

import (
	"errors"
	"io/fs"
	"strings"

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
	readStoreCA(values, read, f)
	readTLS(values, read, f)
	readAccess(values, read, f)
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

// storeCA is the setting of the CA of the store that backups go to.
const storeCA = "BACKUP_S3_CA_FILE"

// readStoreCA puts the text of the store's CA in the place of its path. What is wrong with the text is found where it is used.
func readStoreCA(values map[string]string, read ReadFile, f *faults) {
	path := values[storeCA]
	if path == "" || isPEM(path) {
		return
	}
	text, err := read(path)
	if err != nil {
		f.reject(storeCA, path, "is not PEM, and as a path it names no file that can be read: "+reason(err), backupFields["ca"].remedy)
		delete(values, storeCA)
		return
	}
	if !isPEM(string(text)) {
		f.reject(storeCA, path, "names a file that holds no certificate in PEM", backupFields["ca"].remedy)
		delete(values, storeCA)
		return
	}
	values[storeCA] = string(text)
}

// isPEM says that a text has something in PEM in it, and so is no path.
func isPEM(text string) bool { return strings.Contains(text, "-----BEGIN ") }

// reason is why a file cannot be read, without its path.
func reason(err error) string {
	var trouble *fs.PathError
	if errors.As(err, &trouble) {
		return trouble.Err.Error()
	}
	return err.Error()
}
