package client

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestKeysAreTakenOutOfJSON(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a job", `{"kind":"backup","keys":{"accessKeyId":"AKIA1","secretAccessKey":"s\"e\\cret","sessionToken":"t"},"dir":"d"}`,
			`{"kind":"backup","keys":{"accessKeyId":"[redacted]","secretAccessKey":"[redacted]","sessionToken":"[redacted]"},"dir":"d"}`},
		{"parameters of a plan", `{"AWS_ACCESS_KEY_ID":"a","AWS_SECRET_ACCESS_KEY":"b","AWS_SESSION_TOKEN":"c","S3_BUCKET":"d"}`,
			`{"AWS_ACCESS_KEY_ID":"[redacted]","AWS_SECRET_ACCESS_KEY":"[redacted]","AWS_SESSION_TOKEN":"[redacted]","S3_BUCKET":"d"}`},
		{"settings", `{"BACKUP_AWS_SECRET_ACCESS_KEY":"b"}`, `{"BACKUP_AWS_SECRET_ACCESS_KEY":"[redacted]"}`},
		{"spaces stay", "{ \"a\" : [ 1 , {\"Secret-Key\" :\t\"b\" , \"c\" : null } ] }\n", "{ \"a\" : [ 1 , {\"Secret-Key\" :\t\"[redacted]\" , \"c\" : null } ] }\n"},
		{"values that are no strings", `{"accessKey":12,"secretKey":{"a":["b"]},"x":1,"sessionToken":null}`, `{"accessKey":"[redacted]","secretKey":"[redacted]","x":1,"sessionToken":"[redacted]"}`},
		{"a name as a value", `{"field":"secretAccessKey","next":"b"}`, `{"field":"secretAccessKey","next":"b"}`},
		{"names after lists and objects", `[[],{"a":{},"b":[],"secretAccessKey":"x"},"secretAccessKey","y"]`, `[[],{"a":{},"b":[],"secretAccessKey":"[redacted]"},"secretAccessKey","y"]`},
		{"two values in a row", `{"secretKey":"a"} {"secretKey":"b"}`, `{"secretKey":"[redacted]"} {"secretKey":"[redacted]"}`},
		{"it breaks off in the key", `{"secretKey":"a","b":{"secretAccessKey":"ab`, `{"secretKey":"[redacted]","b":{"secretAccessKey":"[redacted]"`},
		{"it breaks off after the key", `{"secretKey":"a","b":"c`, `{"secretKey":"[redacted]","b":"c`},
		{"no JSON", `secretAccessKey=x`, `secretAccessKey=x`},
		{"nothing", ``, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(redact([]byte(tt.body))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// FuzzRedact holds two things: JSON stays JSON, and no value of a field that is a secret's comes through.
func FuzzRedact(f *testing.F) {
	f.Add("{\"a\":[1,{\"b\":\"c\"}]}", "k\"ey/+")
	f.Fuzz(func(t *testing.T, rest, key string) {
		if !json.Valid([]byte(rest)) || len(key) < 4 {
			return
		}
		quoted, err := json.Marshal("<<" + key + ">>")
		if err != nil {
			t.Fatal(err) // any text can be encoded
		}
		body := `{"x":` + rest + `,"secretAccessKey":` + string(quoted) + `,"y":` + rest + `}`
		got := string(redact([]byte(body)))
		if !json.Valid([]byte(got)) {
			t.Errorf("%s became %s", body, got)
		}
		if strings.Contains(got, string(quoted)) && !strings.Contains(rest, string(quoted)) {
			t.Errorf("the key is in %s", got)
		}
	})
}
