package flags

import (
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// parseSize reads a fraction (.25), a percentage (25%), or bytes (1GB, 1GiB).
// Fractions and percentages come back as a share of total, in bytes.
func parseSize(s string, total int64) (int64, error) {
	if p, ok := strings.CutSuffix(s, "%"); ok {
		f, err := strconv.ParseFloat(p, 64)
		if err != nil {
			return 0, err
		}
		if f < 0 || f > 99 {
			return 0, fmt.Errorf("percentage %s out of range 1%% - 99%%", s)
		}
		return int64(float64(total) * f / 100), nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && strings.Contains(s, ".") {
		if f < 0 || f >= 1 {
			return 0, fmt.Errorf("percentage %s out of range 1%% - 99%%", s)
		}
		return int64(float64(total) * f), nil
	}
	n, err := humanize.ParseBytes(s)
	if err != nil {
		// The real program shows strconv's error for the empty number in front
		// of letters that are no unit.
		digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
		_, err = strconv.ParseFloat(digits, 64)
		if err == nil {
			err = fmt.Errorf("unhandled size name: %s", strings.TrimPrefix(s, digits))
		}
		return 0, err
	}
	if n > math.MaxInt64 {
		return 0, fmt.Errorf("too large: %s", s)
	}
	return int64(n), nil
}

// splitAddr reads host[:port]. From 19.2 on an IPv6 host needs brackets.
func splitAddr(s string, bracketed bool) (host, port string, err error) {
	if s == "" {
		return "", "", nil
	}
	if !strings.Contains(s, ":") {
		return s, "", nil
	}
	if strings.Count(s, ":") > 1 && !strings.HasPrefix(s, "[") {
		if bracketed {
			return "", "", fmt.Errorf("invalid address format: %q: IPv6 addresses need brackets", s)
		}
		return s, "", nil
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		return strings.Trim(s, "[]"), "", nil
	}
	host, port, err = net.SplitHostPort(s)
	if err != nil {
		return "", "", fmt.Errorf("invalid address format: %q", s)
	}
	if port != "" {
		if err := checkPort(port); err != nil {
			return "", "", err
		}
	}
	return host, port, nil
}

func checkPort(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil {
		return err
	}
	if n < 0 || n > 65535 {
		return fmt.Errorf("port %d is out of range 0 - 65535", n)
	}
	return nil
}

// Tier is one key=value of a locality.
type Tier struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ParseLocality reads k=v,k2=v2, most inclusive tier first.
func ParseLocality(s string) ([]Tier, error) {
	if s == "" {
		return nil, fmt.Errorf("can't have empty locality")
	}
	var tiers []Tier
	for _, part := range strings.Split(s, ",") {
		k, v, ok := strings.Cut(part, "=")
		if !ok || k == "" || v == "" || strings.Contains(v, "=") {
			return nil, fmt.Errorf("tier must be in the form \"key=value\" not %q", part)
		}
		for _, t := range tiers {
			if t.Key == k {
				return nil, fmt.Errorf("duplicate tier key %q", k)
			}
		}
		tiers = append(tiers, Tier{k, v})
	}
	return tiers, nil
}
