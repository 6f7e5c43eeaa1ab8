package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// nightly are the least settings of a schedule.
const nightly = "BACKUP_SCHEDULE=0 2 * * *\nBACKUP_DATABASES=bank, shop,\nBACKUP_S3_BUCKET=my-bucket\nBACKUP_AWS_ACCESS_KEY_ID=AKIA\nBACKUP_AWS_SECRET_ACCESS_KEY=hush"

func TestKeysOfBackupsNeverShow(t *testing.T) {
	settings := settingsOf(t, strings.Split(strings.ReplaceAll(nightly, "AKIA", "hushid")+"\nBACKUP_AWS_SESSION_TOKEN=hushtoken", "\n")...)
	if settings.Scheduled().Keys.SecretAccessKey != "hush" {
		t.Fatal("the test sees no key")
	}
	encoded, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	target, err := json.Marshal(settings.Target())
	if err != nil {
		t.Fatal(err)
	}
	scheduled := settings.Scheduled()
	for _, shown := range []string{fmt.Sprint(settings), fmt.Sprintf("%+v", settings), fmt.Sprintf("%#v", settings), string(encoded), string(target),
		fmt.Sprintf("%+v %#v %v", scheduled, scheduled, *scheduled), fmt.Sprintf("%+v", settings.Core())} {
		if strings.Contains(shown, "hush") {
			t.Errorf("a key shows in %s", shown)
		}
	}
}

// What is scheduled, and where it goes, is no part of the target: no change of it restarts a task.
func TestTheScheduleIsNoPartOfTheTarget(t *testing.T) {
	plain, scheduled := settingsOf(t).Target(), settingsOf(t, strings.Split(nightly+"\nBACKUP_KEEP_COUNT=3\nBACKUP_S3_DIR=x\nBACKUP_COMPRESS=none", "\n")...).Target()
	if !reflect.DeepEqual(plain, scheduled) {
		t.Errorf("%+v\n%+v", plain, scheduled)
	}
}

// An installation of a version before jobs gets the admin pod, and no task of it is restarted.
func TestTheAdminPodComesToRunningServicesByItself(t *testing.T) {
	after := settingsOf(t).Target()
	before := after
	before.ID, after.ID = "before", "after"
	before.Pods = before.Pods[:2]
	var running []tasks.Launched
	for _, pod := range before.Pods {
		for index := range pod.Count {
			for _, spec := range pod.TasksOf(index) {
				running = append(running, tasks.Launched{Pod: tasks.Pod{Type: pod.Type, Index: index}, Spec: spec.Name, Target: before})
			}
		}
	}
	if faults := tasks.RefuseChange(before, after); len(faults) > 0 {
		t.Errorf("refused: %v", faults)
	}
	preview := tasks.Diff(before, after, running)
	for _, step := range preview.Steps {
		if step.Action != tasks.ActionKeep {
			t.Errorf("%s: %s, %v", step.Task, step.Action, step.Why)
		}
	}
	if len(preview.Steps) != 4 {
		t.Errorf("%d steps", len(preview.Steps))
	}
	for _, change := range preview.Changes {
		if change.Effect != "adds its tasks, restarts nothing" {
			t.Errorf("%v: %s", change, change.Effect)
		}
	}
}

func TestTheFileOfTheStoresCA(t *testing.T) {
	disk := folder{"ca.crt": certificate(), "text": "hush", "key.pem": "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----\n"}
	for _, tt := range []struct{ name, value, want, fault string }{
		{"a file", "ca.crt", certificate(), ""},
		{"the text itself", certificate(), certificate(), ""},
		{"none", "", "", ""},
		{"no such file", "gone.crt", "", "names no file that can be read: file does not exist"},
		{"a file of something else", "text", "", "names a file that holds no certificate in PEM"},
		{"a private key", "key.pem", "", "holds more than certificates, a private key"},
	} {
		parsed := ParseFiles(append(strings.Split(nightly, "\n"), "PORT_API=8090", "BACKUP_S3_CA_FILE="+tt.value), today, disk.read)
		if tt.fault != "" {
			if len(parsed.Faults) != 1 || parsed.Faults[0].Field != "BACKUP_S3_CA_FILE" || !strings.Contains(parsed.Faults[0].Message, tt.fault) || strings.Contains(fmt.Sprint(parsed.Faults), "hush") {
				t.Errorf("%s: %v", tt.name, parsed.Faults)
			}
			continue
		}
		if len(parsed.Faults) > 0 {
			t.Errorf("%s: %v", tt.name, parsed.Faults)
			continue
		}
		if got := parsed.Settings.Scheduled().Params.CA; strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}
