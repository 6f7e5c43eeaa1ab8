package cockroach

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// mebibyte is what Mesos means by a megabyte of memory or disk.
const mebibyte = 1 << 20

// MinStoreMB is the smallest store size that any release accepts, in Mesos megabytes. Source: MinimumStoreSize in
// CockroachDB's store specification.
const MinStoreMB = 640

// MaxMemoryShare is the part of the task's memory that cache and SQL memory may take together, in percent. Source: D,
// recommended production settings; from v2.1 on the database itself warns above it.
const MaxMemoryShare = 75

// MemoryBytes turns a setting such as "25%", ".25", "512MiB", "1GB" or "134217728" into bytes. Shares are of memMB, the
// task's memory in Mesos megabytes. The result is at least 1 and never more than the task has.
func MemoryBytes(text string, memMB int) (int64, error) {
	total := int64(memMB) * mebibyte
	trimmed := strings.TrimSpace(text)
	var bytes int64
	switch share, isShare, err := parseShare(trimmed); {
	case err != nil:
		return 0, fmt.Errorf("%q is not a share of memory: %w", text, err)
	case isShare:
		bytes = int64(share * float64(total))
	default:
		size, err := humanize.ParseBytes(trimmed)
		if err != nil || strings.HasPrefix(trimmed, "-") {
			return 0, fmt.Errorf("%q is not a size: write a share (25%% or .25) or bytes (512MiB, 1GB, 134217728)", text)
		}
		bytes = int64(min(size, 1<<62))
	}
	switch {
	case bytes < 1:
		return 0, fmt.Errorf("%q of %d MB is nothing: give at least 1%%", text, memMB)
	case bytes > total:
		return 0, fmt.Errorf("%q is more than the task's memory of %d MB: give less, or the task more", text, memMB)
	}
	return bytes, nil
}

// parseShare recognises "25%" and fractions below one (".25", "0.25"). Whole numbers without a sign are bytes, as on
// CockroachDB's own command line.
func parseShare(text string) (share float64, isShare bool, err error) {
	if digits, found := strings.CutSuffix(text, "%"); found {
		value, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || !(value > 0 && value <= 100) {
			return 0, true, fmt.Errorf("the number before %% must be above 0 and at most 100")
		}
		return value / 100, true, nil
	}
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "0.") {
		value, err := strconv.ParseFloat(text, 64)
		if err == nil && value > 0 && value < 1 {
			return value, true, nil
		}
	}
	return 0, false, nil
}

// MemoryWarning is one sentence when cache and SQL memory, in bytes, leave too little of the task's memory of memMB Mesos
// megabytes for everything else (MaxMemoryShare), or "".
func MemoryWarning(cacheBytes, sqlBytes int64, memMB int) string {
	if (cacheBytes+sqlBytes)/MaxMemoryShare <= int64(memMB)*mebibyte/100 {
		return ""
	}
	return fmt.Sprintf("Cache (%s) and SQL memory (%s) together are more than %d%% of the task's memory of %d MB: the kernel may kill the task. Lower one of them, or give the pod more memory.",
		humanize.IBytes(uint64(cacheBytes)), humanize.IBytes(uint64(sqlBytes)), MaxMemoryShare, memMB)
}

// StoreBytes is the size to put on --store for a volume of volumeMB Mesos megabytes, in bytes. The database does not see
// Mesos' disk quota, so it must be told; 5 % stay free for its logs and temporary files, which lie in the same volume. A
// volume just above MinStoreMB gives that; below it, or with 0 for "unknown", the answer is 0: leave the size out.
func StoreBytes(volumeMB int) int64 {
	if volumeMB < MinStoreMB {
		return 0
	}
	return max(int64(volumeMB)*mebibyte/100*95, MinStoreMB*mebibyte)
}
