package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// podInfo answers each task as Mesos knows it, made again from its record.
func (h handlers) podInfo(w http.ResponseWriter, r *http.Request) {
	state, name := h.source.Snapshot(), r.PathValue("pod")
	info := wire.PodInfo{}
	for _, pod := range podsOf(state) {
		if pod.String() != name {
			continue
		}
		for _, record := range recordsOf(state, pod) {
			task, err := launch.Info(launch.Launch{FrameworkID: state.Facts.FrameworkID,
				Target: state.Facts.Targets[record.TargetID], Record: *record, Refined: state.Link.Refined})
			if err != nil {
				plain(w, http.StatusInternalServerError, fmt.Sprintf("make the info of %s again: %v", record.Task, err))
				return
			}
			status := launch.Status(*record)
			infoJSON, errInfo := protobufJSON(&task)
			statusJSON, errStatus := protobufJSON(&status)
			if errInfo != nil || errStatus != nil {
				plain(w, http.StatusInternalServerError, fmt.Sprintf("encode %s: %v %v", record.Task, errInfo, errStatus))
				return
			}
			info = append(info, wire.TaskInfoStatus{Info: infoJSON, Status: statusJSON})
		}
	}
	if len(info) == 0 {
		plain(w, http.StatusNotFound, fmt.Sprintf("Pod %s not found", name))
		return
	}
	answer(w, http.StatusOK, info)
}

// protobufJSON turns a message of the v1 API into what the SDK sends: protobuf JSON of the v0 messages, with
// lowerCamelCase names, and agents called slaves.
func protobufJSON(message json.Marshaler) (json.RawMessage, error) {
	snake, err := message.MarshalJSON()
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(snake))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(camel(tree))
}

func camel(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		renamed := make(map[string]any, len(node))
		for key, value := range node {
			if value != nil {
				renamed[camelKey(key)] = camel(value)
			}
		}
		return renamed
	case []any:
		for i := range node {
			node[i] = camel(node[i])
		}
	}
	return tree
}

func camelKey(key string) string {
	if key == "agent_id" {
		return "slaveId"
	}
	parts := strings.Split(key, "_")
	for i, part := range parts[1:] {
		if part != "" {
			parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "")
}
