package httpshell

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/gogo/protobuf/proto"
)

// mediaType is one of the two encodings of the v1 API.
type mediaType string

const (
	mediaProtobuf mediaType = "application/x-protobuf"
	mediaJSON     mediaType = "application/json"
)

// message is a mesos-go type.
type message interface {
	proto.Message
	proto.Marshaler
	proto.Unmarshaler
}

func (m mediaType) encode(value message) ([]byte, error) {
	var data []byte
	var err error
	if m == mediaProtobuf {
		data, err = value.Marshal()
	} else {
		data, err = encodeJSON(value)
	}
	if err != nil {
		return nil, fmt.Errorf("encode a %T as %s: %w", value, m, err)
	}
	return data, nil
}

// decode reads a call; the error is the text a master answers with (code 400).
func (m mediaType) decode(data []byte, into message, name string) (err error) {
	if m == mediaJSON {
		return decodeJSON(data, into, name)
	}
	// mesos-go's generated code can index out of range on hostile input (CVE-2021-3121).
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("Failed to parse body into %s protobuf", name) //nolint:staticcheck // a master's words
		}
	}()
	if into.Unmarshal(data) != nil {
		return fmt.Errorf("Failed to parse body into %s protobuf", name) //nolint:staticcheck // a master's words
	}
	return nil
}

// answer is a status with a plain text body, as a master gives it.
type answer struct {
	status int
	text   string
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.text))
}

// contentType reads the encoding of a request's body. Parameters make it another type to a master.
func contentType(r *http.Request) (mediaType, *answer) {
	switch header := r.Header.Get("Content-Type"); header {
	case "":
		return "", &answer{http.StatusBadRequest, "Expecting 'Content-Type' to be present"}
	case string(mediaProtobuf), string(mediaJSON):
		return mediaType(header), nil
	}
	return "", &answer{http.StatusUnsupportedMediaType,
		"Expecting 'Content-Type' of application/json or application/x-protobuf"}
}

// accepted chooses the encoding of a response: JSON where both would do, as a master does.
func accepted(r *http.Request) (mediaType, *answer) {
	header := r.Header.Get("Accept")
	if header == "" {
		return mediaJSON, nil
	}
	allowed := map[string]bool{}
	for _, part := range strings.Split(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if weight := strings.ReplaceAll(parameters, " ", ""); weight != "q=0" && weight != "q=0.0" {
			allowed[strings.TrimSpace(name)] = true
		}
	}
	for _, media := range []mediaType{mediaJSON, mediaProtobuf} {
		if allowed[string(media)] || allowed["*/*"] || allowed["application/*"] {
			return media, nil
		}
	}
	return "", &answer{http.StatusNotAcceptable,
		"Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"}
}

// encodeJSON writes a message as a master does: snake_case names, and nothing for what is not set.
func encodeJSON(value any) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var tree any
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(withoutUnset(tree))
}

// withoutUnset drops nulls and empty lists, which mesos-go writes for fields that are not set.
func withoutUnset(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		for name, value := range node {
			if list, isList := value.([]any); value == nil || (isList && len(list) == 0) {
				delete(node, name)
				continue
			}
			node[name] = withoutUnset(value)
		}
	case []any:
		for i, value := range node {
			node[i] = withoutUnset(value)
		}
	}
	return tree
}
