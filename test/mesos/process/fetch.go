package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// fetchAll puts the URIs of a task's command into its sandbox, all or nothing (Mesos: docs/fetcher.md).
func (t *task) fetchAll() error {
	var faults []error
	for _, uri := range t.info.GetCommand().GetURIs() {
		if err := fetch(t.ctx, uri, t.sandbox); err != nil {
			faults = append(faults, fmt.Errorf("fetch %s: %w", uri.Value, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		// The words of a real agent, with the cause it only has in its own log.
		return fmt.Errorf("Failed to fetch all URIs for container '%s': %w", filepath.Base(t.sandbox), err)
	}
	return nil
}

// fetch gets one file. An executable is marked so and never unpacked; an archive is unpacked next to itself unless
// extract is false.
func fetch(ctx context.Context, uri mesos.CommandInfo_URI, sandbox string) error {
	source, err := url.Parse(uri.Value)
	if err != nil {
		return err
	}
	name := uri.GetOutputFile()
	if name == "" {
		name = path.Base(source.Path)
	}
	if name == "." || name == "/" || !filepath.IsLocal(name) {
		return fmt.Errorf("%q is not a file name inside the sandbox", name)
	}
	file := filepath.Join(sandbox, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := copyTo(ctx, source, file); err != nil {
		return err
	}
	switch {
	case uri.GetExecutable():
		return executable(file)
	case uri.GetExtract():
		return extract(file, sandbox)
	}
	return nil
}

// executable makes a file that can be run at once. A real agent fetches in a process of its own; this one may be starting
// other tasks at the same time, and a child that was forked while the file was open for writing keeps it busy for a
// moment (ETXTBSY, execve(2)). So the file is written anew, in one short go that no fork comes into.
func executable(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil {
		return err
	}
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(file, content, 0o755)
}

func copyTo(ctx context.Context, source *url.URL, file string) error {
	reader, err := open(ctx, source)
	if err != nil {
		return err
	}
	defer reader.Close()
	// Never write through what an earlier run of the same name left.
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	writer, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(writer, reader)
	return errors.Join(err, writer.Close())
}

func open(ctx context.Context, source *url.URL) (io.ReadCloser, error) {
	switch strings.ToLower(source.Scheme) {
	case "", "file":
		if !filepath.IsAbs(source.Path) || (source.Host != "" && source.Host != "localhost") {
			return nil, errors.New("a local file needs an absolute path on this machine")
		}
		return os.Open(source.Path)
	case "http", "https":
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, source.String(), nil)
		if err != nil {
			return nil, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		if response.StatusCode != http.StatusOK {
			response.Body.Close()
			return nil, fmt.Errorf("the server answered %s", response.Status)
		}
		return response.Body, nil
	}
	return nil, fmt.Errorf("scheme %q: only file, http and https can be fetched", source.Scheme)
}
