package fix

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
	"badsig/tokens"
)

// Rules of this file:
//   - where the source isn't followed to the end, a proof is what the run has shown of a line, and that this line alone was changed

// changed gives the one line that an edit has changed, as it was and as it is; ok is false where there are several.
func changed(b *bench, after *state) (file, was, is string, n int, ok bool) {
	if len(after.layer) != 1 {
		return
	}
	for f := range after.layer {
		file = f
	}
	for i := 1; i <= maxLines; i++ {
		w, s := b.line(b.base, file, i), b.line(after, file, i)
		if w == s {
			continue
		}
		if n > 0 {
			return file, "", "", 0, false
		}
		was, is, n = w, s, i
	}
	return file, was, is, n, n > 0
}

// lines are a file's lines as they were read.
func lines(b *bench, file string) []string {
	data, _ := b.view.Read(file)
	return strings.Split(string(data), "\n")
}

// undone reports whether the call that did to the secret what the token shows is left out: the token verifies
// with the right secret of a file and this one change.
func undone(b *bench, c *finding.Cause, after *state, rights []tokens.Secret) bool {
	h := facts.BestHit(b.report.Facts, facts.JudgedToken(b.report.Facts))
	if h == nil || len(h.Damages) != 1 || c.Certainty != finding.Proven {
		return false
	}
	v := facts.ValueAt(b.report.Facts, h.Candidate)
	if v == nil || v.Kind != facts.KindEnvFile && v.ID != b.report.Facts.Target.DashboardSecret || !affix.Any(rights, b.world.Secret(v.ID).Equal) {
		return false
	}
	file, _, _, n, ok := changed(b, after)
	if !ok {
		return false
	}
	data, _ := b.view.Read(file)
	was, is := cures.Code(file, data), cures.Code(file, after.layer[file])
	if n > min(len(was), len(is)) || !cures.AboutSecret(is[n-1]) || !cures.Changes(c.ID, was[n-1], was) || cures.Changes(c.ID, is[n-1], was) {
		return false
	}
	read := facts.ValueAt(after.facts, server(after.facts)) // what the code reads, as far as it's followed, is right
	return read == nil || affix.Any(rights, after.world.Secret(read.ID).Equal)
}

// rebound reports whether the backend's listen call, which had the address that the process listens on as a
// literal, has the one of the URL.
func rebound(b *bench, c *finding.Cause, after *state) bool {
	p := b.report.Facts.Process
	_, was, is, _, ok := changed(b, after)
	if !ok || p == nil || len(p.Listeners) != 1 || c.Certainty != finding.Proven || c.ID != causes.ServerFamily {
		return false
	}
	host := cures.HostOf(b.report.Facts)
	quoted := func(line, s string) bool {
		return affix.Contains(line, "'"+s+"'") || affix.Contains(line, `"`+s+`"`)
	}
	return host != "" && quoted(was, p.Listeners[0].Address) && !quoted(is, p.Listeners[0].Address) && quoted(is, host)
}

// takes reports whether the front end reads, after the edit, the field of the response that has Stream's token.
func takes(b *bench, c *finding.Cause, after *state) bool {
	field := cures.StreamField(b.report.Facts)
	fetch := after.facts.Fetch()
	return field != "" && c.Certainty == finding.Proven && fetch != nil && fetch.Takes == field
}

// moved reports whether all that the edit did is to put what responds to every request below the routes.
func moved(b *bench, code *facts.ServerCode, after *state) bool {
	was, is := lines(b, code.AppFile), strings.Split(string(after.layer[code.AppFile]), "\n")
	first, end, to, ok := cures.CatchAll(was, code.App)
	_, _, _, still := cures.CatchAll(is, code.App)
	e := b.base.facts.Entry()
	return ok && !still && len(after.layer) == 1 && e != nil && e.Site >= 0 && slices.Equal(is, slices.Concat(was[:first], was[end:to], was[first:end], was[to:]))
}

// unprefixed reports whether what the one changed line added to the ID is what the token's ID has besides the request's.
func unprefixed(b *bench, after *state) bool {
	t, id := facts.JudgedToken(b.report.Facts), b.report.Facts.Target.UserID
	_, was, is, _, ok := changed(b, after)
	if !ok || t == nil || id == "" || !signsID(after.facts) {
		return false
	}
	got, _ := t.Claims["user_id"].(string)
	pre, post, ok := affix.Cut(got, id)
	name := facts.IDName(after.facts.MainNames(after.facts.Fetch()))
	for _, put := range []string{name, "req.body." + name} {
		for _, added := range []string{"`" + pre + "${" + put + "}" + post + "`", "'" + pre + "' + " + put, put + " + '" + post + "'"} {
			if ok && pre+post != "" && (!affix.Contains(added, "'") || pre == "" || post == "") && strings.Replace(was, added, put, 1) == is {
				return true
			}
		}
	}
	return false
}

// apart reports whether the edit ends that getInstance gives the client of another call, where the code that signs reads
// the app's secret: the response has failed for the lack of one, or its token is signed with the other call's literal.
func apart(b *bench, c *finding.Cause, after *state, rights []tokens.Secret) bool {
	f := b.report.Facts
	_, was, is, _, ok := changed(b, after)
	w := facts.ValueAt(f, server(f))
	if given := w != nil && w.Kind == facts.KindProcess && affix.Any(rights, b.world.Secret(w.ID).Equal) && !changes(after.facts); !ok || after.facts.Server == nil || !given && !b.signsRight(after, rights) {
		return false
	}
	secret, own := cures.Apart(was, is, after.facts.Server.SecretName)
	failed := f.Backend != nil && len(f.Backend.Posts) > 0 && f.Backend.Posts[0].Status >= 500
	return c.ID == causes.SecretMissing && secret && failed || own && b.proven(c) && c.ID != causes.SecretMissing && affix.Contains(b.line(b.base, c.Location.File, c.Location.Line), "getInstance(")
}

// sendsCookies reports whether all that the edit did is to allow cookies in what allows the page's origin already.
func sendsCookies(b *bench, after *state) bool {
	_, was, is, _, ok := changed(b, after)
	all, fetch := b.report.Facts.Backend, b.base.facts.Fetch()
	return ok && fetch != nil && fetch.Credentials && all != nil && len(all.Posts) > 0 && all.Posts[0].Header["Access-Control-Allow-Origin"] == b.report.Facts.Target.Origin &&
		all.Posts[0].Header["Access-Control-Allow-Credentials"] != "true" && affix.Contains(was, "cors(") && strings.Replace(is, ", credentials: true", "", 1) == was
}

// letIn reports whether a condition that lets requests without an origin pass lets the page's pass, too, after the edit.
func letIn(b *bench, after *state) bool {
	_, was, is, _, ok := changed(b, after)
	before, rest, put := affix.Cut(is, " === '"+b.report.Facts.Target.Origin+"'")
	at := strings.LastIndex(before, " || ")
	return ok && put && at > 0 && before[:at]+rest == was && affix.HasSuffix(before[:at], "!"+before[at+len(" || "):])
}
