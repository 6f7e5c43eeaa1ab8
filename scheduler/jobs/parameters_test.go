package jobs

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func TestTheParametersOfTheOlderService(t *testing.T) {
	keys := map[string]string{"AWS_ACCESS_KEY_ID": hushKeys.AccessKeyID, "AWS_SECRET_ACCESS_KEY": hushKeys.SecretAccessKey}
	with := func(more ...string) map[string]string {
		params := map[string]string{}
		for name, value := range keys {
			params[name] = value
		}
		for i := 0; i < len(more); i += 2 {
			params[more[i]] = more[i+1]
		}
		return params
	}
	want := wire.JobRequest{Kind: "backup", Database: "bank", BackupDir: "b", Store: wire.Store{Bucket: "my-bucket", Dir: "d", Region: "eu-west-1",
		Keys: wire.Keys{AccessKeyID: hushKeys.AccessKeyID, SecretAccessKey: hushKeys.SecretAccessKey}}}
	for _, tt := range []struct {
		name   string
		params map[string]string
		want   func(*wire.JobRequest)
	}{
		{"its own names", with("DATABASE_NAME", "bank", "S3_BUCKET_NAME", "my-bucket", "S3_DIR_PATH", "d", "S3_BACKUP_DIR", "b", "REGION", "eu-west-1"), nil},
		{"other spellings", with("DATABASE", "bank", "S3_BUCKET", "my-bucket", "S3_DIR", "d", "S3_BACKUP_DIR", " b ", "AWS_DEFAULT_REGION", "eu-west-1"), nil},
		{"both spellings of the same", with("DATABASE", "bank", "DATABASE_NAME", "bank", "S3_BUCKET", "my-bucket", "S3_DIR", "d", "S3_BACKUP_DIR", "b", "REGION", "eu-west-1"), nil},
		{"what is empty is not given", map[string]string{"AWS_ACCESS_KEY_ID": "", "S3_DIR": " ", "S3_IAM": "", "DATABASE": "bank"},
			func(r *wire.JobRequest) { *r = wire.JobRequest{Kind: "backup", Database: "bank"} }},
		{"everything else", map[string]string{"AWS_SESSION_TOKEN": "t", "S3_ENDPOINT": "e", "S3_PATH_STYLE": "true", "S3_IAM": "true", "COMPRESS": "c",
			"METHOD": "m", "INTO": "i", "EXISTING": "x", "NEWER_DUMP": "true"}, func(r *wire.JobRequest) {
			*r = wire.JobRequest{Kind: "backup", Compress: "c", Method: "m", Into: "i", Existing: "x", NewerDump: true,
				Store: wire.Store{Endpoint: "e", PathStyle: true, IAM: true, Keys: wire.Keys{SessionToken: "t"}}}
		}},
	} {
		wanted := want
		if tt.want != nil {
			tt.want(&wanted)
		}
		if got, err := FromParameters("backup", tt.params); err != nil || got != wanted {
			// The request's keys print as [redacted].
			t.Errorf("%s: %+v, %v; same keys: %v", tt.name, got, err, got.Keys == wanted.Keys)
		}
	}
	// A parameter that goes nowhere would be lost without a word.
	for _, one := range parameters {
		r, _ := FromParameters("backup", map[string]string{one.names[0]: "true"})
		if reflect.DeepEqual(r, wire.JobRequest{Kind: "backup"}) {
			t.Errorf("%s has no effect", one.names[0])
		}
	}
}

func TestParametersThatAreNotKnown(t *testing.T) {
	_, err := FromParameters("backup", map[string]string{"AWS_SECRET_KEY": "hush", "SECRET": "hush", "S3_IAM": "yes", "DATABASE": "a", "DATABASE_NAME": "b",
		"AWS_ACCESS_KEY_ID": "hush"})
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 4 || strings.Contains(err.Error(), "hush") {
		t.Fatalf("%v", err)
	}
	for i, want := range []wire.Fault{
		{Field: "AWS_SECRET_KEY", Message: "is not a parameter of this plan"},
		{Field: "DATABASE_NAME", Message: "says something else than DATABASE"},
		{Field: "S3_IAM", Value: "yes", Message: "is neither true nor false"},
		{Field: "SECRET", Message: "is not a parameter of this plan"},
	} {
		got := faults[i]
		if got.Remedy == "" {
			t.Errorf("%+v has no remedy", got)
		}
		if got.Remedy = ""; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

func TestTheAnswerOfPlanStartHidesKeys(t *testing.T) {
	got := Received("backup", map[string]string{"S3_BUCKET_NAME": "b", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_ACCESS_KEY_ID": "hush",
		"AWS_SESSION_TOKEN": "hush", "DATABASE_NAME": "bank", "UNKNOWN": "hush"})
	want := "Received cmd: start backup with parameters: {AWS_ACCESS_KEY_ID=[redacted], AWS_SECRET_ACCESS_KEY=[redacted], " +
		"AWS_SESSION_TOKEN=[redacted], DATABASE_NAME=bank, S3_BUCKET_NAME=b, UNKNOWN=[redacted]}"
	if got != want {
		t.Errorf("got %s", got)
	}
	if got := Received("backup", nil); got != "Received cmd: start backup with parameters: {}" {
		t.Errorf("got %s", got)
	}
}

func FuzzFromParameters(f *testing.F) {
	f.Add("AWS_SECRET_ACCESS_KEY", "x", "DATABASE", "y")
	f.Add("AWS_SECRET_KEY", "x", "S3_IAM", "true")
	f.Fuzz(func(t *testing.T, name, value, other, another string) {
		value = "hush/" + value
		r, err := FromParameters("restore", map[string]string{name: value, other: another})
		known := parameterOf(name)
		if known != nil && !known.secret {
			return
		}
		for _, text := range []string{fmt.Sprintf("%+v", r), fmt.Sprint(err), Received("restore", map[string]string{name: value})} {
			if strings.Contains(text, value) && !strings.Contains(another, "hush") && !strings.Contains(name, "hush") && !strings.Contains(other, "hush") {
				t.Errorf("%s shows in %s", name, text)
			}
		}
	})
}
