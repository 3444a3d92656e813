package servers

import (
	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - what is between a request and its handler may give the request another path, method or body, and the response
//     other fields: source that does so makes both sides' names unknown, no matter what each of them says
//   - a middleware that only looks (a logger, a guard) changes nothing

// The packages that change paths or methods on the way, or hand requests on, and those that change names of fields.
var (
	alterers  = pattern.New(`(?i)method-override|urlrewrite|http-proxy|express-gateway|fast-gateway|firebase-functions|functions-framework|serverless-http|serverless-express`)
	reshapers = pattern.New(`(?i)camel|humps|snake|change-case|case-convert|keys-transform|map-keys|mung|celebrate|class-transformer|superjson|devalue`)
)

// Alters reports a server that may change a request's path or method before its handler has it, or hand it on, and one
// that may change the fields of a request or of a response.
func Alters(p *picture.Reader, s *picture.Server) (way, fields bool) {
	for _, m := range s.Mods {
		for _, i := range m.Imports {
			if !affix.HasPrefix(i.From, ".") && (!way && alterers.MatchString(i.From) || !fields && reshapers.MatchString(i.From)) && Used(m, i) {
				way = way || alterers.MatchString(i.From)
				fields = fields || reshapers.MatchString(i.From)
			}
		}
		w, f := altersText(m.Words())
		way, fields = way || w, fields || f
		if way && fields {
			return
		}
	}
	return way || rewrites(p, s), fields
}

// rewrites reports a framework's own ways to other paths.
func rewrites(p *picture.Reader, s *picture.Server) bool {
	if s.Pkg == nil || s.Frame == "" {
		return false
	}
	for _, m := range modules.ModsOf(p.Graph, s.Pkg) {
		base, _, _ := affix.Cut(affix.Base(m.Rel), ".")
		guards, tool := base == "middleware" || base == "proxy", m.Tool()
		if !guards && !tool {
			continue
		}
		ws := m.Words()
		for i := range ws {
			switch w := &ws[i]; {
			case guards && (w.Text == "rewrite" || w.Text == "redirect") && !w.String && jsread.Follows(ws, i+1, "(") && !toPage(ws, i+1):
				return true
			case !tool || w.String:
			case (w.Text == "basePath" || w.Text == "base") && jsread.Follows(ws, i+1, ":"), w.Text == "destination" && ownDestination(ws, i+1):
				return true
			}
		}
	}
	return false
}

// toPage reports redirect(new URL('/login', …)), and redirect(url) where url is set to a page: visitors who aren't
// signed in get a page, and no other route.
func toPage(ws []jsread.Word, i int) bool {
	if ws[i-1].Text != "redirect" {
		return false
	}
	pages, other := 0, false
	look := func(i int) {
		for i < len(ws) && (ws[i].Text == "new" || ws[i].Text == "URL" || ws[i].Text == "(") {
			i++
		}
		page := i < len(ws) && ws[i].String && affix.HasPrefix(ws[i].Text, "/") && !affix.Contains(ws[i].Text, "api")
		if page {
			pages++
		} else if !jsread.Follows(ws, i+4, "clone") { // url = request.nextUrl.clone()
			other = true
		}
	}
	if !jsread.Follows(ws, i+2, ")") || ws[i+1].String {
		look(i + 1)
		return !other
	}
	for j := range ws {
		if k := j + 1; !ws[j].String && ws[j].Text == ws[i+1].Text {
			if jsread.Follows(ws, k, ".") && jsread.Follows(ws, k+1, "pathname") {
				k += 2
			}
			if jsread.Follows(ws, k, "=") {
				look(k + 1)
			}
		}
	}
	return pages > 0 && !other
}

// ownDestination reports a rewrite that stays on the server, or whose aim isn't written out.
func ownDestination(ws []jsread.Word, i int) bool {
	return jsread.Follows(ws, i, ":") && i+1 < len(ws) && !affix.HasPrefix(ws[i+1].Text, "http") && !(ws[i+1].Text == "`" && i+2 < len(ws))
}

// altersText reports words that put another value in the place of a request's path or method, or hand it on, and those
// that change the fields of a request or of a response.
func altersText(ws []jsread.Word) (way, fields bool) {
	for i := range ws {
		switch w := ws[i]; {
		case w.String && w.Text == "json replacer", w.String && w.Text == "preSerialization":
			fields = true
		case w.String || i == 0 || ws[i-1].Text != ".":
		case requestParts[w.Text] && i >= 2 && requests[ws[i-2].Text]:
			body := w.Text == "body"
			if k := i + 1; jsread.Follows(ws, k, "=") && !isKoaAnswer(ws, i) || body && jsread.Follows(ws, k, ".") && jsread.Follows(ws, k+2, "=") {
				way, fields = way || !body, fields || body
			}
		case (w.Text == "json" || w.Text == "send" || w.Text == "end") && i >= 2 && responses[ws[i-2].Text] && jsread.Follows(ws, i+1, "="),
			(w.Text == "transform" && !ofOneValue(ws, i+1) || w.Text == "rename" || w.Text == "preprocess") && jsread.Follows(ws, i+1, "("):
			fields = true
		case w.Text == "use" && handlerBehind(ws, i+1):
			way = true
		}
	}
	return way, fields
}

// ofOneValue reports z.string().transform((v) => v === 'true'): it compares or chooses, so it names no field.
func ofOneValue(ws []jsread.Word, i int) bool {
	for end := min(i+6, len(ws)-3); i < end; i++ {
		if jsread.Follows(ws, i, "=>") {
			if ws[i+1].Text == "(" {
				i++
			}
			return affix.ContainsAny(ws[i+2].Text, "|?=!")
		}
	}
	return false
}

var (
	requestParts = map[string]bool{"url": true, "originalUrl": true, "method": true, "path": true, "body": true, "query": true}
	requests     = map[string]bool{"req": true, "_req": true, "request": true, "ctx": true, "c": true, "context": true}
	responses    = map[string]bool{"res": true, "_res": true, "response": true, "reply": true}
)

// isKoaAnswer tells ctx.body = …, which is the response, from ctx.request.body = ….
func isKoaAnswer(ws []jsread.Word, i int) bool {
	return ws[i].Text == "body" && ws[i-2].Text != "req" && ws[i-2].Text != "_req" && ws[i-2].Text != "request"
}

// handlerBehind reports use('/path', (req, res) => …): a function without next responds to all that begins with the path.
// One behind '*' that responds with 404 gets what no route took.
func handlerBehind(ws []jsread.Word, i int) bool {
	if !jsread.Follows(ws, i, "(") || i+2 >= len(ws) || !ws[i+1].String || ws[i+1].Text == "/" {
		return false
	}
	all := affix.ContainsAny(ws[i+1].Text, "*")
	i += 2
	if !jsread.Follows(ws, i, ",") {
		return false
	}
	i++
	for jsread.Follows(ws, i, "async") || jsread.Follows(ws, i, "function") {
		i++
	}
	if !jsread.Follows(ws, i, "(") || !jsread.Follows(ws, i+2, ",") || !jsread.Follows(ws, i+4, ")") {
		return false
	}
	for end := min(i+40, len(ws)); all && i < end && ws[i].Text != "use"; i++ {
		if ws[i].Text == "404" {
			return false
		}
	}
	return true
}
