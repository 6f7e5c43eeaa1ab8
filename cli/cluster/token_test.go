package cluster_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

func TestATokenIsNotPrinted(t *testing.T) {
	target := cluster.Target{Token: cluster.NewToken("hunter2")}
	asJSON, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		fmt.Sprint(target.Token), fmt.Sprintf("%v", target), fmt.Sprintf("%+v", target), fmt.Sprintf("%#v", target), string(asJSON),
	} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("printed: %s", text)
		}
	}
	if got := target.Token.Reveal(); got != "hunter2" {
		t.Errorf("Reveal gives %q", got)
	}
}

func TestVerbosity(t *testing.T) {
	tests := []struct {
		env  map[string]string
		want int
	}{
		{nil, 0},
		{map[string]string{"DCOS_VERBOSITY": "1"}, 1},
		{map[string]string{"DCOS_VERBOSITY": "2"}, 2},
		{map[string]string{"DCOS_VERBOSITY": "x"}, 0},
		{map[string]string{"DCOS_LOG_LEVEL": "INFO"}, 1},
		{map[string]string{"DCOS_LOG_LEVEL": "debug"}, 2},
		{map[string]string{"DCOS_LOG_LEVEL": "warning"}, 0},
		{map[string]string{"DCOS_DEBUG": "True"}, 1},
		{map[string]string{"DCOS_DEBUG": "false"}, 0},
		{map[string]string{"DCOS_DEBUG": "true", "DCOS_VERBOSITY": "2"}, 2},
	}
	for _, tt := range tests {
		got := cluster.Verbosity(func(name string) (string, bool) { value, set := tt.env[name]; return value, set })
		if got != tt.want {
			t.Errorf("%v gives %d, want %d", tt.env, got, tt.want)
		}
	}
}
