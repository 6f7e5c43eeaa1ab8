package node

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// web asks nodes' HTTP ports: over TLS in a secure cluster, plainly in another.
type web struct {
	scheme string
	// own is host:port of our own node, which is verified under its name; another one only has to be a node of the cluster.
	own string
	// toOwn and toOthers are the clients for the two.
	toOwn, toOthers *http.Client
	// cluster asks by SQL for a node's cluster where the HTTP port wants a login for that; nil where it does not.
	cluster clusterAsker
}

// plainWeb is for clusters without certificates.
func plainWeb() web {
	client := nodeClient(nil)
	return web{scheme: "http", toOwn: client, toOthers: client}
}

// secureWeb is for secure clusters. Name is that of our own task.
func secureWeb(own, name string, roots *certs.Roots, cluster clusterAsker) web {
	return web{scheme: "https", own: own, toOwn: nodeClient(roots.Client(name)), toOthers: nodeClient(roots.Client("")), cluster: cluster}
}

// limited has the time limit for one question; 0: that of the context alone.
func (w web) limited(limit time.Duration) web {
	own, others := *w.toOwn, *w.toOthers
	own.Timeout, others.Timeout = limit, limit
	w.toOwn, w.toOthers = &own, &others
	return w
}

// web asks nodes as this one can.
func (sec security) web(s Settings, commands client) web {
	if sec.issued == nil {
		return plainWeb()
	}
	return secureWeb(s.HTTP.Dial().String(), s.TLS.Name, sec.roots, askBySQL(s, commands))
}

func (w web) client(address string) *http.Client {
	if address == w.own {
		return w.toOwn
	}
	return w.toOthers
}

// nodeClient is an HTTP client for questions to nodes: never through a proxy, no redirects, no connections kept.
func nodeClient(secure *tls.Config) *http.Client {
	return &http.Client{
		Timeout:       askLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DisableKeepAlives: true, TLSClientConfig: secure,
			DialContext: (&net.Dialer{Timeout: askLimit}).DialContext,
		},
	}
}
