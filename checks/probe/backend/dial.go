package backend

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/netx"
)

// dialGrace is how long the other addresses may take once one has responded: a
// loopback address responds in microseconds or, after a packet filter, never.
const dialGrace = 250 * time.Millisecond

// dial tries every address side by side and gives all attempts, and those that
// connected, best first.
func (e *endpoint) dial(ctx context.Context) (all, reach []facts.Dial) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	to := e.first()
	ips, err := netx.Addresses(ctx, to.Hostname())
	if err != nil {
		kind, detail := netx.Classify(err)
		return []facts.Dial{{Address: to.Host, Error: kind, Detail: e.w.Scrub(detail)}}, nil
	}
	type result struct {
		i int
		d facts.Dial
	}
	results := make(chan result, len(ips))
	all = make([]facts.Dial, len(ips))
	for i, ip := range ips {
		all[i] = facts.Dial{Address: net.JoinHostPort(ip.Unmap().String(), strconv.Itoa(cmp.Or(loopback.URLPort(to), 80))), Family: family(ip), Error: "timeout", Detail: "no response to the connection in time"}
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

// awaitListener waits while a server of this machine is starting, and reports whether one listens now.
func awaitListener(ctx context.Context, e *endpoint) bool {
	if e.facts.Project == nil || len(e.facts.Project.Servers) == 0 || !loopback.LocalHost(e.url.Hostname()) {
		return false
	}
	until := time.Now().Add(2 * time.Second) // for the look at the processes, which takes less
	for {
		switch l := e.w.Snapshot().Process; {
		case l == nil && time.Now().After(until), sleep(ctx, 50*time.Millisecond) != nil:
			return false
		case l != nil && !l.Starting:
			return len(l.Listeners) > 0
		}
	}
}

// first is where the connection goes: the endpoint itself, or the proxy that
// the environment names for hosts other than this machine.
func (e *endpoint) first() *url.URL {
	if loopback.LocalHost(e.url.Hostname()) {
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
func connect(ctx context.Context, d facts.Dial) facts.Dial {
	begin := time.Now()
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp", d.Address)
	d.TookMs = netx.Millis(time.Since(begin))
	if err != nil {
		d.Error, d.Detail = netx.Classify(err)
		return d
	}
	_ = c.Close()
	d.OK, d.Error, d.Detail = true, "", ""
	return d
}
