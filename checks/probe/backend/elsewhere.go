package backend

import (
	"net"
	"net/netip"
	"net/url"

	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/sanitize"
)

// elsewhere finds the front end's request of another host, where this machine
// is requested in its place.
func elsewhere(f *facts.Facts) *facts.Elsewhere {
	if f.Project == nil || f.Target.URLSource == "flag" || !loopback.IsURL(f.Target.URL) {
		return nil
	}
	path := facts.PathOf(f.Target.URL)
	for i := range f.Project.Fetches {
		x := &f.Project.Fetches[i]
		u, err := url.Parse(x.URL)
		if err != nil || u.Host == "" || loopback.LocalHost(u.Hostname()) || u.Hostname() == "10.0.2.2" || loopback.StreamHost(x.URL) {
			continue
		}
		if f.Target.URLSource != "default" && f.Fetch() != nil && !facts.PathFits(path, facts.PathOf(x.URL)) {
			continue
		}
		at := facts.Place{File: x.File, Line: x.Line}
		if x.Address.File != "" {
			at = x.Address
		}
		return &facts.Elsewhere{URL: sanitize.URL(x.URL), Own: ownHost(u.Hostname()), Place: at}
	}
	return nil
}

// ownHost reports whether a literal address is one of this machine's. Names
// are not looked up: nothing is sent.
func ownHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap() == ip.Unmap() {
			return true
		}
	}
	return false
}
