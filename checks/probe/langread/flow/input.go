package flow

import (
	"strings"

	"badsig/checks/probe/langread/syntax"
)

// Input reads an expression that takes something of the request: a field of
// the body, a parameter of query or path, the session.
func Input(pr *Program, n *syntax.Node, f Frame) (Source, bool) {
	switch n.Kind {
	case syntax.KIndex:
		if n.Y == nil || n.Y.Kind != syntax.KString {
			return Source{}, false
		}
		if k := container(pr, n.X, f, 0); k != Unknown {
			return Source{Kind: k, Name: n.Y.Text}, true
		}
	case syntax.KCall:
		return inputCall(pr, n, f)
	case syntax.KMember:
		switch k := container(pr, n.X, f, 0); k {
		case FromSession:
			return Source{Kind: FromSession, Name: n.Path()}, true
		case FromBody, FromQuery, FromPath:
			if pr.Lang == syntax.PHP && n.X.Kind == syntax.KName && (n.Text == "query" || n.Text == "request" || n.Text == "headers" || n.Text == "attributes") {
				break
			}
			return Source{Kind: k, Name: fieldName(pr, n, f)}, true
		}
		if sessionPath(n.Path()) {
			return Source{Kind: FromSession, Name: n.Path()}, true
		}
	case syntax.KName:
		if sessionNames[n.Text] {
			return Source{Kind: FromSession, Name: n.Text}, true
		}
	}
	return Source{}, false
}

// sessionNames are names that hold the signed-in user in some framework.
var sessionNames = syntax.Set("current_user", "currentUser", "principal", "$currentUser")

// sessionPath tells members that hold the signed-in user.
func sessionPath(p string) bool {
	for _, s := range []string{"request.user", "g.user", "request.state.user", "self.request.user", "current_user", "flask_login.current_user", "session", "request.session", "HttpContext.User", "User.Identity", "g.current_user", "request.auth"} {
		if p == s || strings.HasPrefix(p, s+".") {
			return true
		}
	}
	return false
}

// containers are calls and members that give a whole part of the request.
var containers = map[string]map[string]SourceKind{
	syntax.Python: {"request.get_json": FromBody, "request.json": FromBody, "flask.request.json": FromBody, "request.data": FromBody, "request.form": FromBody, "request.POST": FromBody, "request.values": FromBody,
		"request.args": FromQuery, "request.GET": FromQuery, "request.query_params": FromQuery, "request.view_args": FromPath, "request.path_params": FromPath, "self.kwargs": FromPath, "kwargs": FromPath,
		"self.request.data": FromBody, "request.match_info": FromPath, "request.query": FromQuery, "serializer.validated_data": FromBody, "request.session": FromSession, "session": FromSession, "request.cookies": FromSession, "request.COOKIES": FromSession},
	syntax.PHP: {"$_POST": FromBody, "$_GET": FromQuery, "$_REQUEST": FromBody, "$_SESSION": FromSession, "$_COOKIE": FromSession, "$request.all": FromBody, "$request.validated": FromBody, "$request.getParsedBody": FromBody, "$req.getParsedBody": FromBody,
		"$request.toArray": FromBody, "$request.json": FromBody, "$request.getQueryParams": FromQuery, "$req.getQueryParams": FromQuery, "$args": FromPath},
	syntax.Ruby:   {"params": FromBody, "session": FromSession, "cookies": FromSession, "current_user": FromSession},
	syntax.Go:     {"r.URL.Query": FromQuery, "req.URL.Query": FromQuery, "c.Request.URL.Query": FromQuery, "request.URL.Query": FromQuery},
	syntax.Kotlin: {"call.parameters": FromPath, "call.request.queryParameters": FromQuery, "call.receiveParameters": FromBody, "call.pathParameters": FromPath},
	syntax.CSharp: {"Request.Query": FromQuery, "Request.Form": FromBody, "RouteData.Values": FromPath, "HttpContext.User": FromSession, "User": FromSession},
	syntax.Java:   {},
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
		if pr.Lang == syntax.Python && strings.HasSuffix(p, "request.json") {
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
		if pr.Lang == syntax.PHP && (strings.HasPrefix(p, "$request") || strings.HasPrefix(p, "Auth.") || strings.HasPrefix(p, "auth") || strings.HasPrefix(p, "$this.getUser")) {
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
	return strings.Contains(low, "user") || strings.Contains(low, "auth") || strings.Contains(low, "token") || strings.Contains(low, "session")
}

func isRequest(q syntax.Param) bool {
	return strings.HasSuffix(q.Typ, "Request") || strings.HasSuffix(q.Typ, "ServerRequestInterface") || q.Name == "$request" || q.Name == "$req"
}

// fieldName is the name that a member has in JSON.
func fieldName(pr *Program, n *syntax.Node, f Frame) string {
	name := n.Text
	if c := pr.typeOf(n.X, f, 0); c != nil {
		for _, w := range pr.Writes[name] {
			if w.Class != c && !(w.Class == nil && w.Owner == c.Name) {
				continue
			}
			if t, _, _ := strings.Cut(TagValue(w.Tag, "json"), ","); t != "" {
				return t
			}
			if t, _, _ := strings.Cut(TagValue(w.Tag, "form"), ","); t != "" {
				return t
			}
			for _, m := range w.marks {
				if m.Last() == "JsonProperty" || m.Last() == "JsonPropertyName" || m.Last() == "SerialName" {
					if t := LiteralArg(m, 0); t != "" {
						return t
					}
				}
			}
			if w.X != nil && w.X.Kind == syntax.KCall && w.X.X.Last() == "Field" {
				for _, a := range w.X.Args {
					if a.Name == "alias" && a.X != nil && a.X.Kind == syntax.KString {
						return a.X.Text
					}
				}
			}
		}
	}
	if pr.Lang == syntax.Go {
		for _, w := range pr.Writes[name] {
			if t, _, _ := strings.Cut(TagValue(w.Tag, "json"), ","); t != "" && w.Fn.Unit == f.Fn.Unit {
				return t
			}
		}
	}
	if pr.Lang == syntax.CSharp && name != "" {
		return strings.ToLower(name[:1]) + name[1:]
	}
	return name
}

// inputCalls are the calls that take one value of the request by its name.
var inputCalls = map[string]map[string]SourceKind{
	syntax.Go: {"Query": FromQuery, "DefaultQuery": FromQuery, "QueryParam": FromQuery, "GetQuery": FromQuery, "Param": FromPath, "Params": FromPath, "PathValue": FromPath, "FormValue": FromBody, "PostForm": FromBody, "DefaultPostForm": FromBody,
		"PostFormValue": FromBody, "GetString": FromSession, "MustGet": FromSession, "Locals": FromSession, "GetHeader": FromSession},
	syntax.PHP: {"input": FromBody, "post": FromBody, "json": FromBody, "string": FromBody, "query": FromQuery, "route": FromPath, "getPost": FromBody, "getGet": FromQuery, "getVar": FromBody, "header": FromSession, "cookie": FromSession, "getAttribute": FromPath},
	syntax.Java: {"getParameter": FromQuery, "pathParam": FromPath, "queryParam": FromQuery, "formParam": FromBody, "queryParams": FromQuery, "params": FromPath,
		"getHeader": FromSession},
	syntax.Kotlin: {"getParameter": FromQuery, "pathParam": FromPath, "queryParam": FromQuery},
	syntax.CSharp: {"FindFirst": FromSession, "FindFirstValue": FromSession},
}

func inputCall(pr *Program, n *syntax.Node, f Frame) (Source, bool) {
	last := n.X.Last()
	p := CalleePath(n.X)
	if p == "chi.URLParam" || p == "URLParam" {
		return Source{Kind: FromPath, Name: LiteralArg(n, 1)}, true
	}
	if p == "request" && pr.Lang == syntax.PHP && LiteralArg(n, 0) != "" {
		return Source{Kind: FromBody, Name: LiteralArg(n, 0)}, true
	}
	if p == "Auth.id" || p == "auth.id" || p == "auth.user.id" || p == "get_jwt_identity" || p == "Auth.user.getKey" || p == "r.Context.Value" || strings.HasSuffix(p, ".Context.Value") {
		return Source{Kind: FromSession, Name: p}, true
	}
	if n.X.Kind == syntax.KMember {
		if last == "get" || last == "Get" || last == "fetch" || last == "getlist" || last == "dig" || last == "getOrFail" || last == "value" {
			if k := container(pr, n.X.X, f, 0); k != Unknown && LiteralArg(n, 0) != "" {
				return Source{Kind: k, Name: LiteralArg(n, 0)}, true
			}
		}
		if k := inputCalls[pr.Lang][last]; k != Unknown && LiteralArg(n, 0) != "" && isRequestObject(pr, n.X.X, f) {
			return Source{Kind: k, Name: LiteralArg(n, 0)}, true
		}
		if last == "Get" && pr.Lang == syntax.Go && len(n.Args) == 1 && LiteralArg(n, 0) != "" && isRequestObject(pr, n.X.X, f) {
			return Source{Kind: FromSession, Name: LiteralArg(n, 0)}, true
		}
		if last == "get" && pr.Lang == syntax.PHP && LiteralArg(n, 0) != "" {
			if q := n.X.X; q.Kind == syntax.KMember && (q.Text == "request" || q.Text == "query") {
				k := FromBody
				if q.Text == "query" {
					k = FromQuery
				}
				return Source{Kind: k, Name: LiteralArg(n, 0)}, true
			}
		}
		if len(n.Args) == 0 && (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin) { // req.getUserId(), req.userId()
			switch k := container(pr, n.X.X, f, 0); k {
			case FromBody, FromSession, FromQuery:
				name := n.X.Text
				if rest, ok := strings.CutPrefix(name, "get"); ok && rest != "" {
					name = strings.ToLower(rest[:1]) + rest[1:]
				}
				return Source{Kind: k, Name: name}, true
			}
		}
	}
	return Source{}, false
}

// isRequestObject tells the object of a framework that holds the request.
func isRequestObject(pr *Program, n *syntax.Node, f Frame) bool {
	switch n.Last() {
	case "c", "ctx", "r", "req", "request", "$request", "$req", "context", "Request", "User", "exchange", "call", "$this":
		return true
	}
	for g := f.Fn; g != nil; g = g.Parent {
		if q, i := g.Param(n.Last()); i >= 0 {
			return strings.HasSuffix(q.Typ, "Context") || strings.HasSuffix(q.Typ, "Ctx") || isRequest(q)
		}
	}
	return false
}
