package cures

import (
	"net/url"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// HostOf is the loopback address that the URL in use has, where it is one literally; "" else.
func HostOf(f *facts.Facts) string {
	u, err := url.Parse(f.Target.URL)
	if err != nil || !facts.OneOf([]string{"127.0.0.1", "::1"}, u.Hostname()) {
		return ""
	}
	return u.Hostname()
}

// listensAt proposes to let the backend listen on the loopback address that the URL has.
func listensAt(x *View) []Proposal {
	code, p, host := facts.CodeOf(x.Facts), x.Facts.Process, HostOf(x.Facts)
	if code == nil || p == nil || len(p.Listeners) != 1 || host == "" {
		return nil
	}
	var out list
	files := []string{code.File, code.AppFile}
	for _, port := range code.Ports {
		files = append(files, port.File)
	}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		for i, line := range x.lines(file) {
			for _, l := range literals(line) {
				if at := (place{file: file, line: i + 1, text: line, from: l[0], to: l[1]}); at.inner() == p.Listeners[0].Address && envRead(file, "X") != "" {
					out.add(at, host, "listen on "+host+", the address that the URL has")
				}
			}
		}
	}
	return out
}

// StreamField is the one field of the response that has a token which Stream's app signed; "" where there is none, or several.
func StreamField(f *facts.Facts) string {
	field, tr := "", facts.TruthOf(f)
	for i := range f.Tokens {
		t := &f.Tokens[i]
		h := facts.BestHit(f, t)
		if t.Source != "backend" || t.Field == "" || h == nil || len(h.Damages) > 0 || !tr.Fps[h.Signed] {
			continue
		}
		if field != "" && field != t.Field {
			return ""
		}
		field = t.Field
	}
	if strings.Trim(field, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return ""
	}
	return field
}

// streamsToken proposes to read Stream's token from a response that has another service's, too.
func streamsToken(x *View) []Proposal {
	fetch, field := x.Facts.Fetch(), StreamField(x.Facts)
	if fetch == nil || field == "" || fetch.Takes == "" || fetch.Takes == field {
		return nil
	}
	var out list
	for n := fetch.Line; n < fetch.Line+12; n++ {
		line := x.Line(fetch.File, n)
		for _, p := range paths(fetch.File, line, n) {
			text := "read Stream's token, " + field + ", from the response"
			switch rest := strings.TrimLeft(line[p.to:], " "); {
			case p.inner() == fetch.Takes && affix.HasSuffix(strings.TrimRight(line[:p.from], " "), "{") && affix.HasPrefix(rest, "}"):
				out.add(p, field+": "+fetch.Takes, text) // const { token } = await r.json()
			case affix.HasSuffix(p.inner(), "."+fetch.Takes) && !affix.HasPrefix(rest, "("):
				out.add(p.sub(p.to-len(fetch.Takes), p.to), field, text)
			case p.inner() == fetch.Takes && affix.HasSuffix(line[:p.from], ")."):
				out.add(p, field, text)
			}
		}
	}
	return out
}
