package certs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

var errClosed = errors.New("the task ends")

// Place is where one launch keeps its certificates: a folder in memory that no other launch has, or the sandbox where there is
// no such memory. What is public of them is in the sandbox too.
type Place struct {
	sandbox string
	// dir has both folders. It is the sandbox itself when lock is nil.
	dir  string
	lock *os.File

	mu     sync.Mutex // a renewal may be writing when the task ends
	closed bool
}

// NodeDir is the absolute path of the folder with ca.crt, node.crt and node.key.
func (p *Place) NodeDir() string { return filepath.Join(p.dir, nodeDir) }

// ClientDir is the absolute path of the folder with ca.crt, client.root.crt and client.root.key.
func (p *Place) ClientDir() string { return filepath.Join(p.dir, clientDir) }

// Install writes both folders, and the authorities into the sandbox, where the checks and people look for them.
func (p *Place) Install(i *Issued) error {
	return p.write(func() error {
		if err := replaceFile(p.sandbox, caFile, []byte(i.ca)); err != nil {
			return err
		}
		if err := installPair(p.dir, nodeDir, nodeUser, i.node, i.ca); err != nil {
			return err
		}
		return installPair(p.dir, clientDir, "client."+rootUser, i.client, i.ca)
	})
}

func (p *Place) write(write func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	return write()
}

// Close removes both folders; nothing is written afterwards. Sandboxes are kept for days, so it does that there too.
func (p *Place) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	var err error
	if p.lock == nil {
		err = errors.Join(removeFolder(p.dir, nodeDir), removeFolder(p.dir, clientDir))
	} else {
		err = errors.Join(removeLaunch(p.dir), p.lock.Close())
	}
	if err != nil {
		return fmt.Errorf("remove the task's private keys: %w", err)
	}
	return nil
}
