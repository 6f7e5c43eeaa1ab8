package model_test

import (
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

func TestValidate(t *testing.T) {
	id := &mesos.FrameworkID{Value: "f"}
	missing := func(name string) string {
		return "Failed to validate scheduler::Call: Expecting '" + name + "' to be present"
	}
	for _, c := range []struct {
		call scheduler.Call
		want string
	}{
		{scheduler.Call{}, missing("type")},
		{scheduler.Call{Type: scheduler.Call_REVIVE}, missing("framework_id")},
		{scheduler.Call{Type: scheduler.Call_SUBSCRIBE}, missing("subscribe")},
		{scheduler.Call{Type: scheduler.Call_ACCEPT, FrameworkID: id}, missing("accept")},
		{scheduler.Call{Type: scheduler.Call_DECLINE, FrameworkID: id}, missing("decline")},
		{scheduler.Call{Type: scheduler.Call_ACCEPT_INVERSE_OFFERS, FrameworkID: id}, missing("accept_inverse_offers")},
		{scheduler.Call{Type: scheduler.Call_DECLINE_INVERSE_OFFERS, FrameworkID: id}, missing("decline_inverse_offers")},
		{scheduler.Call{Type: scheduler.Call_KILL, FrameworkID: id}, missing("kill")},
		{scheduler.Call{Type: scheduler.Call_SHUTDOWN, FrameworkID: id}, missing("shutdown")},
		{scheduler.Call{Type: scheduler.Call_ACKNOWLEDGE, FrameworkID: id}, missing("acknowledge")},
		{scheduler.Call{Type: scheduler.Call_ACKNOWLEDGE_OPERATION_STATUS, FrameworkID: id}, missing("acknowledge_operation_status")},
		{scheduler.Call{Type: scheduler.Call_RECONCILE, FrameworkID: id}, missing("reconcile")},
		{scheduler.Call{Type: scheduler.Call_RECONCILE_OPERATIONS, FrameworkID: id}, missing("reconcile_operations")},
		{scheduler.Call{Type: scheduler.Call_MESSAGE, FrameworkID: id}, missing("message")},
		{scheduler.Call{Type: scheduler.Call_REQUEST, FrameworkID: id}, missing("request")},
		{scheduler.Call{Type: scheduler.Call_UPDATE_FRAMEWORK, FrameworkID: id}, missing("update_framework")},
		{scheduler.Call{Type: scheduler.Call_REVIVE, FrameworkID: id}, ""},
		{scheduler.Call{Type: scheduler.Call_SUPPRESS, FrameworkID: id}, ""},
		{scheduler.Call{Type: scheduler.Call_TEARDOWN, FrameworkID: id}, ""},
	} {
		refusal := model.Validate(&c.call)
		switch {
		case refusal == nil && c.want == "":
		case refusal == nil, refusal.Text != c.want, refusal.Status != 400:
			t.Errorf("%s: %v, want 400 %s", c.call.Type, refusal, c.want)
		}
	}
}

// What the master says to role names; the invalid ones follow the rules of Mesos' roles page.
func TestRoleNames(t *testing.T) {
	for role, want := range map[string]string{
		"db":         "",
		"team/db":    "",
		"*":          "",
		"":           "Empty role name is invalid",
		"/db":        "Role '/db' cannot start with a slash",
		"db/":        "Role 'db/' cannot end with a slash",
		"a//b":       "Role 'a//b' cannot contain two adjacent slashes",
		"a/..":       "Role component '..' is invalid",
		"a/*":        "Role component '*' is invalid",
		"-a":         "Role component '-a' is invalid because it begins with a dash",
		"bad role/x": "Role component 'bad role' is invalid because it contains backspace or whitespace",
	} {
		b := start(t, model.Options{}, nil, roles(role))
		if want == "" {
			b.want(role, "subscribed")
			continue
		}
		b.want(role, "error 'FrameworkInfo.roles' contains invalid role: "+want)
	}
}

func TestSuppressedRolesMustBeRoles(t *testing.T) {
	b := start(t, model.Options{}, nil)
	call := &scheduler.Call{Type: scheduler.Call_SUBSCRIBE, Subscribe: &scheduler.Call_Subscribe{FrameworkInfo: info(), SuppressedRoles: []string{"x"}}}
	b.must(call)
	b.want("a strange suppressed role", "error Suppressed roles { x } are not contained in the set of roles")
}
