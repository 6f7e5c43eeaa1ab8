package core

import (
	"fmt"
)

// storeLost ends the process before it registers: it would deploy a second cluster beside the running one.
func storeLost(e Namesake) Exit {
	return Exit{Code: 2, Message: fmt.Sprintf("the store holds no framework id, but the master runs %d tasks of framework %s, which has "+
		"this service's name: the state of this service may be lost", e.Tasks, e.FrameworkID),
		Remedy: "bring the state back, or point STATE_STORE at it; for a second service choose another FRAMEWORK_NAME; " +
			"to start over without the old data, tear the old framework down at the master first"}
}

// masterRefused ends the process on an ERROR event: the master closes the stream and will not take us back as we are.
func masterRefused(message string) Exit {
	exit := Exit{Code: 6, Message: fmt.Sprintf("the master refused the framework: %s", message),
		Remedy: "the process ends and is started again by Marathon or systemd; if it does not come up, check role, principal and permissions"}
	switch message {
	case frameworkRemoved:
		exit.Remedy = "the framework was torn down at the master while its state was kept: its tasks are gone. " +
			"To install anew, start once with SDK_UNINSTALL=true, which empties the service's state, or delete that (its ZooKeeper node or state file)"
	case "Framework failed over":
		exit.Remedy = "another scheduler took over this framework id; make sure that only one runs"
	}
	return exit
}
