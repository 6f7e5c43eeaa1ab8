package security

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Usage is what a certificate file is for.
type Usage int

const (
	// CA verifies everything that has no authority of its own.
	CA Usage = iota
	// ClientCA verifies clients, UICA the console.
	ClientCA
	UICA
	// Node is the server's certificate, and its client's when there is no client.node.crt.
	Node
	// UI is the server's certificate on the HTTP port.
	UI
	// Client is a user's certificate.
	Client
)

// String gives the word of `cert list`.
func (u Usage) String() string {
	return [...]string{"CA", "Client CA", "UI CA", "Node", "UI", "Client"}[u]
}

// File is one certificate file with its key. A file with Err is listed and not used.
type File struct {
	Usage   Usage
	User    string // of a client
	Name    string // file name
	KeyName string // empty for authorities, and when the key could not be read
	Certs   []*x509.Certificate
	Expires time.Time // of the first certificate
	Err     error
	pem     []byte
	key     []byte
}

// Folder is a folder as it was read.
type Folder struct {
	Rules
	Path     string
	Files    []*File
	Warnings []string
}

// Read reads a folder. One that does not exist is empty.
func (r Rules) Read(path string) (*Folder, error) {
	f := &Folder{Rules: r, Path: path}
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("problem loading certs directory %s: %w", path, err)
	}
	for _, e := range entries {
		name := e.Name()
		if fi, err := os.Stat(filepath.Join(path, name)); err != nil || fi.IsDir() || !strings.HasSuffix(name, ".crt") {
			continue
		}
		c, err := r.named(name)
		if err != nil {
			f.warn("bad filename %s: %v", filepath.Join(path, name), err)
			continue
		}
		f.fill(c)
		f.Files = append(f.Files, c)
	}
	return f, nil
}

func (f *Folder) warn(format string, args ...any) {
	f.Warnings = append(f.Warnings, fmt.Sprintf(format, args...))
}

// named says what a file is for by its name.
func (r Rules) named(name string) (*File, error) {
	parts := strings.Split(name, ".")
	usage, known := map[string]Usage{"ca": CA, "ca-client": ClientCA, "ca-ui": UICA, "node": Node, "ui": UI, "client": Client}[parts[0]]
	if usage != CA && usage != Node && usage != Client && r.Version.Before(2, 1, 0) {
		known = false
	}
	if !known {
		return nil, fmt.Errorf("unknown prefix %q", parts[0])
	}
	c := &File{Usage: usage, Name: name}
	if usage == Client {
		if c.User = strings.Join(parts[1:len(parts)-1], "."); c.User == "" {
			return nil, errors.New("client certificate filename should match client.<user>.crt")
		}
	}
	return c, nil
}

func (f *Folder) fill(c *File) {
	path := filepath.Join(f.Path, c.Name)
	var err error
	if c.pem, err = os.ReadFile(path); err != nil {
		f.warn("could not read certificate file %s: %v", path, err)
		c.Err = err
		return
	}
	if c.Err = f.parse(c); c.Err != nil {
		f.warn("could not parse certificate for %s: %v", path, c.Err)
		return
	}
	if c.Err = f.findKey(c); c.Err != nil {
		f.warn("error finding key for %s: %v", path, c.Err)
	}
}

func (f *Folder) parse(c *File) error {
	if len(bytes.TrimSpace(c.pem)) == 0 {
		return fmt.Errorf("empty certificate file: %s", c.Name)
	}
	for rest := c.pem; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		x, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("failed to parse certificate %d in file %s: %w", len(c.Certs), c.Name, err)
		}
		c.Certs = append(c.Certs, x)
	}
	if len(c.Certs) == 0 {
		return fmt.Errorf("no certificates found in %s", c.Name)
	}
	c.Expires = c.Certs[0].NotAfter
	if c.Usage == Client {
		if err := f.belongs(c.Certs[0], c.User, "client"); err != nil {
			return fmt.Errorf("failed to validate certificate 0 in file %s: %w", c.Name, err)
		}
	}
	return nil
}

// findKey reads the key that goes with a certificate, if its mode allows it.
func (f *Folder) findKey(c *File) error {
	if c.Usage == CA || c.Usage == ClientCA || c.Usage == UICA {
		return nil
	}
	name := strings.TrimSuffix(c.Name, ".crt") + ".key"
	path := filepath.Join(f.Path, name)
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	if err := f.mayRead(path, fi); err != nil {
		return err
	}
	if c.key, err = os.ReadFile(path); err != nil {
		return fmt.Errorf("could not read key file %s: %w", path, err)
	}
	c.KeyName = name
	return nil
}

// find gives a file, nil when there is none.
func (f *Folder) find(u Usage, user string) *File {
	for _, c := range f.Files {
		if c.Usage == u && c.User == user {
			return c
		}
	}
	return nil
}

// usable says what is wrong with a file that is needed.
func usable(c *File) error {
	if c == nil {
		return errors.New("not found")
	}
	return c.Err
}
