package backup

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Part is what an object is in a backup.
type Part string

// The parts of backups.
const (
	DumpPart       Part = "dump"
	ManifestPart   Part = "manifest"
	CollectionPart Part = "collection"
)

// Entry is what a key says.
type Entry struct {
	// Place has no bucket.
	Place       Place
	Part        Part
	Compression Compression
	// Subfolder is set for objects of one native backup: 2026/11/22-140501.12.
	Subfolder string
}

// native matches keys inside a collection: <backup-dir>/<database>/ and then what the database writes there. Source:
// D:22.1/take-full-and-incremental-backups; the LATEST file lies at the top in v20.2 to v21.2, below metadata later.
var native = regexp.MustCompile(`^(.+?)/([^/]+)/(?:(?:incrementals/)?(\d{4}/\d\d/\d\d-\d{6}\.\d+)/.*|LATEST|metadata/.*|index/.*)$`)

// subfolder is the name of a full backup in a collection.
var subfolder = regexp.MustCompile(`^\d{4}/\d\d/\d\d-\d{6}\.\d+$`)

// ParseKey says what a key below dir is; known is false for what is no part of a backup.
func ParseKey(dir, key string) (entry Entry, known bool) {
	rest, below := strings.CutPrefix(key, dir+"/")
	if !below {
		return Entry{}, false
	}
	if found := native.FindStringSubmatch(rest); found != nil {
		return Entry{Place: Place{Dir: dir, BackupDir: found[1], Database: UnescapeName(found[2])}, Part: CollectionPart, Subfolder: found[3]}, true
	}
	cut := strings.LastIndexByte(rest, '/')
	if cut <= 0 {
		return Entry{}, false
	}
	entry.Place = Place{Dir: dir, BackupDir: rest[:cut]}
	file := rest[cut+1:]
	if name, ok := strings.CutSuffix(file, manifestSuffix); ok && name != "" {
		entry.Place.Database, entry.Part = UnescapeName(name), ManifestPart
		return entry, true
	}
	for _, c := range Compressions {
		if name, ok := strings.CutSuffix(file, dumpSuffix+c.Suffix()); ok && name != "" {
			entry.Place.Database, entry.Part, entry.Compression = UnescapeName(name), DumpPart, c
			return entry, true
		}
	}
	return Entry{}, false
}

// Stored is an object of a bucket.
type Stored struct {
	Key      string
	Size     int64
	Modified time.Time
}

// Found is one backup in a bucket, as far as its keys tell.
type Found struct {
	Place  Place
	Method Method
	// Object is the key of the dump. Several are a fault of whoever put them there; the one with the latest time counts.
	Object      string
	Compression Compression
	// HasManifest is false for backups of the older service, dumps made by hand and backups that did not finish.
	HasManifest bool
	// Subfolders are the full backups of a native collection, oldest first.
	Subfolders []string
	// Size is the sum of the objects, without the manifest, in bytes.
	Size     int64
	Modified time.Time
}

// Group makes backups out of the objects below dir, sorted by folder and database. A manifest alone is no backup.
func Group(bucket, dir string, objects []Stored) []Found {
	at := map[[2]string]*Found{}
	var order [][2]string
	newest := map[[2]string]time.Time{}
	for _, object := range objects {
		entry, known := ParseKey(dir, object.Key)
		if !known {
			continue
		}
		key := [2]string{entry.Place.BackupDir, entry.Place.Database}
		found := at[key]
		if found == nil {
			entry.Place.Bucket = bucket
			found = &Found{Place: entry.Place}
			at[key], order = found, append(order, key)
		}
		if entry.Part == ManifestPart {
			found.HasManifest = true
			continue
		}
		found.Size += object.Size
		if object.Modified.After(found.Modified) {
			found.Modified = object.Modified
		}
		switch {
		case entry.Part == CollectionPart:
			found.Method = Native
			if entry.Subfolder != "" && !slices.Contains(found.Subfolders, entry.Subfolder) && !strings.Contains(object.Key, "/incrementals/") {
				found.Subfolders = append(found.Subfolders, entry.Subfolder)
			}
		case found.Object == "" || object.Modified.After(newest[key]):
			found.Object, found.Compression, newest[key] = object.Key, entry.Compression, object.Modified
			if found.Method == "" {
				found.Method = Dump
			}
		}
	}
	slices.SortFunc(order, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var out []Found
	for _, key := range order {
		if found := at[key]; found.Method != "" {
			slices.Sort(found.Subfolders)
			out = append(out, *found)
		}
	}
	return out
}
