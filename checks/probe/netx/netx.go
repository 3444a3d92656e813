// Package netx has what every request shares: bounded bodies, addresses, and errors by their kind.
package netx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"badsig/checks/affix"
)

const (
	MaxBody   = 1 << 20   // of a response, after decompression
	MaxHeader = 256 << 10 // of a response's header
)

// ReadBody reads at most limit bytes of a response. What follows a switch of
// protocols isn't a body: no context ends the reading of it.
func ReadBody(res *http.Response, limit int64) ([]byte, error) {
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil
	}
	return io.ReadAll(io.LimitReader(res.Body, limit))
}

// Classify names a network error: rejected, timeout, reset, tls, no-such-host,
// unreachable, http-to-https, https-to-http, too-large, not-http, other.
func Classify(err error) (kind, detail string) {
	var (
		dns     *net.DNSError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		cert    *tls.CertificateVerificationError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		timeout interface{ Timeout() bool }
	)
	text := err.Error()
	switch {
	case affix.Contains(text, "server gave HTTP response to HTTPS client"):
		return "https-to-http", "https request to an http port"
	case errors.As(err, &record):
		return "https-to-http", "the port responds to https with something that isn't TLS"
	case affix.Contains(text, `malformed HTTP response "\x15\x03`):
		return "http-to-https", "http request to an https port"
	case errors.As(err, &cert), errors.As(err, &host), errors.As(err, &unknown), errors.As(err, &alert),
		affix.Contains(text, "tls: "), affix.Contains(text, "x509: "):
		return "tls", last(text)
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no-such-host", "no address for " + dns.Name
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout", "no complete response in time"
	case errno(err, syscall.ECONNREFUSED, 10061):
		return "refused", "connection refused"
	case errno(err, syscall.EHOSTUNREACH, 10065), errno(err, syscall.ENETUNREACH, 10051),
		errno(err, syscall.EADDRNOTAVAIL, 10049), errno(err, syscall.EAFNOSUPPORT, 10047):
		return "unreachable", last(text)
	case affix.Contains(text, "server response headers exceeded"):
		return "too-large", "the response headers are longer than 256 kB"
	case affix.Contains(text, "malformed"), affix.Contains(text, "invalid header"), affix.Contains(text, "bad Content-Length"):
		return "not-http", last(text)
	case errno(err, syscall.ECONNRESET, 10054), errno(err, syscall.EPIPE, 10053),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "reset", "the connection was closed before the response was complete"
	}
	return "other", last(text)
}

// last drops what Go's error chains put before the cause: method and URL.
func last(text string) string {
	if _, after, ok := affix.Cut(text, `": `); ok {
		return after
	}
	return text
}

// maxAddresses bounds the addresses that are dialled for a name with many.
const maxAddresses = 6

// Addresses gives the addresses of a host in the order in which a browser
// tries them: Chromium and Firefox try [::1] before 127.0.0.1 for localhost
// and its subdomains, without a resolver.
func Addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	name := affix.TrimSuffix(strings.ToLower(host), ".")
	if name == "localhost" || affix.HasSuffix(name, ".localhost") {
		return []netip.Addr{netip.IPv6Loopback(), netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(found) > maxAddresses {
		found = found[:maxAddresses]
	}
	return found, nil
}

func Millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// errno tells a system error across platforms: Windows numbers its socket
// errors otherwise than syscall's portable names.
//
//go:noinline
func errno(err error, portable syscall.Errno, windows uintptr) bool {
	var no syscall.Errno
	return errors.As(err, &no) && (no == portable || uintptr(no) == windows)
}
