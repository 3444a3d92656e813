// Package dress finds Stream's error in what SDKs, servers, browsers and logs print it as: its code,
// message, key and operation, and who printed it.
package dress

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
	"badsig/tokens"
)

// Rules of this file:
//   - Stream's sentences tell before its codes do: code 5 is a token that cannot be read, and an older wrong signature
//   - words that others use too count only where something says that they are Stream's
//   - what is quoted is in the text; nothing is filled in

// near is how far from a sentence the code may be that belongs to it.
const near = 1500

// Refusal is Stream's error as a string has it.
type Refusal struct {
	tokens.StreamError
	Sdk   string   // who printed it, "" where nothing says so
	Also  []string // what else Stream said in the same text, in words
	Loose bool     // worded as Stream's, and nothing else says that it is
}

// Printed is one string with what the readers of Stream's error need of it.
type Printed struct {
	Raw      string // as it came, without what surrounds it
	Text     string // cleaned
	Q        *plain.Squeezed
	evidence evidence
}

// NewPrinted prepares a string for its readers.
func NewPrinted(raw string) *Printed {
	text := plain.Clean(raw)
	return &Printed{Raw: raw, Text: text, Q: plain.Squeeze(text), evidence: evidenceOf(raw)}
}

// ReadRefusal finds Stream's error in a cleaned text.
func ReadRefusal(p *Printed) (Refusal, bool) {
	all := SentencesIn(p.Q)
	codes := codesIn(p)
	var r Refusal
	switch {
	case len(all) > 0 && (all[0].own || p.belongs(all[0], codes)):
		r = p.fromSentence(all[0], codes)
		if r.Code == 0 {
			r.Code, _ = p.codeInWords(all[0])
		}
	case len(all) > 0 && p.bare(all[0]):
		r = p.fromSentence(all[0], nil)
		r.Loose = true
	default:
		c, ok := trusted(codes)
		if !ok {
			return r, false
		}
		r = p.fromCode(c)
	}
	if r.Sdk == "" {
		r.Sdk = p.printedBy()
	}
	for _, s := range all {
		if s.own && s.kind != r.Kind && s.kind != tokens.ErrMalformed && len(r.Also) < 3 {
			r.Also = append(r.Also, plain.OneLine(p.sentenceText(s)))
		}
	}
	return r, true
}

// fromSentence builds the error around a sentence.
func (p *Printed) fromSentence(s said, codes []codeAt) Refusal {
	r := Refusal{StreamError: tokens.StreamError{Kind: s.kind}}
	best, found := codeAt{}, false
	rank := func(c codeAt) int {
		n := -distance(c.at, s.Spot)
		if fits(c.n, s.kind) {
			n += 1 << 20
		}
		if c.trust >= 2 {
			n += 1 << 18
		}
		return n
	}
	for _, c := range codes {
		if c.n == 0 || c.trust < 2 && (distance(c.at, s.Spot) > near || !fits(c.n, s.kind)) {
			continue
		}
		if !found || rank(c) > rank(best) {
			best, found = c, true
		}
	}
	r.Code, r.Sdk = best.n, best.sdk
	r.Message = p.sentenceText(s)
	r.Operation = p.operationBefore(s.From)
	if affix.HasPrefix(s.words, "failed with error") {
		r.Operation = p.operationBefore(s.From + len("failed with error"))
	}
	if s.kind == tokens.ErrSignature {
		r.Key = p.keyNamed(s.To)
		if r.Key != "" {
			r.Message = "JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"" + r.Key + "\""
		}
	}
	r.Status = p.statusNear(s.Spot, r.Code)
	r.Feeds = p.feeds(s.Spot)
	return r
}

// fromCode builds the error around a code whose message is none of the sentences.
func (p *Printed) fromCode(c codeAt) Refusal {
	r := Refusal{StreamError: tokens.StreamError{Code: c.n}, Sdk: c.sdk}
	r.Message = p.messageAround(c)
	r.Status = p.statusNear(plain.Spot{From: c.at, To: c.after}, c.n)
	r.Feeds = p.feeds(plain.Spot{From: c.at, To: c.after})
	r.unwrap()
	r.Kind = KindOfCode(&r.StreamError)
	return r
}

// operationBefore is X of X failed with error, right before a place.
func (p *Printed) operationBefore(at int) string {
	head := p.Text[max(0, at-160):at]
	i := strings.LastIndex(plain.Lower(head), "failed with error")
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

// keyNamed is the key that is in quotes after a sentence about the secret.
func (p *Printed) keyNamed(at int) string {
	text := p.Text[at:min(len(p.Text), at+120)]
	if i := strings.Index(plain.SqueezeWord(text), "forapikey"); i >= 0 { // the shorter sentence was found
		s, _ := p.Q.Find("forapikey", at)
		text = p.Text[s.To:min(len(p.Text), s.To+120)]
	} else if !affix.HasSuffix(plain.SqueezeWord(p.Text[max(0, at-12):at]), "apikey") {
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
	if quoted && end >= 0 && end <= 64 && affix.ContainsAny(text[:end], "\n ") && len(strings.Fields(text[:end])) <= 3 {
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
