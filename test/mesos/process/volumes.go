package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// volumePath is the folder of a persistent volume on the agent (Mesos: docs/persistent-volume.md). On a MOUNT disk the volume is the
// whole disk; on a PATH disk it is a folder under the disk's root.
func (a *Agent) volumePath(volume mesos.Resource) (string, error) {
	id := volume.GetDisk().GetPersistence().GetID()
	role := roleOf(volume)
	if id == "" || role == "" {
		return "", fmt.Errorf("a persistent volume needs an id and a role, not %q and %q", id, role)
	}
	root := a.options.WorkDir
	if source := volume.GetDisk().GetSource(); source != nil {
		switch source.Type {
		case mesos.Resource_DiskInfo_Source_MOUNT:
			return a.diskRoot(source.GetMount().GetRoot()), nil
		case mesos.Resource_DiskInfo_Source_PATH:
			root = a.diskRoot(source.GetPath().GetRoot())
		default:
			return "", fmt.Errorf("volume %q is on a disk of type %s: only ROOT, PATH and MOUNT disks are known", id, source.Type)
		}
	}
	// A slash in a hierarchical role is a space in the path, so that "a" and "a/b" do not nest.
	path := filepath.Join("volumes", "roles", strings.ReplaceAll(role, "/", " "), id)
	if !filepath.IsLocal(path) || strings.Contains(id, "/") {
		return "", fmt.Errorf("volume id %q and role %q do not make a path", id, role)
	}
	return filepath.Join(root, path), nil
}

func (a *Agent) diskRoot(root string) string {
	if filepath.IsAbs(root) {
		return root
	}
	return filepath.Join(a.options.WorkDir, root)
}

// roleOf is the role a resource is reserved for, in either format.
func roleOf(resource mesos.Resource) string {
	if stack := resource.Reservations; len(stack) > 0 {
		return stack[len(stack)-1].GetRole()
	}
	return resource.GetRole()
}

// CreateVolume makes a volume's folder: what a CREATE does. What is already there stays, as on a real agent.
func (a *Agent) CreateVolume(volume mesos.Resource) error {
	path, err := a.volumePath(volume)
	if err == nil {
		err = os.MkdirAll(path, 0o755)
	}
	if err != nil {
		return fmt.Errorf("create a volume: %w", err)
	}
	return nil
}

// DestroyVolume removes a volume's folder with everything in it; of a MOUNT disk, which is its own mount point, only what is
// in it.
func (a *Agent) DestroyVolume(volume mesos.Resource) error {
	path, err := a.volumePath(volume)
	switch {
	case err != nil:
	case volume.GetDisk().GetSource().GetType() == mesos.Resource_DiskInfo_Source_MOUNT:
		err = empty(path)
	default:
		err = os.RemoveAll(path)
	}
	if err != nil {
		return fmt.Errorf("destroy a volume: %w", err)
	}
	return nil
}

func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	return err
}

// mountVolumes shows the task its volumes. As in a real agent, a volume belongs to the executor's sandbox, and a task of a
// group gets it through the isolator volume/sandbox_path: where that is missing, the task's sandbox stays without, silently.
func (t *task) mountVolumes() error {
	t.executor.mounting.Lock()
	defer t.executor.mounting.Unlock()
	for _, resource := range append(append([]mesos.Resource{}, t.executor.resources...), t.info.Resources...) {
		if resource.GetDisk().GetPersistence() == nil || resource.GetDisk().GetVolume() == nil {
			continue
		}
		path, err := t.agent().volumePath(resource)
		if err == nil {
			err = os.MkdirAll(path, 0o755)
		}
		if err == nil {
			err = mount(path, t.executor.runDir, resource.Disk.Volume.ContainerPath)
		}
		if err != nil {
			return fmt.Errorf("mount volume %q: %w", resource.Disk.Persistence.ID, err)
		}
	}
	if t.sandbox == t.executor.runDir || t.agent().options.NoSandboxPath {
		return nil
	}
	for _, resource := range t.info.Resources {
		if volume := resource.GetDisk().GetVolume(); volume != nil && resource.Disk.Persistence != nil {
			shared := filepath.Join(t.executor.runDir, volume.ContainerPath)
			if err := mount(shared, t.sandbox, volume.ContainerPath); err != nil {
				return fmt.Errorf("mount volume %q: %w", resource.Disk.Persistence.ID, err)
			}
		}
	}
	return t.mountSandboxPaths()
}

// mountSandboxPaths shows the volumes of ContainerInfo that name a path in the executor's or the task's own sandbox.
func (t *task) mountSandboxPaths() error {
	for _, volume := range t.info.GetContainer().GetVolumes() {
		source := volume.GetSource().GetSandboxPath()
		if source == nil {
			continue
		}
		root := t.sandbox
		if source.GetType() == mesos.Volume_Source_SandboxPath_PARENT {
			root = t.executor.runDir
		}
		if !filepath.IsLocal(source.Path) {
			return fmt.Errorf("volume source %q is not a path inside the sandbox", source.Path)
		}
		shared := filepath.Join(root, source.Path)
		if err := os.MkdirAll(shared, 0o755); err != nil {
			return fmt.Errorf("make the source of volume %q: %w", volume.ContainerPath, err)
		}
		if err := mount(shared, t.sandbox, volume.ContainerPath); err != nil {
			return fmt.Errorf("mount volume %q: %w", volume.ContainerPath, err)
		}
	}
	return nil
}

// mount shows target at a relative container path inside a sandbox.
func mount(target, sandbox, containerPath string) error {
	if !filepath.IsLocal(containerPath) {
		return fmt.Errorf("container path %q is not a path inside the sandbox", containerPath)
	}
	name := filepath.Join(sandbox, containerPath)
	if name == target {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("make the folder above %q: %w", containerPath, err)
	}
	return link(target, name)
}
