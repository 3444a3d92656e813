package fix

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// Rules of this file:
//   - what is in a response is right where the line that sends it is, and that line alone was changed

// awaits reports whether all that the edit did is to wait for the call whose promise was sent as the token.
func (b *bench) awaits(c *finding.Cause, after *state) bool {
	if !b.proven(c) || len(after.layer) != 1 || !cures.SentPromise(c) {
		return false
	}
	for file, data := range after.layer {
		was, err := b.view.Read(file)
		if err != nil || len(data) != len(was)+len("await ") || !affix.Contains(string(data), "await ") {
			return false
		}
		i := 0
		for i < len(was) && was[i] == data[i] {
			i++
		}
		for ; i >= 0; i-- { // the first character that differs may be one that both begin with
			if affix.HasPrefix(string(data[i:]), "await ") && string(data[i+len("await "):]) == string(was[i:]) {
				return true
			}
		}
	}
	return false
}

// sends reports whether the line of the response has the token after the edit, which it hadn't.
func (b *bench) sends(c *finding.Cause, after *state) bool {
	fetch := b.report.Facts.Fetch()
	if !b.proven(c) || fetch == nil || fetch.Takes == "" || len(runningSites(after.facts)) == 0 {
		return false
	}
	was, is := b.line(b.base, c.Location.File, c.Location.Line), b.line(after, c.Location.File, c.Location.Line)
	null := affix.Contains(was, fetch.Takes+": null")
	return (null || !affix.Contains(strings.ToLower(was), "token")) && !affix.Contains(is, ": null") && affix.Contains(is, "{ "+fetch.Takes)
}

// renamesField reports whether the line of the response calls the token, after the
// edit, what the front end calls it.
func (b *bench) renamesField(c *finding.Cause, after *state) bool {
	fetch, old := b.report.Facts.Fetch(), cures.TokenField(c)
	if c.Location == nil || fetch == nil || fetch.Takes == "" || old == "" {
		return false
	}
	was, is := b.line(b.base, c.Location.File, c.Location.Line), b.line(after, c.Location.File, c.Location.Line)
	return strings.Replace(was, old+":", fetch.Takes+":", 1) == is || strings.Replace(was, "{ "+old, "{ "+fetch.Takes+": "+old, 1) == is
}

// headersRight reports whether the header that is set by hand allows the page's
// origin after the edit, or the type of its body, where that was what was missing.
func (b *bench) headersRight(c *finding.Cause, after *state) (ok bool, said string) {
	all, t := b.report.Facts.Backend, b.report.Facts.Target
	if !b.proven(c) || all == nil || len(all.Posts) == 0 || all.Preflight == nil || all.Preflight.Status/100 != 2 {
		return false, ""
	}
	if _, was, is, _, ok := changed(b, after); ok && allowsMore(b, was, is) {
		return true, "after this edit, the server allows the headers that the front end sends"
	}
	file := c.Location.File
	for n := 1; n <= maxLines; n++ {
		line := b.line(after, file, n)
		if line == b.line(b.base, file, n) {
			continue
		}
		allowed := all.Preflight.Header["Access-Control-Allow-Origin"]
		switch {
		case affix.Contains(line, "Access-Control-Allow-Origin") && affix.Contains(line, t.Origin):
			return allowed != t.Origin && allowed != "*" && allowed == all.Posts[0].Header["Access-Control-Allow-Origin"], "after this edit, the server's header names the page's origin"
		case affix.Contains(line, "Access-Control-Allow-Headers") && affix.Contains(line, "Content-Type"):
			return all.Preflight.Header["Access-Control-Allow-Headers"] == "" && (allowed == t.Origin || allowed == "*"), "after this edit, the server allows the Content-Type header"
		}
		return false, ""
	}
	return false, ""
}

// allowsMore reports whether a list of headers, which was seen at work, has those of the front end's request, too.
func allowsMore(b *bench, was, is string) bool {
	names, p, t := cures.Unallowed(b.report.Facts), b.report.Facts.Backend.Preflight, b.report.Facts.Target
	allowed := p.Header["Access-Control-Allow-Origin"]
	if len(names) == 0 || p.Header["Access-Control-Allow-Headers"] == "" || allowed != "*" && allowed != t.Origin || !affix.Contains(strings.ToLower(was), "headers") {
		return false
	}
	for h := range strings.SplitSeq(p.Header["Access-Control-Allow-Headers"], ",") {
		if !affix.Contains(strings.ToLower(was), strings.ToLower(strings.TrimSpace(h))) {
			return false
		}
	}
	for _, n := range names {
		if affix.Contains(strings.ToLower(was), n) || !affix.Contains(strings.ToLower(is), n) {
			return false
		}
	}
	return true
}

// unstored reports whether the header that lets caches keep the response says no-store now.
func unstored(b *bench, after *state) bool {
	all := b.report.Facts.Backend
	if all == nil || len(all.Posts) == 0 || len(after.layer) != 1 {
		return false
	}
	sent := all.Posts[0].Header["Cache-Control"]
	for file := range after.layer {
		return b.names(after, file, "no-store") && !b.names(b.base, file, "no-store") && b.names(b.base, file, sent) && !b.names(after, file, sent)
	}
	return false
}

// handsOut reports whether the response has, after the edit, a token for the user of the request, which it hadn't,
// or has it alone.
func handsOut(b *bench, c *finding.Cause, after *state) bool {
	if !b.proven(c) || !gives(after.facts) || !signsID(after.facts) {
		return false
	}
	rights := b.view.Rights()
	if len(rights) == 0 && !b.kept(c, after) || len(rights) > 0 && !b.signsRight(after, rights) {
		return false
	}
	_, was, is, _, ok := changed(b, after)
	return !gives(b.base.facts) || !signsID(b.base.facts) || c.ID == causes.TokenForeign && len(rights) > 0 && !b.signsRight(b.base, rights) || ok && c.ID == causes.TokenMissing && strings.Replace(was, "res.write(", "console.log(", 1) == is ||
		c.ID == causes.ServerHangs && endless(lines(b, c.Location.File)) > endless(strings.Split(string(after.layer[c.Location.File]), "\n"))
}

// endless counts the lines that wait for a promise which never settles.
func endless(all []string) (n int) {
	for _, l := range all {
		if affix.Contains(l, "new Promise(() => {})") {
			n++
		}
	}
	return n
}

// gives reports whether the endpoint's response has a signing call's token under the name that the front end reads.
func gives(f *facts.Facts) bool {
	e, fetch := f.Entry(), f.Fetch()
	return e != nil && fetch != nil && fetch.Takes != "" && e.Site >= 0 && affix.Any(e.Gives, func(g facts.Gift) bool { return g.Field == facts.First(fetch.TakesPath, fetch.Takes) })
}
