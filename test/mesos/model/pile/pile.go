package pile

import mesos "github.com/mesos/mesos-go/api/v1/lib"

// Pile is an amount of resources, in the order they were added. A Pile is a value: no method changes its receiver.
type Pile []Item

// Of reads resources in either reservation format; allocations are ignored, equal ones are added up.
func Of(resources []mesos.Resource) (Pile, error) {
	var p Pile
	for _, r := range resources {
		item, err := New(r)
		if err != nil {
			return nil, err
		}
		p = p.plus(item, false)
	}
	return p, nil
}

// Plus adds one pile to another.
func (p Pile) Plus(other Pile) Pile {
	sum := append(make(Pile, 0, len(p)+len(other)), p...)
	for _, item := range other {
		sum = sum.plus(item, true)
	}
	return sum
}

// PlusItem adds one item.
func (p Pile) PlusItem(item Item) Pile { return append(Pile(nil), p...).plus(item, true) }

// plus may write into p's own array; a shared item's ranges are copied first.
func (p Pile) plus(item Item, shared bool) Pile {
	if item.IsEmpty() {
		return p
	}
	if !item.whole {
		for n := range p {
			if p[n].key != item.key || p[n].whole {
				continue
			}
			p[n].milli += item.milli
			if !item.IsScalar() {
				both := append(append(mesos.Ranges(nil), p[n].ranges...), item.ranges...)
				p[n].ranges = both.Sort().Squash()
			}
			return p
		}
	}
	if shared {
		item.ranges = append(mesos.Ranges(nil), item.ranges...)
	}
	return append(p, item)
}

// Minus takes other away. It returns false, and p unchanged, when p does not contain all of it.
func (p Pile) Minus(other Pile) (Pile, bool) {
	rest := append(Pile(nil), p...)
	for _, item := range other {
		n := rest.find(item)
		if n < 0 {
			return p, false
		}
		switch {
		case item.whole:
			rest = append(rest[:n], rest[n+1:]...)
			continue
		case item.IsScalar():
			rest[n].milli -= item.milli
		default:
			for _, r := range item.ranges {
				rest[n].ranges = rest[n].ranges.Remove(r)
			}
		}
		if rest[n].IsEmpty() {
			rest = append(rest[:n], rest[n+1:]...)
		}
	}
	return rest, true
}

// Contains tells whether all of other is in p.
func (p Pile) Contains(other Pile) bool {
	for n := range other {
		if p.find(other[n]) < 0 {
			return false
		}
		for k := range n {
			if other[k].key == other[n].key { // only together they tell
				_, ok := p.Minus(other)
				return ok
			}
		}
	}
	return true
}

// find returns the item that has at least the wanted amount, or -1.
func (p Pile) find(item Item) int {
	for n := range p {
		have := &p[n]
		if have.key != item.key || have.whole != item.whole {
			continue
		}
		switch {
		case item.whole:
			if have.milli == item.milli {
				return n
			}
		case item.IsScalar():
			if have.milli >= item.milli {
				return n
			}
		default:
			if covers(have.ranges, item.ranges) {
				return n
			}
		}
	}
	return -1
}

func covers(have, want mesos.Ranges) bool {
	for _, w := range want {
		n := have.Search(w.Begin)
		if n < 0 || have[n].End < w.End {
			return false
		}
	}
	return true
}

// Scalar is the sum of all scalars of a name, whatever their reservation.
func (p Pile) Scalar(name string) float64 {
	var milli int64
	for n := range p {
		if p[n].what.Name == name {
			milli += p[n].milli
		}
	}
	return float64(milli) / 1000
}

// Has tells whether there is any scalar of a name; an amount of zero cannot be told from none.
func (p Pile) Has(name string) bool { return p.Scalar(name) > 0 }

// Filter returns the items that keep holds for.
func (p Pile) Filter(keep func(Item) bool) Pile {
	var kept Pile
	for n := range p {
		if keep(p[n]) {
			kept = append(kept, p[n])
		}
	}
	return kept
}

// Common is what is in both piles.
func (p Pile) Common(other Pile) Pile {
	var both Pile
	for _, item := range p {
		switch {
		case item.whole:
			if other.find(item) >= 0 {
				both = append(both, item)
			}
		default:
			for n := range other {
				if other[n].key == item.key && !other[n].whole {
					item.milli = min(item.milli, other[n].milli)
					item.ranges = intersect(item.ranges, other[n].ranges)
					both = both.plus(item, true)
				}
			}
		}
	}
	return both
}

func intersect(a, b mesos.Ranges) mesos.Ranges {
	var both mesos.Ranges
	for _, x := range a {
		for _, y := range b {
			if begin, end := max(x.Begin, y.Begin), min(x.End, y.End); begin <= end {
				both = append(both, mesos.Value_Range{Begin: begin, End: end})
			}
		}
	}
	return both
}

// Shares tells whether some of an item is in p, in whatever amount.
func (p Pile) Shares(item Item) bool {
	for n := range p {
		if p[n].key == item.key && p[n].whole == item.whole {
			return true
		}
	}
	return false
}

// Own replaces the volumes of wanted by p's own: they are the same volume, but may name another container path.
func (p Pile) Own(wanted Pile) Pile {
	own := append(Pile(nil), wanted...)
	for n, item := range own {
		if have := p.find(item); item.whole && have >= 0 {
			own[n] = p[have]
		}
	}
	return own
}
