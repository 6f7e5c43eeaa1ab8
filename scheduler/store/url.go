package store

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// Kind tells the implementations apart.
type Kind int

// The three kinds of store.
const (
	KindZooKeeper Kind = iota + 1
	KindFile
	KindMemory
)

// Place is a parsed store URL.
type Place struct {
	Kind Kind
	// ZooKeeper is set for KindZooKeeper.
	ZooKeeper zkconn.Address
	// Dir is the absolute folder of a KindFile store.
	Dir string
}

// URLError is one fault of a store URL or root.
type URLError struct {
	Value   string
	Problem string
	Remedy  string
}

func (e *URLError) Error() string {
	return fmt.Sprintf("state store %q: %s; %s", e.Value, e.Problem, e.Remedy)
}

const remedyURL = "write zk://host:port,host:port, zk://host:port/path, file:///absolute/folder, or memory:"

// ParseURL reads zk://host:port,host:port[/chroot], file:///folder or memory: without touching network or disk. Errors are
// *URLError or joined *zkconn.AddressError.
func ParseURL(raw string) (Place, error) {
	scheme, rest, _ := strings.Cut(raw, ":")
	switch scheme {
	case "zk":
		address, err := zkconn.ParseAddress(raw)
		if err != nil {
			return Place{}, err
		}
		return Place{Kind: KindZooKeeper, ZooKeeper: address}, nil
	case "file":
		return parseFile(raw, rest)
	case "memory":
		if rest != "" {
			return Place{}, &URLError{raw, "has something behind memory:", "write just memory: (nothing of it is kept)"}
		}
		return Place{Kind: KindMemory}, nil
	case "":
		return Place{}, &URLError{raw, "is empty", remedyURL}
	}
	return Place{}, &URLError{raw, "has an unknown scheme", remedyURL}
}

func parseFile(raw, rest string) (Place, error) {
	path, ok := strings.CutPrefix(rest, "//")
	if !ok || !strings.HasPrefix(path, "/") {
		return Place{}, &URLError{raw, "names no absolute folder", "write three slashes, as file:///var/lib/cockroachdb-scheduler"}
	}
	path, err := url.PathUnescape(path)
	if err != nil {
		return Place{}, &URLError{raw, "has a broken % escape", "write a percent sign as %25"}
	}
	if strings.ContainsRune(path, 0) {
		return Place{}, &URLError{raw, "has a zero byte in the folder's name", remedyURL}
	}
	if path = filepath.Clean(path); path == "/" {
		return Place{}, &URLError{raw, "names the root folder of the machine", "name a folder of its own for the state"}
	}
	return Place{Kind: KindFile, Dir: path}, nil
}
