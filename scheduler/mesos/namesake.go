package mesos

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// NamesakeError says that a framework of our name has tasks, and we come without its id.
type NamesakeError struct {
	ID    string
	Tasks int
}

func (e *NamesakeError) Error() string {
	return fmt.Sprintf("framework %s has our name and runs %d tasks", e.ID, e.Tasks)
}

const (
	// namesakeTime bounds the look at the master's frameworks, namesakeSize what is read of them.
	namesakeTime = 20 * time.Second
	namesakeSize = 256 << 20
)

// refuseNamesake is asked before a framework registers for the first time. A service whose state was lost looks like a
// new one; it would initialise a second cluster beside the running first. The master still knows that one by its name.
// A master that does not show its frameworks (no permission, too old) stops nobody: then this cannot be told.
func (c *Connection) refuseNamesake(ctx context.Context, at *url.URL) error {
	if c.frameworkID != "" || c.lookedForNamesake {
		return nil
	}
	frameworks, err := c.frameworks(ctx, at)
	if err != nil {
		c.config.Log.Warn("cannot look for a framework of the same name", "master", at.Host, "error", err.Error())
		return nil
	}
	c.lookedForNamesake = true
	for _, framework := range frameworks {
		if framework.Name == c.config.Framework.Name && len(framework.Tasks) > 0 {
			return &NamesakeError{ID: framework.ID, Tasks: len(framework.Tasks)}
		}
	}
	return nil
}

// frameworkPage is what we read of one framework on the master's page /frameworks; its tasks are those that have not ended.
type frameworkPage struct {
	ID    string            `json:"id"`
	Name  string            `json:"name"`
	Tasks []json.RawMessage `json:"tasks"`
}

func (c *Connection) frameworks(ctx context.Context, at *url.URL) ([]frameworkPage, error) {
	ctx, cancel := context.WithTimeout(ctx, namesakeTime)
	defer cancel()
	page := *at
	page.Path = strings.TrimSuffix(strings.TrimSuffix(page.Path, "/"), apiPath) + "/frameworks"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", page.Path, response.StatusCode)
	}
	var answer struct {
		Frameworks []frameworkPage `json:"frameworks"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, namesakeSize)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read %s: %w", page.Path, err)
	}
	return answer.Frameworks, nil
}
