package model

import "net/netip"

// address is where an agent listens.
type address struct {
	ip   string
	port int32
}

// littleEndian is an IPv4 address as MasterInfo.ip has it: the first byte lowest (127.0.0.1 is 16777343). Anything else is 0.
func littleEndian(ip string) uint32 {
	addr, err := netip.ParseAddr(ip)
	if err != nil || !addr.Is4() {
		return 0
	}
	b := addr.As4()
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
