package process

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func persistent(id, role, containerPath string) mesos.Resource {
	return mesos.Resource{Name: "disk", Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: 64},
		Reservations: []mesos.Resource_ReservationInfo{{Role: &role}},
		Disk: &mesos.Resource_DiskInfo{Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id},
			Volume: &mesos.Volume{ContainerPath: containerPath, Mode: mesos.RW.Enum()}}}
}

func onDisk(volume mesos.Resource, kind mesos.Resource_DiskInfo_Source_Type, root string) mesos.Resource {
	source := &mesos.Resource_DiskInfo_Source{Type: kind}
	if kind == mesos.Resource_DiskInfo_Source_MOUNT {
		source.Mount = &mesos.Resource_DiskInfo_Source_Mount{Root: &root}
	} else {
		source.Path = &mesos.Resource_DiskInfo_Source_Path{Root: &root}
	}
	volume.Disk.Source = source
	return volume
}

func TestWhatIsWrittenToAVolumeStays(t *testing.T) {
	legacy := persistent("vol", "", "data")
	role := "old-role"
	legacy.Reservations, legacy.Role = nil, &role
	for name, test := range map[string]struct {
		volume mesos.Resource
		folder string // under the work folder
	}{
		"root disk":         {persistent("vol", "db", "data"), "volumes/roles/db/vol"},
		"hierarchical role": {persistent("vol", "team/db", "data"), "volumes/roles/team db/vol"},
		"old format":        {legacy, "volumes/roles/old-role/vol"},
		"nested path":       {persistent("vol", "db", "var/lib/data"), "volumes/roles/db/vol"},
		"mount disk":        {onDisk(persistent("vol", "db", "data"), mesos.Resource_DiskInfo_Source_MOUNT, "disk-1"), "disk-1"},
		"path disk":         {onDisk(persistent("vol", "db", "data"), mesos.Resource_DiskInfo_Source_PATH, "disk-2"), "disk-2/volumes/roles/db/vol"},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			folder := filepath.Join(agent.options.WorkDir, test.folder)
			if err := agent.CreateVolume(test.volume); err != nil {
				t.Fatal(err)
			}
			path := test.volume.Disk.Volume.ContainerPath
			for i, command := range []string{"echo kept > " + path + "/file", "test $(cat " + path + "/file) = kept"} {
				task := one("a", command)
				task.Resources = []mesos.Resource{test.volume}
				group := pod(task)
				group.ContainerID = []string{"run-1", "run-2"}[i]
				launch(t, agent, group)
				eventually(t, "the executor's exit", func() bool { return len(seen.exited()) == i+1 })
				if got := words(seen.of("a")); got[len(got)-1] != "TASK_FINISHED: Command exited with status 0" {
					t.Fatalf("launch %d: got %q", i+1, got)
				}
			}
			if data, err := os.ReadFile(filepath.Join(folder, "file")); err != nil || string(data) != "kept\n" {
				t.Errorf("file on the volume: got %q (error %v)", data, err)
			}
			if err := agent.DestroyVolume(test.volume); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(folder); len(left) != 0 {
				t.Errorf("left on the volume after DESTROY: %v", left)
			}
			_, err := os.Stat(folder)
			if mount := name == "mount disk"; mount != (err == nil) {
				t.Errorf("the volume's folder after DESTROY: error %v; a mount point stays, another folder goes", err)
			}
		})
	}
}

func TestVolumesWithoutTheIsolator(t *testing.T) {
	for _, missing := range []bool{false, true} {
		agent, seen := newAgent(t, func(o *Options) { o.NoSandboxPath = missing })
		task := one("a", "test -e data")
		task.Resources = []mesos.Resource{persistent("vol", "db", "data")}
		launch(t, agent, pod(task))
		want := mesos.TASK_FINISHED
		if missing {
			want = mesos.TASK_FAILED // by the task's own test: the agent says nothing
		}
		seen.last(t, "a", want)
		if _, err := os.Stat(filepath.Join(agent.options.WorkDir, "volumes/roles/db/vol")); err != nil {
			t.Errorf("missing=%t: the volume itself: %v", missing, err)
		}
	}
}

func TestTasksOfAGroupShareAFolderOfTheirExecutor(t *testing.T) {
	agent, seen := newAgent(t, nil)
	shared := &mesos.ContainerInfo{Volumes: []mesos.Volume{{ContainerPath: "common", Mode: mesos.RW.Enum(),
		Source: &mesos.Volume_Source{SandboxPath: &mesos.Volume_Source_SandboxPath{
			Type: mesos.Volume_Source_SandboxPath_PARENT, Path: "shared"}}}}}
	writer, reader := one("writer", "echo hello > common/word"), one("reader", "until grep -q hello common/word; do sleep 0.01; done")
	writer.Container, reader.Container = shared, shared
	launch(t, agent, pod(writer, reader))
	seen.last(t, "reader", mesos.TASK_FINISHED)
}

func TestVolumesThatLeadOut(t *testing.T) {
	for name, volume := range map[string]mesos.Resource{
		"container path": persistent("vol", "db", "../out"),
		"absolute path":  persistent("vol", "db", "/out"),
		"id":             persistent("../../vol", "db", "data"),
		"no role":        persistent("vol", "", "data"),
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			task := one("a", "true")
			task.Resources = []mesos.Resource{volume}
			launch(t, agent, pod(task))
			failed := seen.last(t, "a", mesos.TASK_FAILED)
			if got := failed.GetMessage(); !strings.HasPrefix(got, "mount volume") {
				t.Errorf("message: got %q", got)
			}
		})
	}
}
