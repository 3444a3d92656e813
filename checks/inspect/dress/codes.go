package dress

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a number counts as Stream's code only where an SDK's words or the shape of Stream's error vouch for it
//   - words that others write too are Stream's only where something else says so

// codeAt is a number at a code's place.
type codeAt struct {
	n     int
	at    int
	trust int // 3 in an SDK's own words, 2 in the shape of Stream's error, 1 called code
	sdk   string
	after int // where the text goes on after it
}

// codesIn gives the numbers that are at a code's place.
func codesIn(p *Printed) []codeAt {
	var out []codeAt
	add := func(c codeAt) {
		for i := range out {
			if o := &out[i]; o.after == c.after {
				if c.trust > o.trust {
					*o = c
				}
				return
			}
		}
		out = append(out, c)
	}
	for _, w := range saysCode {
		for from, tries := 0, 0; tries < 8; tries++ {
			s, ok := p.Q.FindWord(w.word, from)
			if !ok {
				break
			}
			from = s.To
			if w.exact != "" && plain.OneLine(p.Text[s.From:s.To]) != w.exact && !p.evidence.stream {
				continue
			}
			if n, ok := NumberAt(p.Text, s.To+colon(p.Text, s.To)); ok && KnownCode(n) && p.evidence.trusts(p.Text, s) {
				if w.exact != "" && !p.evidence.stream && !p.ends(numberEnd(p.Text, s.To)) {
					continue // "stream error code 17 in task 0_1" of another program
				}
				c := codeAt{n: n, at: s.From, trust: 3, sdk: w.sdk, after: numberEnd(p.Text, s.To)}
				add(c)
				if next := plain.Digits(p.Text, c.after+1); next > c.after+1 && p.Text[c.after] == '\n' { // broken in the middle
					if n, ok := NumberAt(p.Text[c.after-digitsBefore(p.Text, c.after):c.after]+p.Text[c.after+1:next], 0); ok && KnownCode(n) {
						c.n, c.after = n, next
						add(c)
					}
				}
			}
		}
	}
	fields := FieldsIn(p.Text, 0, len(p.Text), func(n string) bool { return isCode(n) || isStatus(n) || n == "detail" || n == "exception" })
	for i, f := range fields {
		if !isCode(f.Name) {
			continue
		}
		n, ok := NumberAt(p.Text, f.Val)
		if !ok || !KnownCode(n) && n != 0 {
			continue
		}
		c := codeAt{n: n, at: f.at, trust: 1, after: numberEnd(p.Text, f.Val)}
		if wireShape(p.Text, fields, i) {
			c.trust = 2
		}
		if f.Name == "streamcode" || f.Name == "streamerrorcode" || f.Name == "servererrorcode" {
			c.trust = 2 // nothing else is called that
		}
		if sdk, ok := p.shellBefore(f.at); ok {
			c.trust, c.sdk = 3, sdk
		} else if _, ok := p.operationNear(f.at); ok {
			c.trust = max(c.trust, 2)
		}
		add(c)
	}
	return out
}

// ends reports whether a colon, a quote or the line's end follows a code: Stream's message, or nothing.
func (p *Printed) ends(at int) bool {
	rest := strings.TrimLeft(p.Text[min(at, len(p.Text)):], " ")
	return rest == "" || strings.IndexByte(":\"'\n,)]}", rest[0]) >= 0
}

// codeInWords is a code that is only called so beside a sentence: "… (code 43, status 401)".
func (p *Printed) codeInWords(s said) (n int, ok bool) {
	from, to := max(0, s.From-near), min(len(p.Text), s.To+near)
	low := plain.Lower(p.Text[from:to])
	for i := 0; ; i++ {
		at := strings.Index(low[i:], "code ")
		if at < 0 {
			return 0, false
		}
		i += at
		if i > 0 && (plain.Letter(low[i-1]) || affix.HasSuffix(low[:i], "exit ")) {
			continue
		}
		if n, ok := NumberAt(p.Text, from+i+len("code ")); ok && KnownCode(n) && fits(n, s.kind) {
			return n, true
		}
	}
}

// digitsBefore counts the digits right before a place.
func digitsBefore(text string, at int) int {
	n := 0
	for at-n > 0 && plain.Digit(text[at-n-1]) {
		n++
	}
	return n
}

// trusts passes over HTTP/2's own stream error codes.
func (e evidence) trusts(text string, s plain.Spot) bool {
	around := plain.Lower(text[max(0, s.From-80):min(len(text), s.To+80)])
	return !affix.Contains(around, "http/2") && !affix.Contains(around, "rst_stream") && !affix.Contains(around, "nghttp2")
}

func colon(text string, at int) int {
	n := 0
	for at+n < len(text) && n < 4 && (text[at+n] == ':' || text[at+n] == ' ' || text[at+n] == '=' || text[at+n] == '"') {
		n++
	}
	return n
}

func numberEnd(text string, at int) int {
	at += colon(text, at)
	at, _ = skipOpeners(text, at)
	if at < len(text) && text[at] == '-' {
		at++
	}
	return plain.Digits(text, at)
}

// wireShape reports whether a code is in the shape of Stream's own errors: beside StatusCode, spelled so, or
// Feeds' detail with status_code or exception.
func wireShape(text string, fields []field, i int) bool {
	status, detail, exception := false, false, false
	for j := max(0, i-8); j < min(len(fields), i+9); j++ {
		f := fields[j]
		if d := f.at - fields[i].at; d > near || d < -near {
			continue
		}
		n, number := NumberAt(text, f.Val)
		switch {
		case f.text == "StatusCode" && number && n >= 400 && n < 600, f.text == "status_code" && number && n >= 400 && n < 600:
			status = true
		case f.Name == "statuscode" && number:
			exception = exception || false
		}
		detail = detail || f.Name == "detail"
		exception = exception || f.Name == "exception"
		if f.Name == "statuscode" && number && f.text == "StatusCode" {
			return true
		}
	}
	return status && (detail || exception)
}

func distance(at int, s plain.Spot) int {
	switch {
	case at < s.From:
		return s.From - at
	case at > s.To:
		return at - s.To
	}
	return 0
}

func fits(code int, kind string) bool {
	for _, c := range codesOf(kind) {
		if c == code {
			return true
		}
	}
	return false
}

// trusted is the first code that a shape vouches for.
func trusted(codes []codeAt) (best codeAt, ok bool) {
	for _, c := range codes {
		if c.n != 0 && (!ok || c.trust > best.trust) && c.trust >= 2 {
			best, ok = c, true
		}
	}
	return best, ok
}

// statusNear is the HTTP status that is nearest to a place.
func (p *Printed) statusNear(s plain.Spot, code int) int {
	best, gap := 0, near
	for _, f := range FieldsIn(p.Text, max(0, s.From-near), min(len(p.Text), s.To+near), isStatus) {
		n, ok := NumberAt(p.Text, f.Val)
		if d := distance(f.at, s); ok && n >= 400 && n < 600 && d < gap {
			best, gap = n, d
		}
	}
	if best == 0 {
		for _, w := range []string{"statuscode", "httpstatus", "http"} {
			if q, ok := p.Q.FindIn(w, max(0, s.From-near), s.To+near); ok {
				if n, ok := NumberAt(p.Text, q.To); ok && n >= 400 && n < 600 {
					return n
				}
			}
		}
	}
	return best
}

// feeds recognizes Feeds v2's shape near a place.
func (p *Printed) feeds(s plain.Spot) bool {
	detail, status := false, false
	for _, f := range FieldsIn(p.Text, max(0, s.From-near), min(len(p.Text), s.To+near), func(n string) bool { return n == "detail" || n == "statuscode" || n == "exception" }) {
		detail = detail || f.Name == "detail"
		status = status || f.text == "status_code" || f.Name == "exception"
	}
	return detail && status
}
