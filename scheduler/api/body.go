package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// Faults of bodies that encoding/json does not name, or names in words of its own.
var (
	errEmpty  = errors.New("the body is empty")
	errBehind = errors.New("there is something behind the JSON")
)

// readJSON reads one JSON value into a pointer, and nothing behind it. Errors: errEmpty, errBehind, *http.MaxBytesError,
// and those of encoding/json, which name fields and types, and no values.
func readJSON(body io.Reader, into any) error {
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errEmpty
		}
		return err
	}
	_, err := decoder.Token()
	if errors.Is(err, io.EOF) {
		return nil
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return errBehind
}

// badBody answers a body that could not be read: 413 when it is too large, else 408 when it did not come in time, else 400. What names it, want is an example.
func badBody(w http.ResponseWriter, err error, what, want string) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		plain(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("The %s is larger than %d bytes", what, tooLarge.Limit))
		return
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		plain(w, http.StatusRequestTimeout, fmt.Sprintf("The %s did not come in time", what))
		return
	}
	plain(w, http.StatusBadRequest, fmt.Sprintf("Couldn't parse the %s: %v; send %s", what, err, want))
}

// strict decodes a value of which every field must be known.
func strict(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
