package inspect

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"strings"

	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - everything in a paste counts together: an error, a token, a request and its response, a key, a secret
//   - a session of one's own backend is that request's, and is never judged as Stream's token

// pasted is one text with what every reader of it needs.
type pasted struct{ *dress.Printed }

func newPasted(raw string) *pasted { return &pasted{dress.NewPrinted(raw)} }

// read says what a string of any kind is.
func (p *pasted) read() Inspection {
	r, refused := dress.ReadRefusal(p.Printed)
	rows := relatedIn(p)
	if len(rows) == 0 && !refused {
		if rows = p.unset(); len(rows) == 0 {
			rows = p.accessLog()
		}
	}
	if p.onlyTooling() {
		rows = nil
	}
	if page, ok := p.page(); ok && !refused && len(rows) == 0 {
		return page
	}
	i, whole := p.wholeJSON()
	req, requested := p.request()
	tok := p.token(req)
	switch {
	case refused:
		i = refusalOf(&r)
	case whole && i.token != "":
	case requested && req.Kind == KindWebSocket:
		i = req
	case len(rows) > 0 && (rows[0].kind == KindLocal || tok == "" || rows[0].fault):
		i = Inspection{Kind: rows[0].kind, Is: rows[0].is}
	case whole && len(rows) == 0:
	case requested:
		i = req
	case tok != "":
		i = p.tokenText(tok)
	case whole:
	default:
		return p.leftOver()
	}
	i.related = rows
	if len(rows) > 0 {
		i.port = p.port(rows[0].From)
	}
	p.merge(&i, req, requested, tok)
	return i
}

// refusalOf is what Stream's error is told as.
func refusalOf(r *dress.Refusal) Inspection {
	r.Message, r.Operation, r.Key = sanitize.Shown(r.Message), sanitize.Shown(r.Operation), sanitize.Shown(r.Key)
	for n := range r.Also {
		r.Also[n] = sanitize.Shown(r.Also[n])
	}
	e := r.StreamError
	i := Inspection{Kind: KindError, Is: "Stream's error", Key: r.Key, Error: &e, refusal: r}
	if r.Sdk != "" {
		i.Is += ", as " + r.Sdk + " prints it"
	}
	if r.Loose {
		i.Is = "an error in Stream's words (nothing else in it says that it comes from Stream)"
	}
	return i
}

// merge adds to what a string is what else is in it.
func (p *pasted) merge(i *Inspection, req Inspection, requested bool, tok string) {
	if requested && i.Kind != req.Kind {
		i.Key = facts.First(i.Key, req.Key)
		i.UserID, i.UserName = facts.First(i.UserID, req.UserID), facts.First(i.UserName, req.UserName)
		i.URL, i.Method = facts.First(i.URL, req.URL), facts.First(i.Method, req.Method)
		i.ask = facts.First(i.ask, req.ask)
		i.session = i.session || req.session
		i.connects = i.connects || req.connects
		if i.Header == nil {
			i.Header = req.Header
		}
		if i.token == "" {
			i.token = req.token
		}
	}
	if i.token == "" {
		i.token = tok
	}
	a := p.assigned()
	i.Key = facts.First(i.Key, a.key)
	i.secret = a.secret
	if i.token != "" && i.Kind != KindToken && !affix.Contains(i.Is, "token") {
		i.Is += ", with a token"
	}
}

// tokenText is a string whose point is a token.
func (p *pasted) tokenText(tok string) Inspection {
	i := Inspection{Kind: KindToken, Is: "text with a token in it", token: tok}
	if t := tokens.Parse(p.Raw); t.Clean != "" && t.Header != nil && !amongWords(p.Raw, tokens.FindTokens(p.Raw)) {
		return Inspection{Kind: KindToken, Is: "a token", token: p.Raw}
	}
	if n := len(p.tokens()); n > 1 {
		i.Is = "text with several tokens in it, of which the likeliest is read"
	}
	return i
}

// leftOver reads what is not an error, a token or a request.
func (p *pasted) leftOver() Inspection {
	t := tokens.Parse(p.Raw)
	if t.Has(tokens.FlawEmpty) {
		return Inspection{Kind: KindToken, Is: "not a token: what was passed instead of one", token: p.Raw}
	}
	if word := longestWord(p.Text); affix.HasPrefix(word, "eyJ") && object(strings.Split(word, ".")[0])["alg"] != nil && word != p.Raw {
		return Inspection{Kind: KindToken, Is: "text with a part of a token in it", token: word}
	}
	if i, ok := salvaged(p.Text); ok {
		return i
	}
	if t.Clean != "" && t.Header != nil {
		return Inspection{Kind: KindToken, Is: "a token", token: p.Raw}
	}
	a := p.assigned()
	switch {
	case !a.secret.IsZero():
		return Inspection{Kind: KindSecret, Is: "text with a Stream API secret in it", Key: a.key, secret: a.secret}
	case a.key != "":
		return Inspection{Kind: KindKey, Is: "text with a Stream API key in it", Key: a.key}
	}
	if n, ok := onlyCode(p.Text); ok {
		return Inspection{Kind: KindUnknown, Is: "a number on its own: nothing says which service it comes from", number: n}
	}
	return unknown(p.Raw, t)
}

// page recognizes a page of HTML.
func (p *pasted) page() (Inspection, bool) {
	low := plain.Lower(p.Raw[:min(len(p.Raw), 512)])
	if !affix.HasPrefix(low, "<!doctype html") && !affix.HasPrefix(low, "<html") {
		return Inspection{}, false
	}
	i := Inspection{Kind: KindRelated, Is: "an HTML page, where a token endpoint returns JSON", related: []found{{related: &htmlPage}}}
	if affix.Contains(plain.Lower(p.Raw), "ngrok") {
		i.related = []found{{related: &tunnelPage}}
	}
	return i, true
}

// onlyCode recognizes a string that is a code and nothing more: 43, code 43, error code: 43.
func onlyCode(text string) (int, bool) {
	if len(text) > 40 {
		return 0, false
	}
	words := strings.FieldsFunc(plain.Lower(text), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') })
	code, found := 0, false
	for _, w := range words {
		switch w {
		case "error", "code", "stream", "getstream", "errorcode":
		default:
			n, ok := dress.NumberAt(w, 0)
			if !ok || found || !dress.KnownCode(n) {
				return 0, false
			}
			code, found = n, true
		}
	}
	return code, found
}

// tooling are programs whose network errors have nothing to do with a token.
var tooling = []string{"npm error", "npm err!", "registry.npmjs.org", "git clone", "fatal: unable to access", "docker pull", "pip install", "pypi.org", "apt-get", "cocoapods", "pod install", "gradle", "yarn install", "pnpm install", "rubygems.org", "go: downloading", "proxy.golang.org"}

// onlyTooling recognizes a string about installing something.
func (p *pasted) onlyTooling() bool {
	low := plain.Lower(p.Raw[:min(len(p.Raw), 1<<20)])
	for _, t := range tooling {
		if affix.Contains(low, t) {
			return true
		}
	}
	return false
}
