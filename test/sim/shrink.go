package sim

import (
	"slices"
	"time"
)

// Shrink makes a failing history shorter for as long as it fails in the same way (the same invariant): it drops operations,
// many at once at first, then single ones, then waits and numbers. It lives at most tries histories.
func Shrink(h History, name string, tries int) History {
	fails := func(candidate History) bool {
		if tries <= 0 {
			return false
		}
		tries--
		_, _, err := Live(candidate)
		return err != nil && nameOf(err) == name
	}
	for {
		before := h.String()
		h = dropOps(h, fails)
		h = simplify(h, fails)
		if tries <= 0 || h.String() == before {
			return h
		}
	}
}

// dropOps drops runs of operations: halves, quarters, and so on down to single ones.
func dropOps(h History, fails func(History) bool) History {
	for size := max(1, len(h.Ops)/2); size >= 1; size /= 2 {
		for at := 0; at+size <= len(h.Ops); {
			candidate := h
			candidate.Ops = slices.Concat(h.Ops[:at], h.Ops[at+size:])
			if fails(candidate) {
				h = candidate
			} else {
				at += size
			}
		}
	}
	return h
}

// simplify makes what is left smaller: no setting beside the usual ones, no force, no wait, small numbers.
func simplify(h History, fails func(History) bool) History {
	try := func(candidate History) {
		if candidate.String() != h.String() && fails(candidate) {
			h = candidate
		}
	}
	for at := len(h.Environ) - 1; at >= 0; at-- {
		candidate := h
		candidate.Environ = slices.Delete(slices.Clone(h.Environ), at, at+1)
		try(candidate)
	}
	candidate := h
	candidate.Thorough = false
	try(candidate)
	for at := range h.Ops {
		change := func(do func(op *Op)) {
			candidate := h
			candidate.Ops = slices.Clone(h.Ops)
			do(&candidate.Ops[at])
			try(candidate)
		}
		change(func(op *Op) { op.Force = false })
		change(func(op *Op) { op.Wait = 0 })
		change(func(op *Op) { op.Wait = (op.Wait / 2).Truncate(100 * time.Millisecond) })
		change(func(op *Op) { op.Which = 0 })
		change(func(op *Op) { op.Arg = 0 })
		change(func(op *Op) { op.Which %= 6 })
		change(func(op *Op) { op.Arg %= 12 })
	}
	return h
}
