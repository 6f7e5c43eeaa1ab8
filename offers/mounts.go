package offers

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// mount picks the smallest free MOUNT disk that is big enough for the volume and has a profile that it allows, or
// adds the cause why there is none. Disks in taken are passed over.
func (e *evaluation) mount(volume volumeWant, taken []*tasks.Resource) *tasks.Resource {
	var (
		best    *tasks.Resource
		biggest tasks.Milli
		strange int
	)
	for _, disk := range e.free.mounts {
		if slices.Contains(taken, disk) {
			continue
		}
		if !allowed(disk.Disk.Profile, volume.Profiles) {
			if disk.Scalar >= volume.Size {
				strange++
			}
			continue
		}
		biggest = max(biggest, disk.Scalar)
		if disk.Scalar >= volume.Size && (best == nil || disk.Scalar < best.Scalar) {
			best = disk
		}
	}
	if best != nil {
		return best
	}
	cause := Cause{Kind: NoMount, Resource: tasks.Disk, Need: volume.Size, Have: biggest, Name: volume.Path}
	if strange > 0 {
		cause.Detail = fmt.Sprintf("%d big enough, but none with a profile that is allowed (%s)", strange, profiles(volume.Profiles))
	}
	e.refuse(cause)
	return nil
}

// allowed follows the SDK: a volume with profiles takes a disk with one of these, a volume without takes only a disk
// without a profile.
func allowed(profile string, profiles []string) bool {
	if len(profiles) == 0 {
		return profile == ""
	}
	return slices.Contains(profiles, profile)
}

func profiles(names []string) string {
	if len(names) == 0 {
		return "no profile"
	}
	text := names[0]
	for _, name := range names[1:] {
		text += ", " + name
	}
	return text
}
