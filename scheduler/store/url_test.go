package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

func TestParseURL(t *testing.T) {
	tests := []struct{ url, want string }{
		{"zk://master.mesos:2181", "{1 zk://master.mesos:2181 }"},
		{"zk://a,b:2182,[::1]:2183,[::2]/", "{1 zk://a:2181,b:2182,[::1]:2183,[::2]:2181 }"},
		{"zk://a:1/x/y-z/", "{1 zk://a:1/x/y-z }"},
		{"file:///var/lib/crdb", "{2 zk:// /var/lib/crdb}"},
		{"file:///var//lib/../a%20b/", "{2 zk:// /var/a b}"},
		{"memory:", "{3 zk:// }"},
	}
	for _, tt := range tests {
		got, err := store.ParseURL(tt.url)
		if err != nil {
			t.Errorf("%s: %v", tt.url, err)
			continue
		}
		if text := fmt.Sprintf("{%d %s %s}", got.Kind, got.ZooKeeper, got.Dir); text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.url, text, tt.want)
		}
	}
}

func TestParseURLFaults(t *testing.T) {
	tests := []struct {
		url  string
		want []string
		not  string
	}{
		{url: "", want: []string{"is empty", "zk://"}},
		{url: "master.mesos:2181", want: []string{"unknown scheme", "zk://"}},
		{url: "http://x", want: []string{"unknown scheme"}},
		{url: "zk:a:2181", want: []string{"zk://host:port"}},
		{url: "zk://", want: []string{"empty host"}},
		{url: "zk://a:0,b:x,:7,,c d:1/ok", want: []string{`port "0"`, `port "x"`, `":7"`, `"": has an empty host`, `"c d:1"`}},
		{url: "zk://a:1//x", want: []string{"empty part"}},
		{url: "zk://a:1/x/../y", want: []string{"only dots"}},
		{url: "zk://a:1/x y", want: []string{"not allowed"}},
		{url: "zk://::1", want: []string{"brackets"}},
		{url: "zk://user:geheim@a:1", want: []string{"not supported", "@a:1"}, not: "geheim"},
		{url: "file:relative", want: []string{"three slashes"}},
		{url: "file://host/x", want: []string{"three slashes"}},
		{url: "file:///", want: []string{"root folder"}},
		{url: "file:///x%zz", want: []string{"%25"}},
		{url: "memory:x", want: []string{"just memory:"}},
	}
	for _, tt := range tests {
		_, err := store.ParseURL(tt.url)
		if err == nil {
			t.Errorf("%s: no error", tt.url)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the message lacks %q: %v", tt.url, want, err)
			}
		}
		if tt.not != "" && strings.Contains(err.Error(), tt.not) {
			t.Errorf("%s: the message shows a password: %v", tt.url, err)
		}
		if _, opened := store.Open(context.Background(), tt.url, root); opened == nil {
			t.Errorf("%s: Open took it", tt.url)
		}
	}
}

func TestRoot(t *testing.T) {
	for _, bad := range []string{"", "/abs", "a/b", "..", "a b"} {
		var fault *store.URLError
		if _, err := store.Open(context.Background(), "memory:", bad); !errors.As(err, &fault) {
			t.Errorf("root %q: got %v, want a *URLError", bad, err)
		}
	}
	if got := store.ServiceName(root); got != "cockroachdb" {
		t.Errorf("the service is %q", got)
	}
}
