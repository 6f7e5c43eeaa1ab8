package cluster

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// known is one cluster that dcos was set up for.
type known struct {
	id       string // name of its folder
	path     string // of its dcos.toml
	attached bool
}

// name is what the user calls the cluster: its id where its file has no name or
// cannot be read, because a broken file of another cluster is no concern here.
func (k known) name() string {
	if f, err := readFile(k.path); err == nil {
		if name, _ := f.get("cluster", "name"); name != "" {
			return name
		}
	}
	return k.id
}

// attached reads the dcos.toml of the cluster that dcos would use: the one that
// DCOS_CLUSTER names, a single one, the one attached; and without any folder of
// clusters, the single file that dcos 0.4 wrote (DCOS_CONFIG, or dcos.toml in
// the folder of dcos).
func attached(env Environment) (*file, error) {
	dir := folder(env)
	if dir == "" {
		return nil, nothing()
	}
	clusters, err := list(filepath.Join(dir, "clusters"))
	if err != nil {
		return nil, err
	}
	if wanted, _ := env("DCOS_CLUSTER"); wanted != "" {
		return choose(clusters, wanted)
	}
	if len(clusters) == 0 {
		return single(dir, env)
	}
	if len(clusters) == 1 {
		return readFile(clusters[0].path)
	}
	marked := slices.DeleteFunc(slices.Clone(clusters), func(k known) bool { return !k.attached })
	switch len(marked) {
	case 1:
		return readFile(marked[0].path)
	case 0:
		return nil, &Unknown{"no cluster is attached, of " + names(clusters), "Attach one: dcos cluster attach <name>."}
	}
	return nil, &Unknown{"more than one cluster is attached: " + names(marked), "Attach the one you mean: dcos cluster attach <name>."}
}

// folder is where dcos keeps its files, "" when there is no home folder.
func folder(env Environment) string {
	if dir, _ := env("DCOS_DIR"); dir != "" {
		return dir
	}
	home, _ := env("HOME")
	if home == "" { // Windows, in the order of the SDK
		drive, _ := env("HOMEDRIVE")
		path, _ := env("HOMEPATH")
		home = drive + path
	}
	if home == "" {
		home, _ = env("USERPROFILE")
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".dcos")
}

// list finds every cluster in the folder; one without dcos.toml is none.
func list(dir string) ([]known, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, &Fault{dir, "", "cannot be read: " + reason(err), "Make the folder readable, or set DCOS_DIR to the folder of dcos."}
	}
	var clusters []known
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name(), "dcos.toml")
		if _, err := os.Stat(path); err != nil {
			continue
		}
		_, err := os.Stat(filepath.Join(dir, entry.Name(), "attached"))
		clusters = append(clusters, known{id: entry.Name(), path: path, attached: err == nil})
	}
	return clusters, nil
}

func choose(clusters []known, wanted string) (*file, error) {
	for _, k := range clusters {
		if k.id == wanted {
			return readFile(k.path)
		}
	}
	same := slices.DeleteFunc(slices.Clone(clusters), func(k known) bool { return k.name() != wanted })
	switch len(same) {
	case 1:
		return readFile(same[0].path)
	case 0:
		return nil, &Fault{"DCOS_CLUSTER", wanted, "names no cluster; there are: " + names(clusters), "Give one of these, or remove it."}
	}
	return nil, &Fault{"DCOS_CLUSTER", wanted, "is the name of more than one cluster", "Give an id instead: " + ids(same) + "."}
}

func single(dir string, env Environment) (*file, error) {
	if path, _ := env("DCOS_CONFIG"); path != "" {
		return readFile(path)
	}
	path := filepath.Join(dir, "dcos.toml")
	if _, err := os.Stat(path); err != nil {
		return nil, nothing()
	}
	return readFile(path)
}

func nothing() error {
	return &Unknown{
		"no DC/OS cluster is set up, and no address of a scheduler is given",
		"Set a cluster up: dcos cluster setup <url>. Or give the scheduler's address: --url http://host:port.",
	}
}

func names(clusters []known) string {
	return enumerate(clusters, known.name)
}

func ids(clusters []known) string {
	return enumerate(clusters, func(k known) string { return k.id })
}

func enumerate(clusters []known, word func(known) string) string {
	var all []string
	for _, k := range clusters {
		all = append(all, word(k))
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}
