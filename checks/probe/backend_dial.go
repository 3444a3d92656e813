package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// dialGrace is how long the other addresses may take once one has answered: a
// loopback address answers in microseconds or, behind a packet filter, never.
const dialGrace = 250 * time.Millisecond

// maxAddresses bounds the addresses that are dialled for a name with many.
const maxAddresses = 6

// addresses gives the addresses of a host in the order in which a browser
// tries them: Chromium and Firefox take [::1] before 127.0.0.1 for localhost
// and its subdomains, without asking a resolver.
func addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
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

// dial tries every address side by side and gives all attempts, and those that
// connected, best first.
func (e *endpoint) dial(ctx context.Context) (all, reach []Dial) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	to := e.first()
	ips, err := addresses(ctx, to.Hostname())
	if err != nil {
		kind, detail := classify(err)
		return []Dial{{Address: to.Host, Error: kind, Detail: e.w.Scrub(detail)}}, nil
	}
	type result struct {
		i int
		d Dial
	}
	results := make(chan result, len(ips))
	all = make([]Dial, len(ips))
	for i, ip := range ips {
		all[i] = Dial{Address: net.JoinHostPort(ip.Unmap().String(), strconv.Itoa(cmp.Or(urlPort(to), 80))), Family: family(ip), Error: "timeout", Detail: "no answer to the connection in time"}
		d := all[i]
		go func() { results <- result{i, connect(ctx, d)} }()
	}
	var grace <-chan time.Time
wait:
	for range ips {
		select {
		case r := <-results:
			all[r.i] = r.d
			if r.d.OK && grace == nil {
				t := time.NewTimer(dialGrace)
				defer t.Stop()
				grace = t.C
			}
		case <-grace:
			break wait
		}
	}
	for _, d := range all {
		if d.OK {
			reach = append(reach, d)
		}
	}
	return all, reach
}

// first is where the connection goes: the endpoint itself, or the proxy that
// the environment names for hosts other than this machine.
func (e *endpoint) first() *url.URL {
	if LocalHost(e.url.Hostname()) {
		return e.url
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: e.url}); err == nil && proxy != nil {
		return proxy
	}
	return e.url
}

func family(ip netip.Addr) string {
	if ip.Unmap().Is4() {
		return "ipv4"
	}
	return "ipv6"
}

// connect opens and closes one connection. Facts keep the address as d has it.
func connect(ctx context.Context, d Dial) Dial {
	begin := time.Now()
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp", d.Address)
	d.TookMs = ms(time.Since(begin))
	if err != nil {
		d.Error, d.Detail = classify(err)
		return d
	}
	_ = c.Close()
	d.OK, d.Error, d.Detail = true, "", ""
	return d
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// errno tells a system error across platforms: Windows numbers its socket
// errors otherwise than syscall's portable names.
func errno(err error, portable syscall.Errno, windows uintptr) bool {
	var no syscall.Errno
	return errors.As(err, &no) && (no == portable || uintptr(no) == windows)
}
