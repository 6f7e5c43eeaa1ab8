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

// remakable says that making the slot's reservation again can do no harm: a disk that is there already must be empty
// and big enough for the volume.
func (s *slot) remakable() bool {
	if s.volume == nil || !s.stock.present() {
		return true
	}
	return s.stock.resource.PersistenceID() == "" && s.stock.amount >= s.held.Resource.Scalar
}

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

// newMounts picks disks for the MOUNT volumes that are not there: for a new volume any that fits, for one that is made
// again the very disk that the record names.
func (e *evaluation) newMounts(slots []slot) []*tasks.Resource {
	var picked []*tasks.Resource
	for i := range slots {
		s := &slots[i]
		switch {
		case !s.mount() || s.heldDisk():
		case s.held == nil:
			picked = append(picked, e.mount(volumeWant{s.holder, *s.volume}, picked))
		case s.again:
			picked = append(picked, e.sameDisk(s))
		}
	}
	return picked
}

// sameDisk finds the free disk on which the volume in the record was to be.
func (e *evaluation) sameDisk(s *slot) *tasks.Resource {
	held := s.held.Resource
	for _, disk := range e.free.mounts {
		if disk.Scalar == held.Scalar && disk.Disk.Root == held.Disk.Root && disk.Disk.ID == held.Disk.ID {
			return disk
		}
	}
	e.refuse(Cause{
		Kind: NoMount, Resource: tasks.Disk, Need: held.Scalar, Name: held.Disk.ContainerPath,
		Detail: fmt.Sprintf("the disk at %s is not free", held.Disk.Root),
	})
	return nil
}
