package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/netx"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// reply is one response from Stream with what was read beside it.
type reply struct {
	answer facts.StreamAnswer
	app    *facts.App
	date   time.Time // Stream's clock; zero: no Date header
	at     time.Time // this machine's clock in the middle of the request
	half   time.Duration
}

// asker queries Stream and counts.
type asker struct {
	w         *vault.World
	memory    *Memory
	base      *url.URL
	transport *http.Transport
	client    *http.Client

	mu     sync.Mutex
	stream facts.Stream
	skew   bounds
}

// bounds is where the clock difference must lie.
type bounds struct {
	lo, hi time.Duration
	known  bool
}

// newAsker rejects, with a sentence, every place where a token must not go.
func newAsker(w *vault.World, m *Memory, base string) (*asker, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("the address %q of Stream isn't an https URL; use --stream-url %s", w.ScrubCut(sanitize.URL(base), 200), facts.DefaultStreamURL)
	}
	local := loopback.LocalHost(u.Hostname())
	if u.Scheme == "http" && !local {
		return nil, fmt.Errorf("the address %s of Stream isn't https, so a token would be sent unencrypted; use --stream-url https://%s", u.Redacted(), u.Host)
	}
	u.RawQuery, u.Fragment = "", ""
	tr := &http.Transport{
		MaxResponseHeaderBytes: netx.MaxHeader,
		MaxIdleConnsPerHost:    pairsAtOnce,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    w.Target.Timeout,
	}
	if local {
		tr.DialContext = dialLoopback
	} else {
		tr.Proxy = http.ProxyFromEnvironment
	}
	return &asker{w: w, memory: m, base: u, transport: tr, client: &http.Client{
		Transport:     tr,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// dialLoopback connects to this machine no matter what a resolver may say of a name.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := netx.Addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	var c net.Conn
	for _, ip := range ips {
		if c, err = d.DialContext(ctx, network, netip.AddrPortFrom(ip, 0).Addr().String()+":"+port); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func (a *asker) close() { a.transport.CloseIdleConnections() }

// app requests GET /api/v2/app with a token, the one request that proves a key, a
// secret and a token and changes nothing.
func (a *asker) app(ctx context.Context, key, token string, q question) reply {
	now := a.w.Target.Now()
	if r, ok := a.memory.recall(q, now); ok {
		a.note(r, false)
		return r
	}
	if !headerSafe(token) {
		return reply{answer: facts.StreamAnswer{Error: "not-sendable"}}
	}
	r := a.request(ctx, key, token)
	a.memory.keep(q, r, now)
	a.note(r, true)
	return r
}

func (a *asker) request(ctx context.Context, key, token string) reply {
	ctx, cancel := context.WithTimeout(ctx, a.w.Target.Timeout)
	defer cancel()
	u := a.base.JoinPath("api", "v2", "app")
	u.RawQuery = url.Values{"api_key": {key}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return reply{answer: facts.StreamAnswer{Error: "other"}}
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", token)
	req.Header.Set("Stream-Auth-Type", "jwt")
	req.Header.Set("X-Stream-Client", "badsig")
	req.Header.Set("User-Agent", "badsig")
	before, begin := a.w.Target.Now(), time.Now()
	res, err := a.client.Do(req)
	took := time.Since(begin)
	r := reply{at: before.Add(took / 2), half: took / 2}
	r.answer.TookMs = netx.Millis(took)
	if err != nil {
		r.answer.Error, _ = netx.Classify(err)
		return r
	}
	defer func() { _ = res.Body.Close() }()
	if d, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		r.date = d
	}
	body, err := netx.ReadBody(res, netx.MaxBody)
	if err != nil {
		r.answer.Error, _ = netx.Classify(err)
		return r
	}
	a.read(&r, res.StatusCode, body)
	if r.answer.Error == "not-stream" {
		r.answer.Status = 0 // it isn't a response from Stream, 200 or not
		r.answer.Message = a.clean(whoResponded(res.StatusCode, res.Header, body))
	}
	return r
}

// read keeps of a response the whitelist of fields; a response to a server token
// holds credentials of other services, and they stay unread.
func (a *asker) read(r *reply, status int, body []byte) {
	var doc struct {
		App *struct {
			ID            json.Number `json:"id"`
			Name          string      `json:"name"`
			Placement     string      `json:"placement"`
			AuthDisabled  bool        `json:"disable_auth_checks"`
			Suspended     bool        `json:"suspended"`
			RevokedBefore *time.Time  `json:"revoke_tokens_issued_before"`
		} `json:"app"`
		Code       *int   `json:"code"`
		Message    string `json:"message"`
		StatusCode int    `json:"StatusCode"` // Stream spells it so, and every error of its has it
	}
	r.answer.Status = status
	err := json.Unmarshal(bytes.TrimSpace(body), &doc)
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		err = nil               // a field of another type than documented; the others are read
		if typ.Field == "app" { // a list or a string isn't an app
			doc.App = nil
		}
	}
	switch {
	case status == http.StatusTooManyRequests:
		r.answer.Error = "rate-limited"
	case err == nil && status == http.StatusOK && doc.App != nil:
		id, _ := doc.App.ID.Int64()
		r.app = &facts.App{ID: int(id), Name: a.clean(doc.App.Name), Placement: a.clean(doc.App.Placement),
			AuthDisabled: doc.App.AuthDisabled, Suspended: doc.App.Suspended}
		if doc.App.RevokedBefore != nil {
			r.app.RevokedBefore = *doc.App.RevokedBefore
		}
		return
	case err == nil && status >= 400 && doc.Code != nil && *doc.Code > 0 && doc.StatusCode == status:
		r.answer.Code, r.answer.Message = *doc.Code, a.clean(doc.Message)
		return
	case status >= 500, status == http.StatusRequestTimeout:
		r.answer.Error = "unavailable"
	default:
		r.answer.Error = "not-stream"
	}
}

// whoResponded says what responded in Stream's place: the status, the kind of
// body, and the program that names itself.
func whoResponded(status int, h http.Header, body []byte) string {
	kind, _, _ := affix.Cut(h.Get("Content-Type"), ";")
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		kind = "an empty body"
	case netx.HTML(h.Get("Content-Type"), body):
		kind = "an HTML page"
	case kind == "":
		kind = "no content type"
	}
	out := fmt.Sprintf("%d with %s", status, kind)
	for _, name := range []string{"Server", "Via", "Proxy-Agent", "Location"} {
		if v := h.Get(name); v != "" {
			return out + ", " + name + ": " + v
		}
	}
	return out
}

func (a *asker) clean(s string) string {
	return a.w.ScrubCut(strings.TrimSpace(s), sanitize.MaxKept)
}

// note keeps what a response tells about Stream as a whole.
func (a *asker) note(r reply, asked bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := &a.stream
	if asked {
		s.Requests++
	}
	s.Asked = true
	if r.answer.Error != "" {
		if s.Error == "" {
			s.Error = r.answer.Error
			if s.Error == "not-stream" {
				s.Responded = r.answer.Message
			}
		}
		return
	}
	s.Reachable = true
	if r.at.After(s.AskedAt) {
		s.AskedAt = r.at
	}
	if r.date.IsZero() {
		return
	}
	if r.date.After(s.Date) {
		s.Date = r.date
	}
	// Date is cut to the second: Stream's clock stood in [Date, Date+1s), some
	// time within the request.
	b := bounds{lo: r.at.Sub(r.date) - time.Second - r.half, hi: r.at.Sub(r.date) + r.half, known: true}
	a.skew = a.skew.with(b)
	s.Skew, s.SkewBound = (a.skew.lo+a.skew.hi)/2, (a.skew.hi-a.skew.lo)/2
}

// with is where both bounds agree; b where they do not (a clock was set).
func (x bounds) with(b bounds) bounds {
	both := bounds{max(x.lo, b.lo), min(x.hi, b.hi), true}
	if !x.known || both.lo > both.hi {
		return b
	}
	return both
}
