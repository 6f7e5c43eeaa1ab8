package backup

import (
	"fmt"
	"strings"
)

// EscapeName is a database name as one part of a key: letters, digits, "_", "-" and "." stay, every other byte becomes %XX,
// and so does a dot at the beginning, because "." and ".." mean folders. UnescapeName gives the name back.
func EscapeName(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if plainByte(c) && (c != '.' || i > 0) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// UnescapeName reads one part of a key. What EscapeName did not write is taken as it is: the older service wrote plain names.
func UnescapeName(part string) string {
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		if part[i] != '%' {
			b.WriteByte(part[i])
			continue
		}
		var c byte
		if i+2 >= len(part) {
			return part
		}
		if _, err := fmt.Sscanf(part[i+1:i+3], "%02X", &c); err != nil {
			return part
		}
		b.WriteByte(c)
		i += 2
	}
	if name := b.String(); EscapeName(name) == part {
		return name
	}
	return part
}

func plainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
}
