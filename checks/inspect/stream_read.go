package inspect

import (
	"cmp"
	"strings"

	"badsig/tokens"
)

// Rules of this file:
//   - Stream's sentences tell before its codes do: code 5 is a token that cannot be read, and an older wrong signature
//   - words that others use too count only where something says that they are Stream's
//   - what is quoted stands in the text; nothing is filled in

// near is how far from a sentence the code may stand that belongs to it.
const near = 1500

// refusal is Stream's error as a text has it.
type refusal struct {
	tokens.StreamError
	sdk   string   // who printed it, "" where nothing says so
	also  []string // what else Stream said in the same text, in words
	loose bool     // worded as Stream's, and nothing else says that it is
}

// readRefusal finds Stream's error in a cleaned text.
func readRefusal(p *pasted) (refusal, bool) {
	all := sentencesIn(p.q)
	codes := codesIn(p)
	var r refusal
	switch {
	case len(all) > 0 && all[0].own:
		r = p.fromSentence(all[0], codes)
	case len(all) > 0 && p.belongs(all[0], codes):
		r = p.fromSentence(all[0], codes)
	case len(all) > 0 && p.bare(all[0]):
		r = p.fromSentence(all[0], nil)
		r.loose = true
	default:
		c, ok := trusted(codes)
		if !ok {
			return r, false
		}
		r = p.fromCode(c)
	}
	if r.sdk == "" {
		r.sdk = p.printedBy()
	}
	for _, s := range all {
		if s.own && s.kind != r.Kind && s.kind != tokens.ErrMalformed && len(r.also) < 3 {
			r.also = append(r.also, oneLine(p.sentenceText(s)))
		}
	}
	return r, true
}

// codeAt is a number at a code's place.
type codeAt struct {
	n     int
	at    int
	trust int // 3 in an SDK's own words, 2 in the shape of Stream's error, 1 called code
	sdk   string
	after int // where the text goes on after it
}

// codesIn gives the numbers that stand at a code's place.
func codesIn(p *pasted) []codeAt {
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
			s, ok := p.q.findWord(w.word, from)
			if !ok {
				break
			}
			from = s.to
			if w.exact != "" && oneLine(p.text[s.from:s.to]) != w.exact && !p.evidence.stream {
				continue
			}
			if n, ok := numberAt(p.text, s.to+colon(p.text, s.to)); ok && knownCode(n) && p.evidence.trusts(p.text, s) {
				c := codeAt{n: n, at: s.from, trust: 3, sdk: w.sdk, after: numberEnd(p.text, s.to)}
				add(c)
				if next := digits(p.text, c.after+1); next > c.after+1 && p.text[c.after] == '\n' { // broken in the middle
					if n, ok := numberAt(p.text[c.after-digitsBefore(p.text, c.after):c.after]+p.text[c.after+1:next], 0); ok && knownCode(n) {
						c.n, c.after = n, next
						add(c)
					}
				}
			}
		}
	}
	fields := fieldsIn(p.text, 0, len(p.text), func(n string) bool { return isCode(n) || isStatus(n) || n == "detail" || n == "exception" })
	for i, f := range fields {
		if !isCode(f.name) {
			continue
		}
		n, ok := numberAt(p.text, f.val)
		if !ok || !knownCode(n) && n != 0 {
			continue
		}
		c := codeAt{n: n, at: f.at, trust: 1, after: numberEnd(p.text, f.val)}
		if wireShape(p.text, fields, i) {
			c.trust = 2
		}
		if sdk, ok := p.shellBefore(f.at); ok {
			c.trust, c.sdk = 3, sdk
		}
		add(c)
	}
	return out
}

// digitsBefore counts the digits right before a place.
func digitsBefore(text string, at int) int {
	n := 0
	for at-n > 0 && digit(text[at-n-1]) {
		n++
	}
	return n
}

// trusts passes over HTTP/2's own stream error codes.
func (e evidence) trusts(text string, s spot) bool {
	around := lower(text[max(0, s.from-80):min(len(text), s.to+80)])
	return !strings.Contains(around, "http/2") && !strings.Contains(around, "rst_stream") && !strings.Contains(around, "nghttp2")
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
	return digits(text, at)
}

// wireShape tells whether a code stands in the shape of Stream's own errors: beside StatusCode, spelled so, or
// Feeds' detail with status_code or exception.
func wireShape(text string, fields []field, i int) bool {
	status, detail, exception := false, false, false
	for j := max(0, i-8); j < min(len(fields), i+9); j++ {
		f := fields[j]
		if d := f.at - fields[i].at; d > near || d < -near {
			continue
		}
		n, number := numberAt(text, f.val)
		switch {
		case f.text == "StatusCode" && number && n >= 400 && n < 600, f.text == "status_code" && number && n >= 400 && n < 600:
			status = true
		case f.name == "statuscode" && number:
			exception = exception || false
		}
		detail = detail || f.name == "detail"
		exception = exception || f.name == "exception"
		if f.name == "statuscode" && number && f.text == "StatusCode" {
			return true
		}
	}
	return status && (detail || exception)
}

// shellBefore tells whether a place stands inside what an SDK prints an error in.
func (p *pasted) shellBefore(at int) (sdk string, ok bool) {
	head := squeezeWord(p.text[max(0, at-400):min(len(p.text), at+12)])
	for _, s := range shells {
		if strings.Contains(head, s.word) {
			return s.sdk, true
		}
	}
	return "", false
}

// printedBy names the SDK whose shape stands anywhere in the text.
func (p *pasted) printedBy() string {
	for _, s := range shells {
		if p.q.has(s.word) {
			return s.sdk
		}
	}
	for _, w := range saysCode {
		if w.sdk != "" && p.q.has(w.word) {
			return w.sdk
		}
	}
	return ""
}

// belongs tells whether a sentence that others write too is Stream's here.
func (p *pasted) belongs(s said, codes []codeAt) bool {
	inShell := p.printedBy() != ""
	if _, ok := p.shellBefore(s.to); ok {
		return true
	}
	for _, c := range codes {
		if c.trust >= 2 && distance(c.at, s.spot) < near {
			return true
		}
	}
	if p.evidence.other {
		return false
	}
	if inShell || p.evidence.stream {
		return true
	}
	for _, c := range codes { // its code stands beside it
		if distance(c.at, s.spot) < near && fits(c.n, s.kind) && c.n > 3 {
			return true
		}
	}
	return false
}

// bare tells a text that is the sentence and nothing else.
func (p *pasted) bare(s said) bool {
	if p.evidence.other || len(p.text) > 200 {
		return false
	}
	rest := lower(p.text[:s.from] + " " + p.text[s.to:])
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		switch w {
		case "error", "uncaught", "in", "promise", "connect", "failed", "with", "exp", "iat", "nbf", "401", "403", "jwtauth", "exception", "stream", "message", "the", "code":
		default:
			return false
		}
	}
	return true
}

func distance(at int, s spot) int {
	switch {
	case at < s.from:
		return s.from - at
	case at > s.to:
		return at - s.to
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

// fromSentence builds the error around a sentence.
func (p *pasted) fromSentence(s said, codes []codeAt) refusal {
	r := refusal{StreamError: tokens.StreamError{Kind: s.kind}}
	best, found := codeAt{}, false
	rank := func(c codeAt) int {
		n := -distance(c.at, s.spot)
		if fits(c.n, s.kind) {
			n += 1 << 20
		}
		if c.trust >= 2 {
			n += 1 << 18
		}
		return n
	}
	for _, c := range codes {
		if c.n == 0 || c.trust < 2 && (distance(c.at, s.spot) > near || !fits(c.n, s.kind)) {
			continue
		}
		if !found || rank(c) > rank(best) {
			best, found = c, true
		}
	}
	r.Code, r.sdk = best.n, best.sdk
	r.Message = p.sentenceText(s)
	r.Operation = p.operationBefore(s.from)
	if strings.HasPrefix(s.words, "failed with error") {
		r.Operation = p.operationBefore(s.from + len("failed with error"))
	}
	if s.kind == tokens.ErrSignature {
		r.Key = p.keyNamed(s.to)
		if r.Key != "" {
			r.Message = "JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"" + r.Key + "\""
		}
	}
	r.Status = p.statusNear(s.spot, r.Code)
	r.Feeds = p.feeds(s.spot)
	return r
}

// fromCode builds the error around a code whose message is none of the sentences.
func (p *pasted) fromCode(c codeAt) refusal {
	r := refusal{StreamError: tokens.StreamError{Code: c.n}, sdk: c.sdk}
	r.Message = p.messageAround(c)
	r.Status = p.statusNear(spot{c.at, c.after}, c.n)
	r.Feeds = p.feeds(spot{c.at, c.after})
	r.unwrap()
	r.Kind = kindOfCode(&r.StreamError)
	return r
}

// messageAround is what an error says whose code stands there.
func (p *pasted) messageAround(c codeAt) string {
	rest := p.text[c.after:min(len(p.text), c.after+40)]
	low := lower(rest)
	for _, lead := range []string{" and reason -", " and reason:", ", description:", ":", " -"} {
		if strings.HasPrefix(low, lead) && c.trust == 3 {
			start := c.after + len(lead)
			for start < len(p.text) && p.text[start] == ' ' {
				start++
			}
			if name := lead == ":" && strings.Contains(low, "and reason:"); name { // a code's name first
				start = c.after + strings.Index(low, "and reason:") + len("and reason:")
			}
			if m := oneLine(p.text[start:messageEnd(p.text, start, false)]); m != "" {
				return m
			}
		}
	}
	best, gap := "", near
	for _, f := range fieldsIn(p.text, max(0, c.at-near), min(len(p.text), c.after+near), isMessage) {
		d := distance(f.at, spot{c.at, c.after})
		if v := stringAt(p.text, f.val); f.at < c.at && (messageEnd(p.text, f.val, true) > c.at || strings.Count(v, "[") > strings.Count(v, "]") || strings.Count(v, "(") > strings.Count(v, ")")) {
			continue // the field that the whole error stands in
		}
		if m := oneLine(stringAt(p.text, f.val)); m != "" && d < gap {
			best, gap = m, d
		}
	}
	return best
}

// sentenceText is a sentence with what the same message goes on to say.
func (p *pasted) sentenceText(s said) string {
	from := s.from
	if i := strings.LastIndex(lower(p.text[max(0, from-24):from]), "jwtauth error:"); i >= 0 {
		from = max(0, from-24) + i
	}
	if i := strings.LastIndex(lower(p.text[max(0, from-80):from]), "json: cannot unmarshal"); i >= 0 {
		from = max(0, from-80) + i
		if j := strings.LastIndex(lower(p.text[max(0, from-24):from]), "jwtauth error:"); j >= 0 {
			from = max(0, from-24) + j
		}
	}
	lead := oneLine(p.text[from:s.from])
	to := messageEnd(p.text, s.to, false)
	if s.to < len(p.text) && (p.text[s.to] == '"' || p.text[s.to] == ')' || p.text[s.to] == '}') {
		to = max(s.to, min(to, s.to))
	}
	tail := oneLine(p.text[s.to:to])
	words := s.words
	if _, inner, ok := strings.Cut(words, "failed with error: \""); ok {
		words = inner
	}
	return strings.TrimSpace(strings.TrimSpace(lead+" "+words) + glue(tail))
}

// glue puts a blank before words that go on, and none before a sign.
func glue(tail string) string {
	full := tail
	tail = strings.TrimRight(tail, "\"' ,;-")
	for _, q := range []string{"\"", "'"} {
		if strings.Count(tail, q)%2 == 1 && strings.Count(full, q) > strings.Count(tail, q) {
			tail += q
		}
	}
	if tail == "" || strings.IndexByte(":.,;)", tail[0]) >= 0 {
		return tail
	}
	return " " + tail
}

// operationBefore is X of X failed with error, right before a place.
func (p *pasted) operationBefore(at int) string {
	head := p.text[max(0, at-160):at]
	i := strings.LastIndex(lower(head), "failed with error")
	if i < 0 {
		return ""
	}
	words := strings.Fields(head[:i])
	if len(words) == 0 {
		return ""
	}
	op := words[len(words)-1]
	op = op[strings.LastIndexAny(op, "\"'`:=([{>")+1:]
	if len(op) > 60 {
		return ""
	}
	return op
}

// keyNamed is the key that stands in quotes after a sentence about the secret.
func (p *pasted) keyNamed(at int) string {
	text := p.text[at:min(len(p.text), at+120)]
	if i := strings.Index(squeezeWord(text), "forapikey"); i >= 0 { // the shorter sentence was found
		s, _ := p.q.find("forapikey", at)
		text = p.text[s.to:min(len(p.text), s.to+120)]
	} else if !strings.HasSuffix(squeezeWord(p.text[max(0, at-12):at]), "apikey") {
		return ""
	}
	start := 0
	quoted := false
	for start < len(text) && strings.IndexByte(" \n\t\"'`\\:", text[start]) >= 0 {
		quoted = quoted || text[start] == '"' || text[start] == '\'' || text[start] == '`'
		start++
	}
	text = text[start:]
	end := strings.IndexAny(text, "\"'`\\,;)}]<")
	if quoted && end >= 0 && end <= 64 && strings.IndexAny(text[:end], "\n ") >= 0 && len(strings.Fields(text[:end])) <= 3 {
		return strings.Join(strings.Fields(text[:end]), "") // broken over lines
	}
	if n := strings.IndexAny(text, " \n\t"); n >= 0 && (end < 0 || n < end) {
		end = n
	}
	if end < 0 {
		end = len(text)
	}
	if end > 64 {
		return ""
	}
	return strings.TrimRight(text[:end], ".")
}

// statusNear is the HTTP status that stands nearest to a place.
func (p *pasted) statusNear(s spot, code int) int {
	best, gap := 0, near
	for _, f := range fieldsIn(p.text, max(0, s.from-near), min(len(p.text), s.to+near), isStatus) {
		n, ok := numberAt(p.text, f.val)
		if d := distance(f.at, s); ok && n >= 400 && n < 600 && d < gap {
			best, gap = n, d
		}
	}
	if best == 0 {
		for _, w := range []string{"statuscode", "httpstatus", "http"} {
			if q, ok := p.q.find(w, max(0, s.from-near)); ok && distance(q.from, s) < near {
				if n, ok := numberAt(p.text, q.to); ok && n >= 400 && n < 600 {
					return n
				}
			}
		}
	}
	return best
}

// feeds tells Feeds v2's shape near a place.
func (p *pasted) feeds(s spot) bool {
	detail, status := false, false
	for _, f := range fieldsIn(p.text, max(0, s.from-near), min(len(p.text), s.to+near), func(n string) bool { return n == "detail" || n == "statuscode" || n == "exception" }) {
		detail = detail || f.name == "detail"
		status = status || f.text == "status_code" || f.name == "exception"
	}
	return detail && status
}

// unwrap takes the operation off a message.
func (r *refusal) unwrap() {
	m := r.Message
	if op, rest, found := strings.Cut(m, " failed with error: "); found && op != "" && !strings.ContainsAny(op, "\n\"") {
		r.Operation = cmp.Or(r.Operation, op[strings.LastIndexByte(op, ' ')+1:])
		m = rest
	}
	m = strings.TrimSpace(m)
	for len(m) > 1 && (m[0] == '"' || m[0] == '\'') {
		m = strings.TrimSuffix(m[1:], m[:1])
	}
	for _, q := range []string{"\"", "'"} {
		if strings.Count(m, q)%2 == 1 {
			if strings.HasSuffix(m, q) {
				m = strings.TrimSuffix(m, q)
			} else if q == "'" && strings.LastIndex(m, " '") > 0 { // its last quote was taken for the end
				m += q
			}
		}
	}
	r.Message = m
}
