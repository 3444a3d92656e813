// Package loopback tells the addresses of this machine and of its network from others.
package loopback

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// LocalHost tells whether a host name can only mean this machine: localhost and
// the names below it (RFC 6761), a loopback address, or the unspecified one.
func LocalHost(host string) bool {
	host = affix.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || affix.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && (ip.Unmap().IsLoopback() || ip.IsUnspecified())
}

// HostPort gives the host of a URL, without brackets, and its port: the one it
// names, else its scheme's. They are "" and 0 where the text isn't a URL.
func HostPort(raw string) (host string, port int) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", 0
	}
	return u.Hostname(), URLPort(u)
}

func URLPort(u *url.URL) int {
	port, _ := strconv.Atoi(u.Port())
	if port == 0 {
		switch u.Scheme {
		case "http", "ws":
			port = 80
		case "https", "wss":
			port = 443
		}
	}
	return port
}

// StreamHost tells whether a URL's host is Stream's. The text is cut and not
// parsed: what people paste, and what source holds, has broken escapes.
func StreamHost(s string) bool {
	_, rest, _ := affix.Cut(s, "://")
	if n := strings.IndexAny(rest, "/?#"); n >= 0 {
		rest = rest[:n]
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	host, _, _ := affix.Cut(strings.ToLower(rest), ":")
	for _, h := range []string{"stream-io-api.com", "stream-io-video.com", "getstream.io"} {
		if host == h || affix.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// LocalPort gives the port of a URL, and whether its host is this machine's loopback.
func LocalPort(raw string) (port int, local bool) {
	host, port := HostPort(raw)
	return port, port > 0 && LocalHost(host)
}

// IsURL reports whether a string is an absolute http URL of this machine.
func IsURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return LocalHost(u.Hostname())
}

// LAN tells an address of a private network, or a name that such a network resolves.
func LAN(host string) bool {
	if affix.HasSuffix(strings.ToLower(host), ".local") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsPrivate()
}
