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

const (
	// versionTime bounds the look at the master's version, versionSize what is read of it.
	versionTime = 5 * time.Second
	versionSize = 64 << 10
)

// version asks a master for its version before we register, because what we register as depends on it. A master that does
// not tell is taken for new: empty.
func (c *Connection) version(ctx context.Context, at *url.URL) string {
	version, err := c.askVersion(ctx, at)
	if err != nil {
		c.config.Log.Debug("cannot ask the master for its version", "master", at.Host, "error", err.Error())
		return ""
	}
	return version
}

func (c *Connection) askVersion(ctx context.Context, at *url.URL) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, versionTime)
	defer cancel()
	page := *at
	page.Path = strings.TrimSuffix(strings.TrimSuffix(page.Path, "/"), apiPath) + "/version"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return "", fmt.Errorf("make the request: %w", err)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return "", err
	}
	defer discard(response.Body)
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered %d", page.Path, response.StatusCode)
	}
	var answer struct {
		Version string `json:"version"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, versionSize)).Decode(&answer); err != nil {
		return "", fmt.Errorf("read %s: %w", page.Path, err)
	}
	return answer.Version, nil
}
