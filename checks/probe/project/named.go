package project

import (
	"fmt"
	"net/url"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - an address of the local network is requested on this machine: a phone calls the developer's so
//   - a base that is set nowhere leaves the path, and the path decides

// lanURL is a URL of the local network as this machine requests it: on localhost.
func lanURL(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !loopback.LAN(u.Hostname()) {
		return "", false
	}
	port := u.Port()
	if u.Host = "localhost"; port != "" {
		u.Host += ":" + port
	}
	return u.String(), true
}

// withoutBase is where a request goes whose base URL is set nowhere: to the
// way that its path ends in.
func withoutBase(p *picture.Reader, x facts.Fetch, ways []*picture.Entry) string {
	if !affix.HasPrefix(x.URL, "/") || x.Known.Sure() || x.Proxied {
		return ""
	}
	for _, e := range ways {
		route, ok := langs.FillRoute(p, e.Path, pathUser(p, e))
		if !ok || route != x.URL && !affix.HasSuffix(route, x.URL) || e.Method != "" && e.Method != "ANY" && e.Method != x.Method {
			continue
		}
		for _, port := range portsFor(p, e.ServerOf) {
			if port.Port > 0 {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route)
			}
		}
	}
	return ""
}
