package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// containers are calls and members that give a whole part of the request.
var containers = map[string]map[string]SourceKind{
	syntax.Python: kinds(
		"request.get_json request.json flask.request.json request.data request.form"+
			" request.POST request.values self.request.data serializer.validated_data",
		"request.args request.GET request.query_params request.query",
		"request.view_args request.path_params self.kwargs kwargs request.match_info",
		"request.session session request.cookies request.COOKIES",
	),
	syntax.PHP: kinds(
		"$_POST $_REQUEST $request.all $request.validated $request.getParsedBody"+
			" $req.getParsedBody $request.toArray $request.json",
		"$_GET $request.getQueryParams $req.getQueryParams",
		"$args",
		"$_SESSION $_COOKIE",
	),
	syntax.Ruby: kinds("params", "", "", "session cookies current_user"),
	syntax.Go:   kinds("", "r.URL.Query req.URL.Query c.Request.URL.Query request.URL.Query", "", ""),
	syntax.Kotlin: kinds(
		"call.receiveParameters",
		"call.request.queryParameters",
		"call.parameters call.pathParameters",
		"",
	),
	syntax.CSharp: kinds("Request.Form", "Request.Query", "RouteData.Values", "HttpContext.User User"),
}

// kinds maps the words of each list to the part of the request that they give. A literal would be code for each word.
func kinds(body, query, path, session string) map[string]SourceKind {
	m := map[string]SourceKind{}
	for i, list := range []string{body, query, path, session} {
		for _, w := range strings.Fields(list) {
			m[w] = [...]SourceKind{FromBody, FromQuery, FromPath, FromSession}[i]
		}
	}
	return m
}

// container tells which part of the request an expression holds.
func container(pr *Program, n *syntax.Node, f Frame, depth int) SourceKind {
	if n == nil || depth > 6 {
		return Unknown
	}
	pr.Steps++
	if k := containers[pr.Lang][CalleePath(n)]; k != Unknown {
		return k
	}
	if pr.Lang == syntax.Go && affix.HasSuffix(CalleePath(n), ".URL.Query") { // of a request with a name of its own
		return FromQuery
	}
	switch n.Kind {
	case syntax.KCall:
		return containerCall(pr, n, f, depth)
	case syntax.KEither:
		return container(pr, n.X, f, depth+1)
	case syntax.KMember:
		if n.Text == "Body" || n.Text == "body" {
			return Unknown
		}
	case syntax.KName:
		return containerName(pr, n, f, depth)
	}
	return Unknown
}

// containerCall tells calls that give a parsed body.
func containerCall(pr *Program, n *syntax.Node, f Frame, depth int) SourceKind {
	last := n.X.Last()
	p := CalleePath(n.X)
	if k := containers[pr.Lang][p]; k != Unknown {
		return k
	}
	switch last {
	case "get_json", "getParsedBody", "validated":
		return FromBody
	case "json":
		if pr.Lang == syntax.Python && affix.HasSuffix(p, "request.json") {
			return FromBody
		}
	case "loads", "json_decode", "parse", "parse_json":
		if len(n.Args) > 0 { // the text comes first
			a := n.Args[0]
			if a.X != nil && speaksOfBody(a.X) {
				return FromBody
			}
			if a.X != nil && a.X.Kind == syntax.KName {
				for g := f.Fn; g != nil; g = g.Parent {
					for _, w := range pr.WritesIn(a.X.Text, g) {
						if w.X != nil && speaksOfBody(w.X) {
							return FromBody
						}
					}
				}
			}
		}
	case "receive", "receiveNullable":
		if pr.Lang == syntax.Kotlin {
			return FromBody
		}
	case "require", "permit", "to_unsafe_h", "with_indifferent_access", "only":
		return container(pr, n.X.X, f, depth+1)
	case "Vars":
		if p == "mux.Vars" {
			return FromPath
		}
	case "user", "getUser":
		if pr.Lang == syntax.PHP && (affix.HasPrefix(p, "$request") || affix.HasPrefix(p, "Auth.") || affix.HasPrefix(p, "auth") || affix.HasPrefix(p, "$this.getUser")) {
			return FromSession
		}
	case "getPrincipal", "getAuthentication", "principal", "getUserPrincipal", "authentication":
		return FromSession
	case "get_jwt_identity", "get_current_user", "auth":
		if pr.Lang == syntax.Python || pr.Lang == syntax.PHP && last == "auth" {
			return FromSession
		}
	}
	return Unknown
}

// speaksOfBody tells an expression that reads the request's raw body.
func speaksOfBody(n *syntax.Node) bool {
	found := false
	n.EachOutside(func(x *syntax.Node) {
		low := strings.ToLower(x.Text)
		if x.Kind == syntax.KMember && (low == "body" || low == "rawbody" || low == "getbody" || low == "getcontent" || low == "get_data" || low == "rfile") || x.Kind == syntax.KString && x.Text == "php://input" {
			found = true
		}
	})
	return found
}

// containerName follows a variable or parameter that holds a part of the request.
func containerName(pr *Program, n *syntax.Node, f Frame, depth int) SourceKind {
	if b, ok := f.Bound[n.Text]; ok {
		return container(pr, b.N, b.F, depth+1)
	}
	for g := f.Fn; g != nil; g = g.Parent {
		if pr.Lang == syntax.Go {
			if k := decoded(pr, n.Text, g); k != Unknown {
				return k
			}
		}
		for _, w := range pr.WritesIn(n.Text, g) {
			if w.X != nil {
				return container(pr, w.X, Frame{Fn: w.Fn}, depth+1)
			}
		}
		if q, i := g.Param(n.Text); i >= 0 {
			return paramContainer(pr, g, q)
		}
	}
	return Unknown
}

// decoders are the calls of Go that fill a variable from the request's body.
var decoders = syntax.Set("Decode", "BindJSON", "ShouldBindJSON", "ShouldBind", "Bind", "BodyParser", "Unmarshal", "ShouldBindBodyWith", "ReadJSON", "DecodeJSON", "readJSON", "MustBindWith", "Body", "JSON", "ShouldBindWith")

// decoded tells a variable of Go that a call fills from the body.
func decoded(pr *Program, name string, g *syntax.Fn) SourceKind {
	for _, w := range pr.Writes[name] {
		if w.Fn != g || w.How != WName {
			continue
		}
		for dec := range decoders {
			for _, c := range pr.Calls[dec] {
				if !c.Fn.Inside(g) {
					continue
				}
				for _, a := range c.N.Args {
					if a.X != nil && a.X.Kind == syntax.KName && a.X.Text == name {
						return FromBody
					}
				}
			}
		}
		for _, c := range pr.Calls["ShouldBindQuery"] {
			if c.Fn.Inside(g) && len(c.N.Args) > 0 && c.N.Args[0].X != nil && c.N.Args[0].X.Text == name {
				return FromQuery
			}
		}
	}
	return Unknown
}

// paramContainer tells a handler's parameter that is the parsed body.
func paramContainer(pr *Program, g *syntax.Fn, q syntax.Param) SourceKind {
	for _, m := range q.Marks {
		switch m.Last() {
		case "RequestBody", "FromBody", "Body":
			return FromBody
		case "AuthenticationPrincipal":
			return FromSession
		case "ModelAttribute", "FromForm":
			return FromBody
		}
	}
	switch syntax.LastPart(q.Typ) {
	case "Principal", "Authentication", "UserDetails", "ClaimsPrincipal", "OidcUser", "OAuth2User", "Jwt":
		return FromSession
	}
	if pr.Lang == syntax.PHP && isRequest(q) {
		return FromBody
	}
	if q.Value != nil && q.Value.Kind == syntax.KCall {
		switch q.Value.X.Last() {
		case "Depends", "Security":
			if len(q.Value.Args) > 0 && Userish(q.Value.Args[0].X.Last()) {
				return FromSession
			}
			return Unknown
		case "Body", "Form":
			return FromBody
		}
	}
	for _, m := range q.Marks { // Annotated[User, Depends(get_current_user)]
		hit := Unknown
		m.EachOutside(func(x *syntax.Node) {
			if x.Kind == syntax.KCall && x.X.Last() == "Depends" && len(x.Args) > 0 && Userish(x.Args[0].X.Last()) {
				hit = FromSession
			}
		})
		if hit != Unknown {
			return hit
		}
	}
	if (pr.Lang == syntax.Python && routeMark(g) != nil || pr.Lang == syntax.CSharp && (g.Node != nil || routeMark(g) != nil)) && len(pr.Classes[syntax.LastPart(q.Typ)]) > 0 {
		return FromBody
	}
	return Unknown
}

func Userish(name string) bool {
	low := strings.ToLower(name)
	return affix.Contains(low, "user") || affix.Contains(low, "auth") || affix.Contains(low, "token") || affix.Contains(low, "session")
}

func isRequest(q syntax.Param) bool {
	return affix.HasSuffix(q.Typ, "Request") || affix.HasSuffix(q.Typ, "ServerRequestInterface") || q.Name == "$request" || q.Name == "$req"
}
