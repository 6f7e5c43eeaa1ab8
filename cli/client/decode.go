package client

import (
	"encoding/json"
	"errors"
	"fmt"
)

// JSON gives the body when it is JSON, whatever it holds; else a *FormatError.
func (a Answer) JSON() (json.RawMessage, error) {
	if json.Valid(a.Body) {
		return a.Body, nil
	}
	if _, err := a.Text(); err != nil {
		return nil, err
	}
	return nil, a.wrong("it is not JSON")
}

// Text gives the body of an endpoint, which need not be JSON; but not a page,
// which is a log-in form or an error of something in between: *FormatError.
func (a Answer) Text() (string, error) {
	if a.html() {
		return "", a.wrong("it is a web page")
	}
	return string(a.Body), nil
}

// Decode reads the body as T. A field that this plug-in does not know is
// skipped: the scheduler may be newer. Errors: *FormatError.
func Decode[T any](a Answer) (T, error) {
	var value T
	raw, err := a.JSON()
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, a.misfit(err)
	}
	return value, nil
}

// misfit says where JSON has another shape, without the decoder's Go types.
func (a Answer) misfit(err error) error {
	shape, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return a.wrong(err.Error())
	}
	where := "at its top"
	if shape.Field != "" {
		where = fmt.Sprintf("in its field %q", shape.Field)
	}
	return a.wrong(fmt.Sprintf("it has an unexpected %s %s", shape.Value, where))
}

func (a Answer) wrong(what string) error {
	return &FormatError{Query: a.query.String(), Kind: a.kind, What: what}
}
