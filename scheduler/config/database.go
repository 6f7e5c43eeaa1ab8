package config

import (
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Database says which database runs, and how.
type Database struct {
	Version string `env:"COCKROACH_VERSION" help:"Version of CockroachDB, from v2.0 to v25. Empty reads it from COCKROACH_DIR or from the archive's name in COCKROACH_URI; with none of them it is v24.1.6."`
	URI     string `env:"COCKROACH_URI" help:"Where agents fetch the archive: http, https, ftp, hdfs or file. Empty means the vendor's site. Releases that the vendor no longer offers need a mirror here."`
	SHA256  string `env:"COCKROACH_SHA256" help:"SHA-256 of the archive in hexadecimal. When set, it is checked in the sandbox before anything of the archive runs."`
	Dir     string `env:"COCKROACH_DIR" help:"Folder inside the archive that holds the cockroach binary. Empty searches for it."`
	HTTPVIP Port   `env:"COCKROACH_HTTP_PORT" envDefault:"80" min:"1" max:"65535" help:"Port of the virtual address of the web console."`
	PGVIP   Port   `env:"COCKROACH_PG_PORT" envDefault:"26257" min:"1" max:"65535" help:"Port of the virtual address for SQL clients."`
	HTTP    Port   `env:"CONTAINER_HTTP_PORT" envDefault:"8123" min:"1" max:"65535" help:"Port of a node's web console on its agent."`
	PG      Port   `env:"CONTAINER_PG_PORT" envDefault:"26257" min:"1" max:"65535" help:"Port of a node for SQL clients and other nodes on its agent."`
	Cache   Memory `env:"COCKROACH_CACHE_SIZE" envDefault:"25%" help:"Cache of a node: a share of its memory (25% or 0.25) or a size (1GiB)."`
	SQL     Memory `env:"COCKROACH_MAX_SQL_MEMORY" envDefault:"25%" help:"Memory of a node for SQL queries: a share of its memory (25% or 0.25) or a size (1GiB)."`
	Listen  string `env:"COCKROACH_LISTEN" envDefault:"all" choices:"all,agent" help:"Addresses that a node listens on: all, or only the agent's own, so that several agents of one machine can each run a node on the same port."`
}

// check is given the memory of a node, which cache and SQL memory are parts of.
func (d Database) check(f *faults, mem Count) {
	d.checkVersion(f)
	d.checkArchive(f)
	if d.HTTP == d.PG && !f.broken["CONTAINER_PG_PORT"] {
		f.add("CONTAINER_HTTP_PORT", fmt.Sprint(d.HTTP), "is the same port as CONTAINER_PG_PORT",
			"give the web console and SQL ports of their own")
	}
	if f.broken["NODE_MEM"] {
		return
	}
	for _, part := range []struct {
		field string
		size  Memory
	}{{"COCKROACH_CACHE_SIZE", d.Cache}, {"COCKROACH_MAX_SQL_MEMORY", d.SQL}} {
		if _, err := cockroach.MemoryBytes(string(part.size), int(mem)); err != nil {
			f.add(part.field, string(part.size), fmt.Sprintf("does not fit into NODE_MEM, %d MB", mem),
				"write a share such as 25%, or less than NODE_MEM; both together up to 75%")
		}
	}
}

func (d Database) checkArchive(f *faults) {
	if sum := d.SHA256; sum != "" {
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != 32 {
			f.add("COCKROACH_SHA256", sum, "is not a SHA-256 sum", "write its 64 hexadecimal digits, as sha256sum prints them")
		}
	}
	if d.Dir != "" && !filepath.IsLocal(d.Dir) {
		f.add("COCKROACH_DIR", d.Dir, "leads out of the archive", "write the folder as the archive names it, such as "+
			cockroach.FolderName(cockroach.DefaultVersion))
	}
	if d.URI != "" && f.checkFetch("COCKROACH_URI", d.URI) {
		if name, err := cockroach.ArchiveFromURI(d.URI); err != nil || name == ".." {
			f.add("COCKROACH_URI", d.URI, "names no file", "write the whole address of the archive, up to its name")
		}
	}
}

func (d Database) warnings(today time.Time, mem Count) []string {
	version, _, err := d.version()
	if err != nil {
		return nil
	}
	list := d.disagreements()
	list = append(list, version.Warnings()...)
	if d.URI == "" {
		if warning := cockroach.OfferWarning(version, today); warning != "" {
			list = append(list, warning)
		}
	}
	if login.MatchString(d.URI) {
		list = append(list, "COCKROACH_URI holds a user or password: both are shown by Mesos to everybody who may see the tasks; "+
			"use a mirror that needs none.")
	}
	cache, errCache := cockroach.MemoryBytes(string(d.Cache), int(mem))
	sql, errSQL := cockroach.MemoryBytes(string(d.SQL), int(mem))
	if errCache == nil && errSQL == nil {
		if warning := cockroach.MemoryWarning(cache, sql, int(mem)); warning != "" {
			list = append(list, warning)
		}
	}
	return list
}

// uri is where agents fetch the archive, archive its name in the sandbox.
func (d Database) uri(version cockroach.Version) (uri, archive string) {
	if d.URI == "" {
		return cockroach.VendorURI(version), cockroach.ArchiveName(version)
	}
	name, err := cockroach.ArchiveFromURI(d.URI)
	if err != nil {
		// A fault, so the name is never used.
		name = cockroach.ArchiveName(version)
	}
	return d.URI, name
}

// folder is COCKROACH_DIR without a slash at its end.
func (d Database) folder() string {
	if d.Dir == "" {
		return ""
	}
	return path.Clean(d.Dir)
}

// sum is COCKROACH_SHA256 in small letters, so that its spelling never changes a target.
func (d Database) sum() string { return strings.ToLower(d.SHA256) }
