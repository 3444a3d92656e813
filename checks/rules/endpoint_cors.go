package rules

import (
	"fmt"
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/older"
	"badsig/checks/rules/parts"
	"badsig/checks/shell"
)

// Rules of this file (those of the Fetch standard are in probe's AllowsOrigin and AllowsPreflight):
//   - the same origin, and what a dev server's proxy forwards, needs no permission
//   - if the origin is only a guess, one likely origin that is allowed is enough, or a fixed one on this machine
//   - the response's own header counts as well as the preflight's

// EndpointCORS finds cors-blocked.
func EndpointCORS(f *facts.Facts) finding.Result {
	a := facts.MainAnswer(f)
	if a == nil || a.Status == 0 {
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "there is no response to read"))
	}
	origin := f.Target.Origin
	if why := needsNoCORS(f, origin); why != "" {
		return finding.Passed(why)
	}
	if older.NotReady(f, a) != nil {
		return finding.Unsure("the server isn't ready yet")
	}
	if origin == "" {
		return unsettled("nothing names the front end's address", originKnown(f), nil)
	}
	fetch := facts.FrontFetch(f)
	cookies := fetch != nil && fetch.Credentials
	ev := corsEvidence(f, a, origin)
	why := ""
	if p := f.Backend.Preflight; p != nil {
		if p.Status == 0 {
			return finding.Unsure("no response to the preflight: "+facts.First(p.Detail, p.Error), ev...)
		}
		why = p.AllowsPreflight(origin, a.Method, facts.AskedHeaders(a.Form, fetch), cookies)
	}
	if why == "" && a.Status/100 == 2 && a.Origin != "" {
		if why = a.AllowsOrigin(origin, cookies); why != "" && f.Backend.Preflight != nil {
			why = "the preflight passes, but the response itself doesn't: " + why
		}
	}
	if why == "" && (a.Status == 401 || a.Status == 403) && a.Origin != "" && f.Backend.Preflight == nil && a.AllowsOrigin(origin, cookies) != "" {
		return finding.Unsure(fmt.Sprintf("the response with %d lets no page on %s read it; whether one with a token does isn't known", a.Status, origin), ev...)
	}
	if why == "" && f.Backend.Preflight == nil && a.Origin == "" && !f.Request().Origin.Sure() {
		return unsettled("no Origin was sent, because nothing names the front end's", originKnown(f), nil)
	}
	if why == "" {
		return finding.Passed("pages on "+origin+" may read the response", ev...)
	}
	if guessed(f) {
		if ok := allowedOther(f, a); ok != "" {
			return finding.Passed("the server allows "+ok, ev...)
		}
	}
	if app := appForPhones(f); app != "" {
		c := finding.Lesser(corsCause(f, why, ev))
		c.Certainty = finding.Likely
		c.Summary = app + " needs no permission on a phone; in a browser it does. " + c.Summary
		return finding.Found("an app on a phone may read the response; pages on "+origin+" may not: "+why, ev, c)
	}
	c := corsCause(f, why, ev)
	if guessed(f) && noPage(f) {
		c = finding.Lesser(c)
		c.Certainty = finding.Likely
		c.Summary = "badsig found no front end here, so it doesn't know whether a browser requests this. " + c.Summary
	}
	return finding.Found("the browser blocks pages on "+origin+" from reading the response: "+why, ev, c)
}

// noPage reports whether nothing in the project runs in a browser.
func noPage(f *facts.Facts) bool {
	return f.Project != nil && len(f.Project.Origins) == 0 && len(f.Project.Fetches) == 0
}

// needsNoCORS says why the browser doesn't need CORS here; "" if it does.
func needsNoCORS(f *facts.Facts, origin string) string {
	u, err := url.Parse(f.Target.URL)
	if err != nil {
		return ""
	}
	if origin != "" && sameOrigin(origin, u) {
		return "page and endpoint have the same origin"
	}
	if f.Target.OriginSource == "flag" || f.Project == nil {
		return ""
	}
	fetch := facts.FrontFetch(f)
	if fetch != nil && fetch.Native && !fetch.Web {
		return fmt.Sprintf("an app requests it (%s), not a page in a browser", finding.LocAt(fetch.File, fetch.Line))
	}
	if apps := f.Project.Apps; fetch == nil && len(apps) > 0 && guessed(f) && !affix.Any(apps, func(a facts.NativeApp) bool { return a.Web }) {
		return fmt.Sprintf("the front end is an app (%s, %s), not a page in a browser", apps[0].Kind, apps[0].File)
	}
	if fetch == nil && !affix.Any(f.Project.Fetches, func(x facts.Fetch) bool { return !ownOrigin(&x) }) && len(f.Project.Fetches) > 0 {
		fetch = &f.Project.Fetches[0] // where its proxy sends it wasn't read
	}
	if fetch != nil && ownOrigin(fetch) {
		return fmt.Sprintf("the front end requests its own origin (%s), and a proxy forwards it", finding.LocAt(fetch.File, fetch.Line))
	}
	return ""
}

// ownOrigin reports whether a page requests its own origin.
func ownOrigin(x *facts.Fetch) bool {
	return x.Proxied || affix.HasPrefix(x.URL, "/") && !affix.HasPrefix(x.URL, "//")
}

// appForPhones names the front end if it is an app that can also be built for
// the web, and nothing shows that it is; "" otherwise.
func appForPhones(f *facts.Facts) string {
	if f.Target.OriginSource == "flag" || f.Project == nil {
		return ""
	}
	if fetch := facts.FrontFetch(f); fetch != nil {
		if fetch.Native && fetch.Web {
			return fmt.Sprintf("The app that requests it (%s)", finding.LocAt(fetch.File, fetch.Line))
		}
		return ""
	}
	for _, a := range f.Project.Apps {
		if a.Web && (guessed(f) || a.Kind == "Expo" || a.Kind == "React Native") {
			return fmt.Sprintf("The %s app (%s)", a.Kind, a.File)
		}
	}
	return ""
}

func sameOrigin(origin string, u *url.URL) bool {
	o, err := url.Parse(origin)
	if err != nil {
		return false
	}
	_, asks := loopback.HostPort(origin)
	_, asked := loopback.HostPort(u.String())
	return o.Scheme == u.Scheme && strings.EqualFold(o.Hostname(), u.Hostname()) && asks == asked
}

func guessed(f *facts.Facts) bool {
	return f.Target.OriginSource == "guess" || f.Target.OriginSource == "default"
}

// allowedOther is another origin that the server surely allows; "" for none.
func allowedOther(f *facts.Facts, a *facts.Answer) string {
	for _, o := range f.Backend.Origins {
		if o.Allowed {
			return o.Origin
		}
	}
	for _, x := range []*facts.Answer{f.Backend.Preflight, a} {
		if x == nil {
			continue
		}
		named, err := url.Parse(x.Header["Access-Control-Allow-Origin"])
		if err != nil || named.Scheme == "" || named.Host == "" || named.Path != "" {
			continue
		}
		// A page that uses a server on this machine is most likely on this machine, too.
		if host, _ := loopback.HostPort(f.Target.URL); loopback.LocalHost(named.Hostname()) || !loopback.LocalHost(host) {
			return named.String()
		}
	}
	return ""
}

// originFrom says where the page's origin is from.
func originFrom(f *facts.Facts) string {
	switch s := facts.First(f.Target.OriginSource, "flag"); s {
	case "flag":
		return "--origin"
	case "guess":
		return "guessed: no front end names its address"
	default:
		return s
	}
}

func corsEvidence(f *facts.Facts, a *facts.Answer, origin string) []finding.Evidence {
	source := originFrom(f)
	ev := []finding.Evidence{{Label: "the page's origin", Got: origin, Source: source}}
	add := func(x *facts.Answer, label string) {
		ev = append(ev, finding.Evidence{
			Label: label, Got: fmt.Sprintf("%d, Access-Control-Allow-Origin: %s", x.Status, facts.First(x.Header["Access-Control-Allow-Origin"], "missing")),
			Want: "Access-Control-Allow-Origin: " + origin, Source: request(x),
		})
	}
	if p := f.Backend.Preflight; p != nil && p.Status != 0 {
		add(p, "preflight")
	}
	if a.Status/100 == 2 {
		add(a, "response")
	}
	return ev
}

// corsCause is the finding, with the middleware that fixes it.
func corsCause(f *facts.Facts, why string, ev []finding.Evidence) finding.Cause {
	origin := f.Target.Origin
	loc := appAt(f)
	fetch := f.Fetch()
	credentials := fetch != nil && fetch.Credentials
	code := facts.CodeOf(f)
	use := parts.CORSOf(code, origin, credentials)
	var fix []finding.Step
	switch {
	case code != nil && !inNode(code):
		fetch := facts.FrontFetch(f)
		fix = parts.CORSSteps(code, origin, fetch != nil && fetch.Credentials, loc)
	case code != nil && use.Line == "":
		fix = []finding.Step{{Text: parts.Sentence(parts.InLine(loc) + parts.CORSHeaders(origin, credentials))}}
	case code != nil && corsOption(f, code) > 0 && (corsOption(f, code) != code.CORSLine || parts.CORSFrom(f) != nil):
		var text string
		loc, text = parts.CORSEdit(f, code, corsOption(f, code))
		fix = []finding.Step{{Text: parts.Sentence(parts.InLine(loc) + text)}}
	case code != nil && code.CORSFile != "":
		fix = []finding.Step{{Text: parts.Sentence(parts.InLine(loc) + "allow the origin before the routes: " + use.Line)}}
	default:
		if code != nil && !code.CORS && use.Package != "" {
			fix = []finding.Step{{Text: "Install the middleware, if it isn't installed yet", Command: shell.ShellIn(code.Dir, "npm install "+use.Package)}}
		}
		fix = append(fix, finding.Step{Text: parts.Sentence(parts.InLine(loc) + "add " + use.Line + " before the routes")})
	}
	fix = append(fix, parts.RestartStep(f))
	if guessed(f) {
		fix = append(fix, finding.Step{Text: "If your page has another address, give it", Command: Again(f, "origin", "--origin http://localhost:PORT")})
	}
	certainty := finding.Proven
	if guessed(f) && affix.Any(ev, func(e finding.Evidence) bool {
		return affix.Contains(e.Got, "://") && affix.Contains(e.Got, "Access-Control-Allow-Origin")
	}) {
		certainty = finding.Likely // another page is allowed, and whose that is isn't known
	}
	return finding.New(causes.CORSBlocked, certainty,
		fmt.Sprintf("CORS: the browser blocks pages on %s from reading the response (%s). curl works because it ignores CORS.", origin, why), loc, ev, fix...)
}

// corsOption is the line of the option that keeps the page out, 0 where the call has none.
func corsOption(f *facts.Facts, code *facts.ServerCode) int {
	x, line := facts.MainAnswer(f), code.CORSOrigin
	if p := f.Backend.Preflight; p != nil && p.Status != 0 {
		x = p
	}
	switch {
	case x == nil || x.AllowsOrigin(f.Target.Origin, true) == "": // it is a header, a method or the status
		line = 0
	case x.AllowsOrigin(f.Target.Origin, false) == "" && x.Header["Access-Control-Allow-Origin"] != "*":
		line = code.CORSCookies
	}
	return line
}
