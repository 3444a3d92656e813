package parts

import (
	"cmp"
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
)

// A CORSUse is how a library of JavaScript allows a page's origin.
type CORSUse struct {
	Line    string // to be added before the routes; "" where headers are set by hand
	Package string // has to be installed for it; "" for none
}

// CORSOf is how the library that a backend is written with allows an origin.
func CORSOf(code *facts.ServerCode, origin string, credentials bool) CORSUse {
	options := fmt.Sprintf("{ origin: '%s' }", origin)
	if credentials {
		options = fmt.Sprintf("{ origin: '%s', credentials: true }", origin)
	}
	if code == nil {
		return CORSUse{"app.use(cors(" + options + "))", "cors"}
	}
	app := code.App
	switch code.AppMaker {
	case "fastify", "Fastify":
		return CORSUse{"await " + app + ".register(cors, " + options + ")", "@fastify/cors"}
	case "new Hono":
		return CORSUse{app + ".use('*', cors(" + options + "))", ""}
	case "new Koa":
		return CORSUse{app + ".use(cors(" + options + "))", "@koa/cors"}
	case "new Elysia":
		return CORSUse{app + ".use(cors(" + options + "))", "@elysiajs/cors"}
	case "NestFactory.create":
		if app == "" {
			app = "app"
		}
		return CORSUse{app + ".enableCors(" + options + ")", ""}
	}
	if app == "" {
		return CORSUse{}
	}
	return CORSUse{app + ".use(cors(" + options + "))", "cors"}
}

// CORSEdit is the line to edit where an option of the library keeps the page out, and what to set: of an origin that a
// variable holds, the file that sets it.
func CORSEdit(f *facts.Facts, code *facts.ServerCode, option int) (*finding.Location, string) {
	at, text := finding.LocAt(code.CORSFile, option), allowing(f.Target.Origin)
	switch from := CORSFrom(f); {
	case option == code.CORSCookies && option != code.CORSOrigin:
		text = "set credentials: true"
	case from != nil && option == code.CORSOrigin:
		at, text = finding.LocAt(from.File, from.Line), "write the page's origin: "+f.Target.Origin
		if from.Name != "" {
			text = "set " + from.Name + "=" + f.Target.Origin
		}
	}
	return at, text
}

// allowing is the option that allows an origin.
//
//go:noinline
func allowing(origin string) string { return "allow the page's origin: origin: '" + origin + "'" }

// CORSFrom is what sets the origin that the server allows, as far as a variable holds it.
func CORSFrom(f *facts.Facts) *facts.Read {
	if f.Server == nil {
		return nil
	}
	return f.Server.CORSFrom
}

// CORSHeaders is what allows an origin where no library does.
func CORSHeaders(origin string, credentials bool) string {
	text := "respond to OPTIONS with 204, and to both requests with Access-Control-Allow-Origin: " + origin + " and Access-Control-Allow-Headers: Content-Type"
	if credentials {
		text += " and Access-Control-Allow-Credentials: true"
	}
	return text
}

// Barred is the line of a server that keeps a page's request out, why, and the edit; nil where nothing shows that it does:
//   - a server of which nothing allows another origin lets no page read its response, no matter what the page's origin is
//   - a server that allows pages of this machine, and names each of their ports, allows no page of another
//   - cookies need credentials: true, and a page that a dev server hands out never has the origin of the backend itself
func Barred(s *facts.ServerCode, x *facts.Fetch, page string, sure bool) (at *finding.Location, why, do string) {
	switch {
	case s.CORSLacks == "all":
		return finding.LocAt(facts.First(s.AppFile, s.File), s.AppLine), "nothing in the backend allows another origin", "add " + CORSOf(s, page, x.Credentials).Line + " before the routes"
	case s.CORSLacks == "cookies" && x.Credentials:
		return finding.LocAt(s.CORSFile, cmp.Or(s.CORSCookies, s.CORSLine)), "the request carries cookies, and the backend doesn't allow them", "set credentials: true"
	case s.CORSLacks == "origin":
		return finding.LocAt(s.CORSFile, cmp.Or(s.CORSOrigin, s.CORSLine)), "the backend allows its own origin instead of the page's", allowing(page)
	case sure && otherPorts(s.CORSOnly, page):
		return finding.LocAt(facts.First(s.CORSOnlyFile, s.CORSFile), cmp.Or(s.CORSOnlyLine, s.CORSLine)), "the backend allows " + strings.Join(s.CORSOnly, " and ") + ", the page is " + page, "allow the page's origin: '" + page + "'"
	}
	return nil, "", ""
}

// otherPorts reports origins of which one or more are this machine's, and none has the page's port.
func otherPorts(origins []string, page string) bool {
	local := false
	_, asks := loopback.HostPort(page)
	for _, o := range origins {
		host, port := loopback.HostPort(o)
		local = local || loopback.LocalHost(host)
		if port == asks && !affix.HasSuffix(o, "/") { // no browser sends a slash at the end
			return false
		}
	}
	return local
}
