package s3

// The store's limits (Amazon S3 User Guide, "Amazon S3 multipart upload limits").
const (
	minPart   = 5 << 20
	maxPart   = 5 << 30
	maxParts  = 10_000
	maxObject = 5 << 40
)

// memory is what the buffers of an upload are to take together, in bytes.
const memory = 64 << 20

// growth is the rule of part sizes. The length of what is written is not known beforehand, so parts start small and double
// every so many parts: a part is then in proportion to what was written before it, and so is what a failed part costs.
type growth struct {
	first int64
	// step is after how many parts the size doubles.
	step int
	// most is the size at which it ends, in bytes.
	most int64
}

// newGrowth doubles as late as a first part of this size allows, if the largest object is to fit into the most parts.
// From 5 MiB on that is every 997 parts: 10 MiB after 4.9 GiB, 40 MiB after 34 GiB, 160 MiB after 151 GiB, 640 MiB after 618 GiB.
//
// What buffers may take, in bytes, ends the growth earlier; 0 is no end. A process that takes more than its task has is killed
// hours after it began, without a word. From that size on parts are equal, and the object that fits is smaller: 1.6 TiB with 320 MiB.
func newGrowth(first, buffers int64) growth {
	g := growth{first: first, step: maxParts, most: maxPart}
	for g.step > 1 && g.capacity() < maxObject {
		g.step--
	}
	if buffers > 0 {
		g.most = max(first, min(buffers, maxPart))
	}
	return g
}

// size is the size of a part in bytes; parts count from 1.
func (g growth) size(number int) int64 {
	size := g.first
	for left := (number - 1) / g.step; left > 0 && size < g.most; left-- {
		size *= 2
	}
	return min(size, g.most)
}

// capacity is the most bytes that an upload can hold.
func (g growth) capacity() int64 {
	var sum int64
	for from := 1; from <= maxParts; from += g.step {
		sum += g.size(from) * int64(min(g.step, maxParts-from+1))
	}
	return sum
}

// buffers is how many parts of a size are held at once: one that is being filled and those in flight. They are fewer when they
// would take more than the memory that is meant for them, but two as long as that holds one part, so that filling and sending
// go on at the same time; and one at least. Within limit, in bytes, there is one of any size that growth allows; 0 is no limit.
func buffers(size, first, limit int64, parallel int) int {
	most := int64(parallel) + 1
	room := max(memory, most*first)
	least := int64(1)
	if size <= room {
		least = 2
	}
	n := max(least, min(most, room/size))
	if limit > 0 {
		n = min(n, limit/size)
	}
	return int(max(n, 1))
}
