package dress

import (
	"cmp"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
	"badsig/tokens"
)

// Rules of this file:
//   - a message is Stream's sentence with what it goes on to say, without the quotes and fields around it

// messageAround is what an error says whose code is there.
func (p *Printed) messageAround(c codeAt) string {
	rest := p.Text[c.after:min(len(p.Text), c.after+40)]
	low := plain.Lower(rest)
	for _, lead := range []string{" and reason -", " and reason:", ", description:", ":", " -"} {
		if affix.HasPrefix(low, lead) && c.trust == 3 {
			start := c.after + len(lead)
			for start < len(p.Text) && p.Text[start] == ' ' {
				start++
			}
			if name := lead == ":" && affix.Contains(low, "and reason:"); name { // a code's name first
				start = c.after + strings.Index(low, "and reason:") + len("and reason:")
			}
			if m := plain.OneLine(p.Text[start:messageEnd(p.Text, start, false)]); m != "" {
				return m
			}
		}
	}
	if s, ok := p.operationNear(c.at); ok && s.From >= 0 {
		return plain.OneLine(p.Text[s.From:messageEnd(p.Text, s.From, false)])
	}
	best, gap := "", near
	for _, f := range FieldsIn(p.Text, max(0, c.at-near), min(len(p.Text), c.after+near), isMessage) {
		d := distance(f.at, plain.Spot{From: c.at, To: c.after})
		v := stringAt(p.Text, f.Val)
		if affix.HasPrefix(v, "{") || affix.HasPrefix(v, "[") || affix.HasPrefix(f.Name, "err") && v == "true" {
			continue
		}
		if f.at < c.at && (messageEnd(p.Text, f.Val, true) > c.at || strings.Count(v, "[") > strings.Count(v, "]") || strings.Count(v, "(") > strings.Count(v, ")")) {
			continue // the field that the whole error is in
		}
		if m := plain.OneLine(stringAt(p.Text, f.Val)); m != "" && d < gap {
			best, gap = m, d
		}
	}
	if best == "" { // the words before the object that has the code
		line := p.Text[strings.LastIndexByte(p.Text[:c.at], '\n')+1 : c.at]
		if n := strings.LastIndexByte(line, '{'); n > 0 {
			line = line[strings.LastIndex(line[:n], ": ")+1 : n]
			best = strings.TrimLeft(plain.OneLine(line), ": ")
		}
	}
	return best
}

// sentenceText is a sentence with what the same message goes on to say.
func (p *Printed) sentenceText(s said) string {
	from := s.From
	if i := strings.LastIndex(plain.Lower(p.Text[max(0, from-24):from]), "jwtauth error:"); i >= 0 {
		from = max(0, from-24) + i
	}
	if i := strings.LastIndex(plain.Lower(p.Text[max(0, from-80):from]), "json: cannot unmarshal"); i >= 0 {
		from = max(0, from-80) + i
		if j := strings.LastIndex(plain.Lower(p.Text[max(0, from-24):from]), "jwtauth error:"); j >= 0 {
			from = max(0, from-24) + j
		}
	}
	if s.kind == tokens.ErrDisabled { // which product comes first
		from = len(strings.TrimRight(p.Text[:from], " \n\t"))
		for from > 0 && plain.Letter(p.Text[from-1]) {
			from--
		}
	}
	lead := plain.OneLine(p.Text[from:s.From])
	to := messageEnd(p.Text, s.To, false)
	if s.To < len(p.Text) && (p.Text[s.To] == '"' || p.Text[s.To] == ')' || p.Text[s.To] == '}') {
		to = max(s.To, min(to, s.To))
	}
	tail := plain.OneLine(closedQuote(p.Text[s.To:to]))
	words := s.words
	if _, inner, ok := affix.Cut(words, "failed with error: \""); ok {
		words = inner
	}
	m := strings.TrimSpace(strings.TrimSpace(lead+" "+words) + glue(tail))
	if _, reason, ok := affix.Cut(m, " and reason"); ok && affix.HasPrefix(m, "AuthError") { // a code's name first
		if reason = strings.TrimLeft(reason, " :-"); reason != "" {
			return reason
		}
	}
	return m
}

// closedQuote cuts a sentence's tail at the quote that ends it.
func closedQuote(tail string) string {
	opened := false
	for i := range len(tail) {
		if tail[i] != '"' {
			continue
		}
		if !opened && i > 0 && tail[i-1] == ' ' {
			opened = true
			continue
		}
		if !opened {
			return tail[:i]
		}
		opened = false
	}
	return tail
}

// glue puts a space before words that go on, and none before a sign.
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

// unwrap removes the operation from a message.
func (r *Refusal) unwrap() {
	m := r.Message
	if op, rest, found := affix.Cut(m, " failed with error: "); found && op != "" && !affix.ContainsAny(op, "\n\"") {
		r.Operation = cmp.Or(r.Operation, op[strings.LastIndexByte(op, ' ')+1:])
		m = rest
	}
	m = strings.TrimRight(strings.TrimSpace(m), " ,;")
	for len(m) > 1 && (m[0] == '"' || m[0] == '\'') {
		m = affix.TrimSuffix(m[1:], m[:1])
	}
	for _, q := range []string{"\"", "'"} {
		if strings.Count(m, q)%2 == 1 {
			if affix.HasSuffix(m, q) {
				m = affix.TrimSuffix(m, q)
			} else if q == "'" && strings.LastIndex(m, " '") > 0 { // its last quote was taken for the end
				m += q
			}
		}
	}
	r.Message = m
}
