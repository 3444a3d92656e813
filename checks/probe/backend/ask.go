package backend

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/netx"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

const (
	maxInflated = 64 << 10 // of a response in deflate; a token's is a hundredth of it
	shortBegin  = 300
)

// kept are the headers that rules read; nothing else of a response's header
// reaches Facts.
var kept = []string{
	"Content-Type", "Content-Encoding", "Location", "Server", "X-Powered-By", "Date", "Age", "Via",
	"Cache-Control", "Expires", "Pragma", "ETag", "Vary", "Allow", "WWW-Authenticate", "Retry-After", "Refresh",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Credentials", "Access-Control-Max-Age", "Access-Control-Allow-Private-Network",
	"Cross-Origin-Resource-Policy", "X-Clerk-Auth-Status", "X-Clerk-Auth-Reason",
}

// clients makes one transport a request: no connection is shared, so that
// every request may reach another worker, and none stays open. A transport
// follows no redirect and keeps no cookie.
type clients struct {
	pin string // the address that every request goes to; "" lets the dialler choose

	mu         sync.Mutex
	transports []*http.Transport
}

func (c *clients) transport(address string, proxy bool) *http.Transport {
	tr := &http.Transport{
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: netx.MaxHeader,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if proxy {
		tr.Proxy = http.ProxyFromEnvironment
	} else {
		tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		}
	}
	c.mu.Lock()
	c.transports = append(c.transports, tr)
	c.mu.Unlock()
	return tr
}

func (c *clients) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, tr := range c.transports {
		tr.CloseIdleConnections()
	}
	c.transports = nil
}

// ask makes one request and reads its response. The body comes back for tokens
// to be found in; it is nil where there was none.
func (e *endpoint) ask(ctx context.Context, address string, r form, origin string) (facts.Answer, []byte) {
	a := facts.Answer{Method: r.method, URL: e.w.Scrub(sanitize.URL(r.url)), Form: r.name, Origin: origin}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		a.Error, a.Detail = "other", e.w.Scrub(err.Error())
		return a, nil
	}
	if len(r.body) == 0 {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	e.dress(req, r, origin)
	begin := time.Now()
	res, err := e.client.transport(address, !loopback.LocalHost(e.url.Hostname())).RoundTrip(req)
	a.ReceivedAt, a.TookMs = e.w.Target.Now(), netx.Millis(time.Since(begin))
	if err != nil {
		a.Error, a.Detail = e.failure(ctx, address, err)
		return a, nil
	}
	defer func() { _ = res.Body.Close() }()
	a.Status = res.StatusCode
	a.Header = e.header(res.Header)
	body, err := netx.ReadBody(res, netx.MaxBody+1)
	body, encoding := decoded(res.Header.Get("Content-Encoding"), body)
	a.TookMs = netx.Millis(time.Since(begin))
	a.Bytes = int64(len(body))
	switch {
	case len(body) > netx.MaxBody:
		a.Error, a.Detail = "too-large", "the response is longer than 1 MB; the rest wasn't read"
		body = body[:netx.MaxBody]
	case err != nil:
		a.Error, a.Detail = e.failure(ctx, address, err)
	case encoding != "":
		a.Error, a.Detail = "encoded", "the response is compressed with "+e.w.ScrubCut(encoding, 20)+", which badsig can't read"
		return a, nil
	case plainOnTLS(a.Status, body):
		a.Error, a.Detail = "http-to-https", "http request to an https port"
	}
	e.describe(&a, body)
	if len(tokens.FindTokens(string(body))) == 0 {
		a.InHeader = tokenHeader(res.Header)
	}
	return a, body
}

// decoded undoes deflate, which a browser accepts although it wasn't offered
// here; gzip is undone by net/http. left names an encoding that badsig does
// not know.
func decoded(encoding string, body []byte) (text []byte, left string) {
	switch encoding = strings.ToLower(strings.TrimSpace(encoding)); {
	case encoding == "", encoding == "identity", len(body) == 0:
		return body, ""
	case encoding == "deflate":
		// Servers send it with zlib's header, as RFC 9110 has it, and without.
		var r io.Reader = flate.NewReader(bytes.NewReader(body))
		if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			r = z
		}
		if text, err := io.ReadAll(io.LimitReader(r, maxInflated+1)); err == nil && len(text) <= maxInflated {
			return text, ""
		}
	}
	return nil, encoding
}

// dress gives a request the headers a browser gives it, and the user's own.
func (e *endpoint) dress(req *http.Request, r form, origin string) {
	req.Header.Set("Accept", "application/json, text/plain, */*")
	req.Header.Set("User-Agent", "badsig")
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	if r.method == http.MethodOptions {
		return // a browser sends no credentials with a preflight
	}
	if u := req.URL.User; u != nil {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	for name, values := range e.headers {
		if textproto.CanonicalMIMEHeaderKey(name) == "Host" && len(values) > 0 {
			req.Host = values[0]
			continue
		}
		req.Header[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
}

// tokenHeader is the first header, by its name, whose value has a token; cookies hold sessions.
func tokenHeader(h http.Header) string {
	first := ""
	for name, values := range h {
		if name == "Set-Cookie" || first != "" && first < name {
			continue
		}
		if affix.Any(values, func(v string) bool { return len(v) < maxTokenLen && len(tokens.FindTokens(v)) > 0 }) {
			first = name
		}
	}
	return sanitize.Visible(first)
}

func (e *endpoint) header(h http.Header) map[string]string {
	out := map[string]string{}
	for _, name := range kept {
		if v := h.Values(name); len(v) > 0 {
			out[name] = e.w.ScrubCut(strings.Join(v, ", "), sanitize.MaxKept)
		}
	}
	return out
}

// failure says why there was no response, or no complete one.
func (e *endpoint) failure(ctx context.Context, address string, err error) (kind, detail string) {
	kind, detail = netx.Classify(err)
	if kind == "reset" && e.url.Scheme == "http" {
		if speaksTLS(ctx, address) {
			return "http-to-https", "http request to an https port: the server hung up"
		}
		if ctx.Err() != nil {
			kind, detail = "other", "the server closed the connection; badsig ran out of time before it knew whether it's an https port"
		}
	}
	return kind, e.w.ScrubCut(detail, sanitize.MaxKept)
}

// speaksTLS reports whether a port that closed a plain HTTP connection completes a TLS handshake within the request's
// time (Node's https server closes without a response).
func speaksTLS(ctx context.Context, address string) bool {
	// The certificate does not matter here: nothing is sent over this connection.
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// plainOnTLS recognizes the words with which Go's and nginx's https servers
// respond to plain HTTP.
func plainOnTLS(status int, body []byte) bool {
	return status == http.StatusBadRequest &&
		(bytes.Contains(body, []byte("Client sent an HTTP request to an HTTPS server")) ||
			bytes.Contains(body, []byte("plain HTTP request was sent to HTTPS port")))
}
