package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// TestInputOfJobs holds what is sent, or what is said instead, against flags and environment.
func TestInputOfJobs(t *testing.T) {
	const other = "AKIAOTHEROTHEROTHER1"
	pair := map[string]string{"AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey}
	none := map[string]string{}
	tests := []struct {
		name string
		env  map[string]string
		args string
		// want is sent when fails is empty.
		want wire.Store
		// fails are parts of stderr, all of one run.
		fails []string
		// notes are parts of stderr beside it.
		notes []string
	}{
		{name: "all of the environment", env: withKeys("AWS_DEFAULT_REGION", "eu-west-1"), args: "",
			want: wire.Store{Region: "eu-west-1", Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken}}},
		{name: "the region of AWS' own tools first", env: withKeys("AWS_DEFAULT_REGION", "eu-west-1", "AWS_REGION", "eu-west-2"), args: "",
			want: wire.Store{Region: "eu-west-2", Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken}}},
		{name: "a flag wins for the region", env: withKeys("AWS_DEFAULT_REGION", "eu-west-1"), args: "-r us-west-1",
			want: wire.Store{Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken}}},
		{name: "flags win for the keys, and the token is not theirs", env: withKeys("AWS_ACCESS_KEY_ID", other), args: "-k " + accessKey + " -s " + secretKey,
			want: wire.Store{Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey}}, notes: []string{"other users of this machine can see", "AWS_SECRET_ACCESS_KEY"}},
		{name: "the access key as a flag, the secret one of the environment", env: map[string]string{"AWS_SECRET_ACCESS_KEY": secretKey, "AWS_SESSION_TOKEN": sessionToken}, args: "--aws-access-key=" + accessKey,
			want: wire.Store{Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken}}},
		{name: "the same access key twice", env: pair, args: "-k " + accessKey, want: wire.Store{Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey}}},
		{name: "the role needs no keys", env: none, args: "--iam", want: wire.Store{IAM: true}},
		{name: "the role wins over the environment", env: withKeys(), args: "--iam", want: wire.Store{IAM: true}},
		{name: "another store", env: pair, args: "--s3-endpoint https://s3.test:9000 --s3-path-style -p a/b --region x",
			want: wire.Store{Endpoint: "https://s3.test:9000", PathStyle: true, Dir: "a/b", Region: "x", Keys: wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey}}},

		{name: "no keys", env: none, args: "", fails: []string{"keys: there are none for the bucket", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use the role of the agent with --iam."}},
		{name: "empty variables are none", env: map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, args: "", fails: []string{"there are none"}},
		{name: "half a pair in the environment", env: map[string]string{"AWS_ACCESS_KEY_ID": accessKey}, args: "", fails: []string{"the secret key is missing"}},
		{name: "the other half", env: map[string]string{"AWS_SECRET_ACCESS_KEY": secretKey}, args: "", fails: []string{"the access key is missing"}},
		{name: "half a pair of flags", env: none, args: "-k " + accessKey, fails: []string{"the secret key is missing"}},
		{name: "the other half of flags", env: none, args: "-s " + secretKey, fails: []string{"the access key is missing"}, notes: []string{"other users"}},
		{name: "an empty flag is not the environment", env: pair, args: "--aws-access-key= --aws-secret-key=", fails: []string{"the access key is missing"}},
		{name: "keys of two pairs", env: pair, args: "-k " + other, fails: []string{"--aws-access-key: the environment has another access key", "Give both keys as flags"}},
		{name: "keys of two pairs, the other way", env: pair, args: "-s " + secretKey + "x", fails: []string{"--aws-secret-key: the environment has another secret key"}},
		{name: "role and keys", env: none, args: "--iam -k " + accessKey + " -s " + secretKey, fails: []string{"--iam: uses no keys"}},
		{name: "all faults at once", env: none, args: "--compress lz4 --method copy --ca-file no/such.pem", fails: []string{"4 settings cannot be used", "keys: there are none", `--ca-file "no/such.pem": cannot be read: no such file`,
			`--compress "lz4": there is no such choice. Use one of: gzip, zstd, none.`, `--method "copy": there is no such choice. Use one of: auto, dump, native.`}},
		{name: "an empty choice", env: pair, args: "--compress=", fails: []string{"--compress: there is no such choice"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := play(t, scene{env: tt.env, args: "backup bank my-bucket --no-wait " + tt.args, answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}}})
			for _, part := range append(tt.fails, tt.notes...) {
				if !strings.Contains(p.stderr, part) {
					t.Errorf("stderr lacks %q:\n%s", part, p.stderr)
				}
			}
			if noted := strings.Count(p.stderr, "other users"); noted != min(len(tt.notes), 1) && noted != strings.Count(tt.args, "-s ") {
				t.Errorf("%d notes:\n%s", noted, p.stderr)
			}
			if len(tt.fails) > 0 {
				if p.exit != 1 || len(p.asked) > 0 {
					t.Errorf("exit %d, asked %q", p.exit, p.asked)
				}
				return
			}
			want := wire.JobRequest{Kind: "backup", Database: "bank", Store: tt.want}
			want.Bucket = "my-bucket"
			if want.Dir == "" {
				want.Dir = "cockroach-backups"
			}
			if want.Region == "" {
				want.Region = "us-west-1"
			}
			checkSent(t, p, want)
		})
	}
}

func checkSent(t *testing.T, p played, want wire.JobRequest) {
	t.Helper()
	if p.exit != 0 || len(p.bodies) != 1 {
		t.Fatalf("exit %d, asked %q: %s", p.exit, p.asked, p.stderr)
	}
	var got wire.JobRequest
	if err := json.Unmarshal([]byte(p.bodies[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("sent %s", p.bodies[0])
	}
}

func TestInputOfBackupsAndRestores(t *testing.T) {
	all := wire.JobRequest{Kind: "backup", Database: "bank", BackupDir: "d", Compress: "none", Method: "native", Incremental: true}
	restore := wire.JobRequest{Kind: "restore", Database: "bank", BackupDir: "d", Into: "other", Existing: "keep", NewerDump: true}
	for _, tt := range []struct {
		args  string
		want  wire.JobRequest
		fails string
	}{
		{"backup bank my-bucket -l d --compress none --method native --incremental", all, ""},
		{"restore bank my-bucket d --into other --existing keep --newer-dump", restore, ""},
		{"restore bank my-bucket -l d --into other --existing keep --newer-dump", restore, ""},
		{"restore bank my-bucket d --s3-backup-dir d --into other --existing keep --newer-dump", restore, ""},
		{"restore bank my-bucket d --s3-backup-dir e", restore, `--s3-backup-dir "e": is not the folder "d" that is named too`},
		{"restore bank my-bucket d --existing all", restore, `--existing "all": there is no such choice`},
		{"restore bank my-bucket d --existing drop", restore, `nobody can be asked here`},
		{"restore bank my-bucket d e", restore, `unexpected argument "e"`},
		{"restore bank my-bucket .. ", restore, `".." cannot be the folder of the backup (s3-backup-dir)`},
		{"restore statu", restore, `did you mean status?`},
		{"backup status a b", restore, `unexpected argument "b"`},
	} {
		sc := scene{env: withKeys(), args: tt.args, answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}}}
		if !strings.Contains(tt.args, "status") {
			sc.args += " --no-wait"
		}
		p := play(t, sc)
		if tt.fails != "" {
			if p.exit != 1 || !strings.Contains(p.stderr, tt.fails) || len(p.asked) > 0 {
				t.Errorf("%s: exit %d, asked %q: %s", tt.args, p.exit, p.asked, p.stderr)
			}
			continue
		}
		tt.want.Bucket, tt.want.Dir, tt.want.Region = "my-bucket", "cockroach-backups", "us-west-1"
		tt.want.Keys = wire.Keys{AccessKeyID: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken}
		checkSent(t, p, tt.want)
	}
}

func TestOnlyCertificatesOfTheCAFileAreSent(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	certificate := block("CERTIFICATE", made)
	for name, tt := range map[string]struct{ text, sent, fails string }{
		"two":         {certificate + certificate, certificate + certificate, ""},
		"with words":  {"subject: a secret\n" + certificate + "more\n" + block("DH PARAMETERS", []byte{1}), certificate, ""},
		"a key":       {certificate + block("EC PRIVATE KEY", []byte{1}), "", "holds a private key, which must not leave this machine"},
		"another key": {block("PRIVATE KEY", []byte{1}), "", "holds a private key"},
		"broken":      {block("CERTIFICATE", []byte{1}), "", "holds a certificate that cannot be read"},
		"none":        {"nothing\n", "", "holds no certificate in PEM form"},
		"empty":       {"", "", "holds no certificate in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ca.pem")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			p := play(t, scene{env: withKeys(), args: "backup list my-bucket --ca-file " + path, answers: map[string][]canned{"POST /v1/backups": {answer(wire.Backups{})}}})
			if tt.fails != "" {
				if p.exit != 1 || !strings.Contains(p.stderr, tt.fails) || len(p.asked) > 0 {
					t.Errorf("exit %d, asked %q: %s", p.exit, p.asked, p.stderr)
				}
				return
			}
			var got wire.BackupsRequest
			if err := json.Unmarshal([]byte(p.bodies[0]), &got); err != nil || got.CA != tt.sent {
				t.Errorf("sent %q (%v)", got.CA, err)
			}
		})
	}
}

func TestKeysOfAPlansParametersAreHidden(t *testing.T) {
	p := play(t, scene{args: "plan start backup -vv -p AWS_SECRET_ACCESS_KEY=" + secretKey + " -p AWS_ACCESS_KEY_ID=" + accessKey + " -p AWS_SESSION_TOKEN=" + sessionToken + " -p S3_BUCKET_NAME=my-bucket",
		answers: map[string][]canned{"POST /v1/plans/backup/start": {{200, "application/json", `{"message":"Received cmd: start backup with parameters: {AWS_SECRET_ACCESS_KEY=` + secretKey + `}"}`}}}})
	if p.exit != 0 || !strings.Contains(p.bodies[0], `"S3_BUCKET_NAME":"my-bucket"`) || !strings.Contains(p.stdout, "[redacted]") {
		t.Errorf("exit %d, sent %q, printed %s%s", p.exit, p.bodies, p.stdout, p.stderr)
	}
}

func TestKeysOfSettingsAreHidden(t *testing.T) {
	p := play(t, scene{args: "diff -vv BACKUP_AWS_SECRET_ACCESS_KEY=" + secretKey,
		answers: map[string][]canned{"POST /v1/diff": {answer(wire.Diff{Faults: []wire.Fault{{Field: "BACKUP_AWS_SECRET_ACCESS_KEY", Value: secretKey, Message: "m"}}})}}})
	if p.exit != 1 || len(p.bodies) != 1 || !strings.Contains(p.stderr, `BACKUP_AWS_SECRET_ACCESS_KEY "[redacted]": m`) {
		t.Errorf("exit %d, sent %q, printed %s%s", p.exit, p.bodies, p.stdout, p.stderr)
	}
}

// TestShortKeysAreNotInTheTrace: keys of a store of one's own may be short words, which are not searched for in all output.
func TestShortKeysAreNotInTheTrace(t *testing.T) {
	env := map[string]string{"AWS_ACCESS_KEY_ID": "minio", "AWS_SECRET_ACCESS_KEY": "pass123", "AWS_SESSION_TOKEN": "tok"}
	answers := map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, "POST /v1/backups": {answer(wire.Backups{})}}
	for _, args := range []string{"backup bank my-bucket --no-wait -vv", "restore bank my-bucket d --no-wait -vv", "backup list my-bucket -vv"} {
		p := play(t, scene{env: env, args: args, answers: answers})
		if !strings.Contains(p.bodies[0], `"pass123"`) || !strings.Contains(p.stderr, `"secretAccessKey":"[redacted]"`) {
			t.Errorf("%s: sent %q, printed %s", args, p.bodies, p.stderr)
		}
		for _, key := range env {
			if strings.Contains(p.stderr+p.stdout, `"`+key+`"`) {
				t.Errorf("%s: the key %s is printed:\n%s", args, key, p.stderr)
			}
		}
	}
}
