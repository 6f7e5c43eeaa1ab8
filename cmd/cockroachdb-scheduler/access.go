package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/door"
)

const (
	// lookEvery is how often the files of certificate and tokens are looked at, at most.
	lookEvery = 2 * time.Second
	// refusalsEvery is the least time between two lines about refused requests.
	refusalsEvery = time.Minute
	// mostConnections is more than the API of the largest service needs.
	mostConnections = 4096
)

// entrance is the way into the API: who may ask, and how connections are taken.
type entrance struct {
	access   api.Access
	refusals *door.Refusals
	tls      *tls.Config
	// expires is when the certificate of now does, nil without TLS.
	expires func() time.Time
	log     *slog.Logger
}

// newEntrance reads certificate and tokens. The settings have no faults; what changed since they were read is an error.
func newEntrance(access config.Access, named *files, log *slog.Logger) (*entrance, error) {
	e := &entrance{refusals: &door.Refusals{Log: log, Now: time.Now, Every: refusalsEvery}, log: log}
	if access.Token != "" {
		kept, err := reread(named, log, "the token of the API", tokens, tokens, access.Tokens())
		if err != nil {
			return nil, err
		}
		e.access.Admits = func(token string) bool { return kept.Value().Has(token) }
		e.access.Refused = e.refusals.Refused
	}
	if access.Cert != "" {
		cert, key := access.Pair()
		// At the start a removal goes on with a certificate that has expired; nobody puts one in the place of another on purpose.
		kept, err := reread(named, log, "the certificate of the API", pair, goodPair, cert, key)
		if err != nil {
			return nil, err
		}
		e.access.Secure, e.tls = true, door.ServerTLS(kept.Value)
		e.expires = func() time.Time { return kept.Value().Leaf.NotAfter }
	}
	return e, nil
}

func tokens(texts [][]byte) (door.Tokens, error) {
	list, faults := door.ParseTokens(string(texts[0]))
	if len(faults) > 0 {
		return list, faults[0]
	}
	return list, nil
}

func pair(texts [][]byte) (tls.Certificate, error) { return door.Pair(texts[0], texts[1]) }

func goodPair(texts [][]byte) (tls.Certificate, error) {
	made, err := pair(texts)
	if err == nil {
		err = door.Good(made, nil, "", time.Now())
	}
	return made, err
}

// reread makes a value of what settings give, and again when one of their files changes.
func reread[T any](named *files, log *slog.Logger, what string, first, later func([][]byte) (T, error), given ...config.Given) (*door.Reread[T], error) {
	inFiles := false
	for _, one := range given {
		inFiles = inFiles || one.IsPath
	}
	read := func() ([][]byte, error) {
		var texts [][]byte
		for _, one := range given {
			text := []byte(one.Value)
			if one.IsPath {
				var err error
				if text, err = named.fresh(string(one.Value)); err != nil {
					return nil, err
				}
			}
			texts = append(texts, text)
		}
		return texts, nil
	}
	texts, err := read()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	value, err := first(texts)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	source := door.Source[T]{What: what, Make: later, Every: lookEvery, Now: time.Now, Log: log}
	if inFiles {
		source.Read = read
	}
	return door.NewReread(value, texts, source), nil
}

// server makes the API's server.
func (e *entrance) server(handler http.Handler) *http.Server {
	server := api.Server(handler)
	door.Serve(server)
	server.TLSConfig = e.tls
	// Handshakes that fail and requests that are none: anybody can make as many as he likes.
	server.ErrorLog = slog.NewLogLogger(e.log.Handler(), slog.LevelDebug)
	return server
}

// listener bounds the connections of a listener, and takes TLS where there is a certificate.
func (e *entrance) listener(plain net.Listener) net.Listener {
	room := door.NewRoom(plain, connections())
	if e.tls == nil {
		return room
	}
	return door.Split(room, e.tls, api.FirstByteTimeout)
}

// connections is how many there may be at once: half of the files that this process may open are for everything else.
func connections() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return mostConnections / 8
	}
	return int(min(limit.Cur/2, mostConnections))
}
