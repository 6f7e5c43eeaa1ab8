package offers

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// mount says that the slot is for a volume on a disk of its own.
func (s *slot) mount() bool { return s.volume != nil && s.volume.Type == tasks.DiskMount }

// heldDisk says that the disk for the slot's volume is in the offer under the pod's reservation, with or without the
// volume on it.
func (s *slot) heldDisk() bool { return s.held != nil && s.stock.present() }

// there says that the offer has what the slot holds.
func (s *slot) there() bool {
	switch {
	case s.port != "":
		return contains(s.stock.ranges, s.number)
	case s.volume != nil:
		return s.stock.volume()
	}
	return s.stock.present()
}

// lostVolume says that the slot's volume is held by the record and not in the offer. It is never made again: a new one
// would be empty, and pass for the old one.
func lostVolume(s slot) bool { return s.held != nil && s.volume != nil && !s.there() }

// sameVolume adds a cause for each way in which the volume that is held differs from the one that is needed. A MOUNT
// disk may be bigger than asked for; it was when it was taken.
func (e *evaluation) sameVolume(s *slot) {
	held := s.held.Resource
	differs := func(what, format string, values ...any) {
		e.refuse(Cause{
			Kind: VolumeDiffers, Resource: what, Need: s.volume.Size, Have: held.Scalar,
			Name: e.req.Pod.String(), Detail: fmt.Sprintf(format, values...),
		})
	}
	if held.DiskType() != s.volume.Type {
		differs("type", "it is on %s disk, %s is asked for", held.DiskType(), s.volume.Type)
	} else if held.Scalar < s.volume.Size || (held.Scalar > s.volume.Size && !s.mount()) {
		differs("size", "it has %s MiB, %s are asked for", held.Scalar, s.volume.Size)
	}
	if held.Disk.ContainerPath != s.volume.Path {
		differs("path", "it is mounted at %s, %s is asked for", held.Disk.ContainerPath, s.volume.Path)
	}
}

// unwantedVolume adds a cause when the pod holds a volume that is not asked for: it is not destroyed here.
func (e *evaluation) unwantedVolume(held *tasks.Held) {
	if held.Resource.PersistenceID() == "" {
		return
	}
	e.refuse(Cause{
		Kind: VolumeDiffers, Resource: "type", Have: held.Resource.Scalar, Name: e.req.Pod.String(),
		Detail: fmt.Sprintf("it has a volume of %s MiB, none is asked for", held.Resource.Scalar),
	})
}

// newMounts picks disks for MOUNT volumes that the pod does not hold yet.
func (e *evaluation) newMounts(slots []slot) []*tasks.Resource {
	var picked []*tasks.Resource
	for i := range slots {
		if s := &slots[i]; s.mount() && s.held == nil {
			picked = append(picked, e.mount(volumeWant{s.holder, *s.volume}, picked))
		}
	}
	return picked
}
