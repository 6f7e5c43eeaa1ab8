package httpshell

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// newMaster is a master without agents, served at a URL.
func newMaster(t *testing.T) (*Server, string) {
	t.Helper()
	server := New(Options{Model: model.Options{IP: "127.0.0.1", Hostname: "127.0.0.1", Port: 5050,
		AllocationInterval: 20 * time.Millisecond, HeartbeatInterval: 30 * time.Millisecond}})
	web := httptest.NewUnstartedServer(server)
	web.Config.ConnState = server.Faults().ConnState
	web.Start()
	t.Cleanup(func() { server.Close(); web.CloseClientConnections(); web.Close() })
	return server, web.URL
}

type exchange struct {
	method, path, body string
	headers            map[string]string
	status             int
	text               string
}

const jsonType, protobufType = "application/json", "application/x-protobuf"

// What a real 1.12.0 master answered, in the errors scenario of the traces.
func TestMalformedRequestsAreRefusedAsRecorded(t *testing.T) {
	subscribe := `{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"x","roles":["r"],"capabilities":[{"type":"MULTI_ROLE"}]}}}`
	for name, test := range map[string]exchange{
		"method": {method: "GET", status: 405,
			text: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'."},
		"no content type":    {body: "{}", status: 400, text: "Expecting 'Content-Type' to be present"},
		"bad content type":   {body: "{}", headers: map[string]string{"Content-Type": "text/plain"}, status: 415, text: "Expecting 'Content-Type' of application/json or application/x-protobuf"},
		"charset":            {body: "{}", headers: map[string]string{"Content-Type": "application/json; charset=utf-8"}, status: 415, text: "Expecting 'Content-Type' of application/json or application/x-protobuf"},
		"not json":           {body: "nope\n", headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to parse body into JSON: syntax error at line 1 near: nope\n"},
		"empty object":       {body: "{}", headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'type' to be present"},
		"unknown type":       {body: `{"type":"NO_SUCH_CALL"}`, headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'type' to be present"},
		"unknown field":      {body: `{"type":"REVIVE","no_such":1,"framework_id":{"value":"nope"}}`, headers: map[string]string{"Content-Type": jsonType, streamHeader: "x"}, status: 400, text: "Framework cannot be found"},
		"wrong field type":   {body: `{"type":"REVIVE","framework_id":"nope"}`, headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to convert JSON into Call protobuf: Not expecting a JSON string for field 'framework_id'"},
		"type as a number":   {body: `{"type":10}`, headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to convert JSON into Call protobuf: Not expecting a JSON number for field 'type'"},
		"type in lower case": {body: `{"type":"revive"}`, headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'type' to be present"},
		"camel case":         {body: `{"type":"REVIVE","frameworkId":{"value":"x"}}`, headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'framework_id' to be present"},
		"missing required": {body: `{"type":"SUBSCRIBE","subscribe":{"framework_info":{"name":"x"}}}`, headers: map[string]string{"Content-Type": jsonType}, status: 400,
			text: "Failed to convert JSON into Call protobuf: Missing required fields: subscribe.framework_info.user"},
		"missing required, deep": {body: `{"type":"ACCEPT","framework_id":{"value":"x"},"accept":{"operations":[{"type":"RESERVE","reserve":{"resources":[{"name":"cpus","scalar":{"value":1}}]}}]}}`,
			headers: map[string]string{"Content-Type": jsonType}, status: 400,
			text: "Failed to convert JSON into Call protobuf: Missing required fields: accept.operations[0].reserve.resources[0].type"},
		"unknown name in a required enum": {body: `{"type":"ACCEPT","framework_id":{"value":"x"},"accept":{"operations":[{"type":"RESERVE","reserve":{"resources":[{"name":"cpus","type":"NO_SUCH"}]}}]}}`,
			headers: map[string]string{"Content-Type": jsonType}, status: 400,
			text: "Failed to convert JSON into Call protobuf: Missing required fields: accept.operations[0].reserve.resources[0].type"},
		"base64url": {body: `{"type":"ACKNOWLEDGE","framework_id":{"value":"x"},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"ab_d"}}`,
			headers: map[string]string{"Content-Type": jsonType}, status: 400,
			text: "Failed to convert JSON into Call protobuf: Failed to base64 decode bytes field 'uuid': Invalid character '_'"},
		"subscribe without info": {body: `{"type":"SUBSCRIBE"}`, headers: map[string]string{"Content-Type": jsonType}, status: 400,
			text: "Failed to validate scheduler::Call: Expecting 'subscribe' to be present"},
		"subscribe not acceptable": {body: subscribe, headers: map[string]string{"Content-Type": jsonType, "Accept": "text/html"}, status: 406,
			text: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"},
		"subscribe with a stream": {body: subscribe, headers: map[string]string{"Content-Type": jsonType, "Accept": jsonType, streamHeader: "x"}, status: 400,
			text: "Subscribe calls should not include the 'Mesos-Stream-Id' header"},
		"broken protobuf": {body: "\x08", headers: map[string]string{"Content-Type": protobufType}, status: 400, text: "Failed to parse body into Call protobuf"},
		"unknown path":    {path: "/api/v2/scheduler", body: "{}", status: 404, text: "404 Not Found."},
		"master prefix":   {path: "/master/api/v1/scheduler", body: "{}", headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'type' to be present"},
		"trailing slash":  {path: "/api/v1/scheduler/", body: "{}", headers: map[string]string{"Content-Type": jsonType}, status: 400, text: "Failed to validate scheduler::Call: Expecting 'type' to be present"},
	} {
		t.Run(name, func(t *testing.T) {
			_, url := newMaster(t)
			if test.method == "" {
				test.method = http.MethodPost
			}
			if test.path == "" {
				test.path = "/api/v1/scheduler"
			}
			response, text := send(t, url, test)
			if response.StatusCode != test.status || text != test.text {
				t.Errorf("got %d %q\nwant %d %q", response.StatusCode, text, test.status, test.text)
			}
			if got := response.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
				t.Errorf("content type of a refusal: got %q", got)
			}
			if allow := response.Header.Get("Allow"); (test.status == 405) != (allow == "POST") {
				t.Errorf("Allow header: got %q", allow)
			}
		})
	}
}

func send(t *testing.T, url string, what exchange) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(what.method, url+what.path, bytes.NewReader([]byte(what.body)))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range what.headers {
		request.Header.Set(name, value)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// JSON that a real master takes although it looks odd (errors scenario).
func TestOddJSONIsTaken(t *testing.T) {
	for name, body := range map[string]string{
		"null field":         `{"type":"REVIVE","framework_id":{"value":"ID"},"revive":null}`,
		"unknown field":      `{"type":"REVIVE","framework_id":{"value":"ID","more":1},"else":[1,2]}`,
		"double as string":   `{"type":"DECLINE","framework_id":{"value":"ID"},"decline":{"offer_ids":[],"filters":{"refuse_seconds":"5.5"}}}`,
		"uint64 as string":   `{"type":"DECLINE","framework_id":{"value":"ID"},"decline":{"offer_ids":[{"value":"no-offer"}]}}`,
		"unknown enum":       `{"type":"ACCEPT","framework_id":{"value":"ID"},"accept":{"offer_ids":[{"value":"no-offer"}],"operations":[{"type":"NO_SUCH"}]}}`,
		"int for a double":   `{"type":"DECLINE","framework_id":{"value":"ID"},"decline":{"offer_ids":[],"filters":{"refuse_seconds":5}}}`,
		"lower case headers": `{"type":"SUPPRESS","framework_id":{"value":"ID"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, url := newMaster(t)
			c := newClient(t, url, mediaJSON)
			c.subscribe()
			response, text := send(t, url, exchange{method: "POST", path: "/api/v1/scheduler",
				body:    strings.ReplaceAll(body, "ID", c.framework.ID.Value),
				headers: map[string]string{"Content-Type": jsonType, strings.ToLower(streamHeader): c.stream}})
			if response.StatusCode != http.StatusAccepted || text != "" {
				t.Errorf("got %d %q, want 202 and nothing", response.StatusCode, text)
			}
		})
	}
}
