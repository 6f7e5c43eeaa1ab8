package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// listen binds RPC, SQL and HTTP, in this order, and leaves the address files.
func (n *Node) listen() error {
	n.rpc = wire.NewServer(n.answer)
	if n.cfg.Certs != nil {
		n.rpc.TLS, n.rpc.Complain = n.cfg.Certs.Server(), n.handshakeFailed()
	}
	var bound []net.Listener
	bind := func(addr, flag string) (net.Listener, error) {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			for _, b := range bound {
				b.Close()
			}
			return nil, &BindError{Flag: flag, Err: err}
		}
		bound = append(bound, l)
		return l, nil
	}
	rpc, err := bind(n.cfg.Listen, "--listen-addr")
	if err != nil {
		return err
	}
	sql := rpc
	if n.cfg.SQL != "" {
		if sql, err = bind(n.cfg.SQL, "--sql-addr"); err != nil {
			return err
		}
	}
	web, err := bind(n.cfg.HTTP, "--http-addr")
	if err != nil {
		return err
	}
	n.self.Address = withPort(n.self.Address, rpc)
	n.self.SQLAddress = withPort(n.self.SQLAddress, sql)
	n.self.HTTPAddress = withPort(n.self.HTTPAddress, web)
	files := map[string]string{"listen-addr": rpc.Addr().String(), "advertise-addr": n.self.Address, "http-addr": web.Addr().String()}
	if n.cfg.Version.AtLeast(20, 1, 0) {
		files["sql-addr"], files["advertise-sql-addr"] = sql.Addr().String(), n.self.SQLAddress
	}
	if err := n.folder.WriteAddresses(files); err != nil {
		for _, b := range bound {
			b.Close()
		}
		return err
	}
	n.rpc.Serve(rpc)
	if sql != rpc {
		n.rpc.Serve(sql)
	}
	n.http = &http.Server{Handler: n.cfg.Handler(n), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return n.ctx }}
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		if err := n.serveWeb(web); !errors.Is(err, http.ErrServerClosed) {
			n.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	}()
	return nil
}

// withPort fills in the bound port where an advertised address has none.
func withPort(addr string, l net.Listener) string {
	host, port, err := net.SplitHostPort(addr)
	if err == nil && port != "" && port != "0" {
		return addr
	}
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return net.JoinHostPort(host, port)
}
