package store

import (
	"fmt"
	"hash/crc32"
	"os"
	"sync"
	"syscall"
)

// pages is a file that pages are added to at the end. A page that is freed keeps
// its place in the file but gives its blocks back, once no snapshot refers to it.
type pages struct {
	file *os.File

	mu    sync.Mutex
	end   int64
	freed [2][]span // since the last snapshot, and since the one before
}

type span struct{ at, len int64 }

func openPages(path string) (*pages, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("open the store's pages: %w", err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open the store's pages: %w", err)
	}
	return &pages{file: f, end: st.Size()}, nil
}

// PutPage writes a page and gives where it lies, and its checksum.
func (p *pages) PutPage(b []byte) (at int64, sum uint32, err error) {
	p.mu.Lock()
	at = p.end
	p.end += int64(len(b))
	p.mu.Unlock()
	if _, err := p.file.WriteAt(b, at); err != nil {
		return 0, 0, fmt.Errorf("write a page of the store: %w", err)
	}
	return at, crc32.ChecksumIEEE(b), nil
}

// GetPage reads a page and compares its checksum.
func (p *pages) GetPage(at int64, n int, sum uint32) ([]byte, error) {
	b := make([]byte, n)
	if _, err := p.file.ReadAt(b, at); err != nil {
		return nil, fmt.Errorf("read a page of the store: %w", err)
	}
	if crc32.ChecksumIEEE(b) != sum {
		return nil, fmt.Errorf("the store's page at %d is damaged", at)
	}
	return b, nil
}

// FreePage says that the state does not need a page any more.
func (p *pages) FreePage(at int64, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.freed[0] = append(p.freed[0], span{at, int64(n)})
}

// Sync makes pages safe, before a snapshot that refers to them. What was freed
// before the last snapshot is given back: nothing refers to it.
func (p *pages) Sync() error {
	p.mu.Lock()
	gone := p.freed[1]
	p.freed[1], p.freed[0] = p.freed[0], nil
	p.mu.Unlock()
	const keepSizeAndPunch = 3 // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
	for _, s := range gone {
		// A file system that cannot do this keeps the blocks.
		_ = syscall.Fallocate(int(p.file.Fd()), keepSizeAndPunch, s.at, s.len)
	}
	return p.file.Sync()
}
