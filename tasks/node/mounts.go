package node

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// mount is one line of /proc/self/mountinfo: where, and which folder of the mounted file system appears there.
type mount struct{ root, point string }

// readMounts reads a file in the format of /proc/self/mountinfo (man 5 proc).
func readMounts(path string) ([]mount, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the container's mounts: %w", err)
	}
	var out []mount
	for line := range strings.Lines(string(body)) {
		if fields := strings.Fields(line); len(fields) >= 5 {
			out = append(out, mount{root: unescapeMount(fields[3]), point: unescapeMount(fields[4])})
		}
	}
	return out, nil
}

// unescapeMount undoes the kernel's \ooo for space, tab, newline and backslash.
func unescapeMount(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if code, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(code))
				i += 3
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// mountAt finds what is mounted exactly at path; the last line wins, it lies on top.
func mountAt(mounts []mount, path string) (mount, bool) {
	for i := len(mounts) - 1; i >= 0; i-- {
		if mounts[i].point == path {
			return mounts[i], true
		}
	}
	return mount{}, false
}
