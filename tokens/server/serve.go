package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// DefaultAddr is where the guides' server listens.
const DefaultAddr = "localhost:3001"

// grace is how long current requests may take once the server stops.
const grace = 3 * time.Second

// Listen opens addr. The name localhost (or no host at all) means both
// loopback addresses, so that it's reachable on either of them; a machine without
// IPv6 gets one. Port 0 means a free port, the same for both. Errors name the port and what to do.
func Listen(addr string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s: %w; use host:port, such as %s", addr, err, DefaultAddr)
	}
	if host != "" && host != "localhost" {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("can't listen on %s: %w", addr, err)
		}
		return []net.Listener{l}, nil
	}
	v4, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, fmt.Errorf("can't listen on port %s: %w; badsig check shows which program uses it", port, err)
	}
	_, port, _ = net.SplitHostPort(v4.Addr().String())
	v6, err := net.Listen("tcp6", net.JoinHostPort("::1", port))
	if err != nil {
		return []net.Listener{v4}, nil
	}
	return []net.Listener{v4, v6}, nil
}

// Serve handles requests until ctx ends, then lets current requests finish for a
// short while. It returns nil after such an end, and closes the
// listeners in any case.
func Serve(ctx context.Context, ls []net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // broken clients aren't news
	}
	failed := make(chan error, len(ls))
	for _, l := range ls {
		go func() { failed <- srv.Serve(l) }()
	}
	var err error
	running := len(ls)
	select {
	case <-ctx.Done():
	case err = <-failed:
		running--
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if srv.Shutdown(end) != nil {
		_ = srv.Close()
	}
	for ; running > 0; running-- {
		<-failed
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
