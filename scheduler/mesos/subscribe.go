package mesos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/encoding/codecs"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

const (
	streamHeader = "Mesos-Stream-Id"
	mediaType    = string(codecs.MediaTypeProtobuf)
	// hops is how many redirects are followed: a follower knows the leader, so one is the rule.
	hops = 5
	// reasonSize is how much of a refusal's text is kept.
	reasonSize = 500
)

// opened is a stream that has not told anything yet.
type opened struct {
	master   *url.URL
	streamID string
	body     io.ReadCloser
}

// subscribe tries the masters in turn.
func (c *Connection) subscribe(ctx context.Context, masters []*url.URL) (opened, error) {
	var failed tries
	for _, master := range masters {
		stream, err := c.subscribeAt(ctx, master)
		if err == nil {
			return stream, nil
		}
		failed = append(failed, err)
	}
	if len(failed) == 1 {
		return opened{}, failed[0]
	}
	return opened{}, failed
}

// subscribeAt asks one master and goes where it points. A master that is not elected answers 307 with the leader's
// address, and while it restarts points at itself for some seconds (recorded from Mesos 1.12).
func (c *Connection) subscribeAt(ctx context.Context, master *url.URL) (opened, error) {
	asked := map[string]bool{}
	for at := master; ; {
		asked[at.Host] = true
		if err := c.refuseNamesake(ctx, at); err != nil {
			return opened{}, err
		}
		body, err := calls.Subscribe(c.config.Framework.Info(c.frameworkID, c.version(ctx, at))).Marshal()
		if err != nil {
			return opened{}, fmt.Errorf("writing SUBSCRIBE: %w", err)
		}
		response, err := c.ask(ctx, at, body, "")
		if err != nil {
			return opened{}, fmt.Errorf("subscribing at master %s: %w", at.Host, err)
		}
		if response.StatusCode < 300 || response.StatusCode > 399 {
			return accepted(response, at)
		}
		discard(response.Body)
		next, err := pointed(response, at)
		if err != nil {
			return opened{}, fmt.Errorf("subscribing at master %s: %w", at.Host, err)
		}
		switch {
		case next.Host == at.Host:
			return opened{}, &NoLeaderError{At: at.Host, Detail: "the master points at itself"}
		case asked[next.Host]:
			return opened{}, &NoLeaderError{At: master.Host, Detail: "the masters point at each other"}
		case len(asked) > hops:
			return opened{}, &NoLeaderError{At: master.Host, Detail: "the masters point from one to the next without end"}
		}
		at = next
	}
}

// pointed is the address of a redirect. Mesos leaves the scheme out: it stays what it was.
func pointed(response *http.Response, from *url.URL) (*url.URL, error) {
	location := response.Header.Get("Location")
	if location == "" {
		return nil, fmt.Errorf("it answered %d without saying where to go", response.StatusCode)
	}
	next, err := from.Parse(location)
	if err != nil || next.Host == "" || (next.Scheme != "http" && next.Scheme != "https") {
		return nil, fmt.Errorf("it points to %q, which is not the address of a master", location)
	}
	if from.Scheme == "https" && next.Scheme == "http" {
		return nil, fmt.Errorf("it points from https to http (%s), which is not followed: credentials would travel in the clear", next.Host)
	}
	if !strings.HasSuffix(strings.TrimSuffix(next.Path, "/"), apiPath) {
		next.Path = apiPath
	}
	return next, nil
}

// accepted checks that an answer is a stream of events.
func accepted(response *http.Response, at *url.URL) (opened, error) {
	if response.StatusCode != http.StatusOK {
		return opened{}, refusal(response, "SUBSCRIBE", at)
	}
	stream := opened{master: at, streamID: response.Header.Get(streamHeader), body: response.Body}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case err != nil || kind != mediaType:
		err = fmt.Errorf("subscribing at master %s: it answered with %q instead of a stream of events: check that this is a Mesos master",
			at.Host, response.Header.Get("Content-Type"))
	case stream.streamID == "":
		err = fmt.Errorf("subscribing at master %s: it gave no %s: Mesos before 1.0 and proxies that remove headers are not supported",
			at.Host, streamHeader)
	}
	if err != nil {
		discard(response.Body)
		return opened{}, err
	}
	return stream, nil
}

// ask posts one request and returns the answer once its head is there, which may take Config.Answer.
func (c *Connection) ask(ctx context.Context, at *url.URL, body []byte, streamID string) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(body))
	if err != nil {
		cancel(nil)
		return nil, fmt.Errorf("making the request: %w", err)
	}
	request.Header.Set("Content-Type", mediaType)
	request.Header.Set("Accept", mediaType)
	request.Header.Set("User-Agent", "dcos-cockroachdb")
	if streamID != "" {
		request.Header.Set(streamHeader, streamID)
	}
	patience := time.AfterFunc(c.config.Answer, func() {
		cancel(fmt.Errorf("no answer within %s", c.config.Answer))
	})
	response, err := c.client.Do(request)
	patience.Stop()
	if err != nil {
		cause := context.Cause(ctx)
		cancel(nil)
		if cause != nil {
			return nil, cause
		}
		// url.Error repeats the method and the whole address, which the caller names already.
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, explained(err)
	}
	response.Body = &held{ReadCloser: response.Body, release: func() { cancel(nil) }}
	return response, nil
}

// held ends the request's context with its body.
type held struct {
	io.ReadCloser
	release func()
}

func (h *held) Close() error {
	defer h.release()
	return h.ReadCloser.Close()
}

// refusal reads why, and gives the connection back.
func refusal(response *http.Response, call string, at *url.URL) *Refused {
	text, err := io.ReadAll(io.LimitReader(response.Body, reasonSize))
	discard(response.Body)
	if err != nil {
		text = nil // a status without a reason is still a refusal
	}
	return &Refused{Call: call, Master: at.Host, Status: response.StatusCode, Text: oneLine(string(text))}
}

// oneLine keeps what a master writes from breaking our log's lines.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
}

// discard reads the little that an answer may still hold, so that its connection can be used again.
func discard(body io.ReadCloser) {
	// Neither error changes anything: the answer's head was read, and a broken connection is not used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10))
	_ = body.Close()
}
