package cluster

import (
	"path/filepath"
)

// same is the dcos.toml of the cluster that an address from the environment belongs to, nil when there is none. dcos 0.7 and
// later hand a plug-in address and token, and leave out core.timeout and package.cosmos_url. A file of another address is never
// taken, and one that cannot be read is no concern here.
func same(env Environment, address string) *file {
	wanted, err := cleanURL("", address)
	dir := folder(env)
	if err != nil || dir == "" {
		return nil
	}
	known, err := list(filepath.Join(dir, "clusters"))
	if err != nil {
		return nil
	}
	var found *file
	for _, one := range known {
		if f := at(wanted, one.path); f != nil && (found == nil || one.attached) {
			found = f
		}
	}
	if found != nil || len(known) > 0 {
		return found
	}
	old := filepath.Join(dir, "dcos.toml")
	if path, _ := env("DCOS_CONFIG"); path != "" {
		old = path
	}
	return at(wanted, old)
}

// at reads a file if it is of that address.
func at(wanted, path string) *file {
	f, err := readFile(path)
	if err != nil {
		return nil
	}
	own, _ := f.get("core", "dcos_url")
	if cleaned, err := cleanURL("", own); err != nil || cleaned != wanted {
		return nil
	}
	return f
}
