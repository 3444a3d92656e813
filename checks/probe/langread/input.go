package langread

import (
	"strings"
)

// input reads an expression that takes something of the request: a field of
// the body, a parameter of query or path, the session.
func (pr *program) input(n *node, f frame) (Source, bool) {
	switch n.kind {
	case kIndex:
		if n.y == nil || n.y.kind != kString {
			return Source{}, false
		}
		if k := pr.container(n.x, f, 0); k != Unknown {
			return Source{Kind: k, Name: n.y.text}, true
		}
	case kCall:
		return pr.inputCall(n, f)
	case kMember:
		switch k := pr.container(n.x, f, 0); k {
		case FromSession:
			return Source{Kind: FromSession, Name: n.path()}, true
		case FromBody, FromQuery, FromPath:
			if pr.lang == PHP && n.x.kind == kName && (n.text == "query" || n.text == "request" || n.text == "headers" || n.text == "attributes") {
				break
			}
			return Source{Kind: k, Name: pr.fieldName(n, f)}, true
		}
		if sessionPath(n.path()) {
			return Source{Kind: FromSession, Name: n.path()}, true
		}
	case kName:
		if sessionNames[n.text] {
			return Source{Kind: FromSession, Name: n.text}, true
		}
	}
	return Source{}, false
}

// sessionNames are names that hold the signed-in user in some framework.
var sessionNames = set("current_user", "currentUser", "principal", "$currentUser")

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
	Python: {"request.get_json": FromBody, "request.json": FromBody, "flask.request.json": FromBody, "request.data": FromBody, "request.form": FromBody, "request.POST": FromBody, "request.values": FromBody,
		"request.args": FromQuery, "request.GET": FromQuery, "request.query_params": FromQuery, "request.view_args": FromPath, "request.path_params": FromPath, "self.kwargs": FromPath, "kwargs": FromPath,
		"self.request.data": FromBody, "request.match_info": FromPath, "request.query": FromQuery, "serializer.validated_data": FromBody, "request.session": FromSession, "session": FromSession, "request.cookies": FromSession, "request.COOKIES": FromSession},
	PHP: {"$_POST": FromBody, "$_GET": FromQuery, "$_REQUEST": FromBody, "$_SESSION": FromSession, "$_COOKIE": FromSession, "$request.all": FromBody, "$request.validated": FromBody, "$request.getParsedBody": FromBody, "$req.getParsedBody": FromBody,
		"$request.toArray": FromBody, "$request.json": FromBody, "$request.getQueryParams": FromQuery, "$req.getQueryParams": FromQuery, "$args": FromPath},
	Ruby:   {"params": FromBody, "session": FromSession, "cookies": FromSession, "current_user": FromSession},
	Go:     {"r.URL.Query": FromQuery, "req.URL.Query": FromQuery, "c.Request.URL.Query": FromQuery, "request.URL.Query": FromQuery},
	Kotlin: {"call.parameters": FromPath, "call.request.queryParameters": FromQuery, "call.receiveParameters": FromBody, "call.pathParameters": FromPath},
	CSharp: {"Request.Query": FromQuery, "Request.Form": FromBody, "RouteData.Values": FromPath, "HttpContext.User": FromSession, "User": FromSession},
	Java:   {},
}

// container tells which part of the request an expression holds.
func (pr *program) container(n *node, f frame, depth int) SourceKind {
	if n == nil || depth > 6 {
		return Unknown
	}
	pr.steps++
	if k := containers[pr.lang][calleePath(n)]; k != Unknown {
		return k
	}
	switch n.kind {
	case kCall:
		return pr.containerCall(n, f, depth)
	case kEither:
		return pr.container(n.x, f, depth+1)
	case kMember:
		if n.text == "Body" || n.text == "body" {
			return Unknown
		}
	case kName:
		return pr.containerName(n, f, depth)
	}
	return Unknown
}

// containerCall tells calls that give a parsed body.
func (pr *program) containerCall(n *node, f frame, depth int) SourceKind {
	last := n.x.last()
	p := calleePath(n.x)
	if k := containers[pr.lang][p]; k != Unknown {
		return k
	}
	switch last {
	case "get_json", "getParsedBody", "validated":
		return FromBody
	case "json":
		if pr.lang == Python && strings.HasSuffix(p, "request.json") {
			return FromBody
		}
	case "loads", "json_decode", "parse", "parse_json":
		for _, a := range n.args {
			if a.x != nil && speaksOfBody(a.x) {
				return FromBody
			}
			if a.x != nil && a.x.kind == kName {
				for g := f.fn; g != nil; g = g.parent {
					for _, w := range pr.writesIn(a.x.text, g) {
						if w.x != nil && speaksOfBody(w.x) {
							return FromBody
						}
					}
				}
			}
			break
		}
	case "receive", "receiveNullable":
		if pr.lang == Kotlin {
			return FromBody
		}
	case "require", "permit", "to_unsafe_h", "with_indifferent_access", "only":
		return pr.container(n.x.x, f, depth+1)
	case "Vars":
		if p == "mux.Vars" {
			return FromPath
		}
	case "user", "getUser":
		if pr.lang == PHP && (strings.HasPrefix(p, "$request") || strings.HasPrefix(p, "Auth.") || strings.HasPrefix(p, "auth") || strings.HasPrefix(p, "$this.getUser")) {
			return FromSession
		}
	case "getPrincipal", "getAuthentication", "principal", "getUserPrincipal", "authentication":
		return FromSession
	case "get_jwt_identity", "get_current_user", "auth":
		if pr.lang == Python || pr.lang == PHP && last == "auth" {
			return FromSession
		}
	}
	return Unknown
}

// speaksOfBody tells an expression that reads the request's raw body.
func speaksOfBody(n *node) bool {
	found := false
	n.eachOutside(func(x *node) {
		low := strings.ToLower(x.text)
		if x.kind == kMember && (low == "body" || low == "rawbody" || low == "getbody" || low == "getcontent" || low == "get_data" || low == "rfile") || x.kind == kString && x.text == "php://input" {
			found = true
		}
	})
	return found
}

// containerName follows a variable or parameter that holds a part of the request.
func (pr *program) containerName(n *node, f frame, depth int) SourceKind {
	if b, ok := f.bound[n.text]; ok {
		return pr.container(b.n, b.f, depth+1)
	}
	for g := f.fn; g != nil; g = g.parent {
		if pr.lang == Go {
			if k := pr.decoded(n.text, g); k != Unknown {
				return k
			}
		}
		for _, w := range pr.writesIn(n.text, g) {
			if w.x != nil {
				return pr.container(w.x, frame{fn: w.fn}, depth+1)
			}
		}
		if q, i := g.param(n.text); i >= 0 {
			return pr.paramContainer(g, q)
		}
	}
	return Unknown
}

// decoders are the calls of Go that fill a variable from the request's body.
var decoders = set("Decode", "BindJSON", "ShouldBindJSON", "ShouldBind", "Bind", "BodyParser", "Unmarshal", "ShouldBindBodyWith", "ReadJSON", "DecodeJSON", "readJSON", "MustBindWith", "Body", "JSON", "ShouldBindWith")

// decoded tells a variable of Go that a call fills from the body.
func (pr *program) decoded(name string, g *fn) SourceKind {
	for _, w := range pr.writes[name] {
		if w.fn != g || w.how != wName {
			continue
		}
		for dec := range decoders {
			for _, c := range pr.calls[dec] {
				if !c.fn.inside(g) {
					continue
				}
				for _, a := range c.n.args {
					if a.x != nil && a.x.kind == kName && a.x.text == name {
						return FromBody
					}
				}
			}
		}
		for _, c := range pr.calls["ShouldBindQuery"] {
			if c.fn.inside(g) && len(c.n.args) > 0 && c.n.args[0].x != nil && c.n.args[0].x.text == name {
				return FromQuery
			}
		}
	}
	return Unknown
}

// paramContainer tells a handler's parameter that is the parsed body.
func (pr *program) paramContainer(g *fn, q param) SourceKind {
	for _, m := range q.marks {
		switch m.last() {
		case "RequestBody", "FromBody", "Body":
			return FromBody
		case "AuthenticationPrincipal":
			return FromSession
		case "ModelAttribute", "FromForm":
			return FromBody
		}
	}
	switch lastPart(q.typ) {
	case "Principal", "Authentication", "UserDetails", "ClaimsPrincipal", "OidcUser", "OAuth2User", "Jwt":
		return FromSession
	}
	if pr.lang == PHP && isRequest(q) {
		return FromBody
	}
	if q.value != nil && q.value.kind == kCall {
		switch q.value.x.last() {
		case "Depends", "Security":
			if len(q.value.args) > 0 && userish(q.value.args[0].x.last()) {
				return FromSession
			}
			return Unknown
		case "Body", "Form":
			return FromBody
		}
	}
	for _, m := range q.marks { // Annotated[User, Depends(get_current_user)]
		hit := Unknown
		m.eachOutside(func(x *node) {
			if x.kind == kCall && x.x.last() == "Depends" && len(x.args) > 0 && userish(x.args[0].x.last()) {
				hit = FromSession
			}
		})
		if hit != Unknown {
			return hit
		}
	}
	if (pr.lang == Python && routeMark(g) != nil || pr.lang == CSharp && (g.node != nil || routeMark(g) != nil)) && len(pr.classes[lastPart(q.typ)]) > 0 {
		return FromBody
	}
	return Unknown
}

func userish(name string) bool {
	low := strings.ToLower(name)
	return strings.Contains(low, "user") || strings.Contains(low, "auth") || strings.Contains(low, "token") || strings.Contains(low, "session")
}

func isRequest(q param) bool {
	return strings.HasSuffix(q.typ, "Request") || strings.HasSuffix(q.typ, "ServerRequestInterface") || q.name == "$request" || q.name == "$req"
}

// fieldName is the name that a member has in JSON.
func (pr *program) fieldName(n *node, f frame) string {
	name := n.text
	if c := pr.typeOf(n.x, f, 0); c != nil {
		for _, w := range pr.writes[name] {
			if w.class != c && !(w.class == nil && w.owner == c.name) {
				continue
			}
			if t, _, _ := strings.Cut(tagValue(w.tag, "json"), ","); t != "" {
				return t
			}
			if t, _, _ := strings.Cut(tagValue(w.tag, "form"), ","); t != "" {
				return t
			}
			for _, m := range w.marks {
				if m.last() == "JsonProperty" || m.last() == "JsonPropertyName" || m.last() == "SerialName" {
					if t := literalArg(m, 0); t != "" {
						return t
					}
				}
			}
			if w.x != nil && w.x.kind == kCall && w.x.x.last() == "Field" {
				for _, a := range w.x.args {
					if a.name == "alias" && a.x != nil && a.x.kind == kString {
						return a.x.text
					}
				}
			}
		}
	}
	if pr.lang == Go {
		for _, w := range pr.writes[name] {
			if t, _, _ := strings.Cut(tagValue(w.tag, "json"), ","); t != "" && w.fn.unit == f.fn.unit {
				return t
			}
		}
	}
	if pr.lang == CSharp && name != "" {
		return strings.ToLower(name[:1]) + name[1:]
	}
	return name
}

// inputCalls are the calls that take one value of the request by its name.
var inputCalls = map[string]map[string]SourceKind{
	Go: {"Query": FromQuery, "DefaultQuery": FromQuery, "QueryParam": FromQuery, "GetQuery": FromQuery, "Param": FromPath, "Params": FromPath, "PathValue": FromPath, "FormValue": FromBody, "PostForm": FromBody, "DefaultPostForm": FromBody,
		"PostFormValue": FromBody, "GetString": FromSession, "MustGet": FromSession, "Locals": FromSession, "GetHeader": FromSession},
	PHP: {"input": FromBody, "post": FromBody, "json": FromBody, "string": FromBody, "query": FromQuery, "route": FromPath, "getPost": FromBody, "getGet": FromQuery, "getVar": FromBody, "header": FromSession, "cookie": FromSession, "getAttribute": FromPath},
	Java: {"getParameter": FromQuery, "pathParam": FromPath, "queryParam": FromQuery, "formParam": FromBody, "queryParams": FromQuery, "params": FromPath,
		"getHeader": FromSession},
	Kotlin: {"getParameter": FromQuery, "pathParam": FromPath, "queryParam": FromQuery},
	CSharp: {"FindFirst": FromSession, "FindFirstValue": FromSession},
}

func (pr *program) inputCall(n *node, f frame) (Source, bool) {
	last := n.x.last()
	p := calleePath(n.x)
	if p == "chi.URLParam" || p == "URLParam" {
		return Source{Kind: FromPath, Name: literalArg(n, 1)}, true
	}
	if p == "request" && pr.lang == PHP && literalArg(n, 0) != "" {
		return Source{Kind: FromBody, Name: literalArg(n, 0)}, true
	}
	if p == "Auth.id" || p == "auth.id" || p == "auth.user.id" || p == "get_jwt_identity" || p == "Auth.user.getKey" || p == "r.Context.Value" || strings.HasSuffix(p, ".Context.Value") {
		return Source{Kind: FromSession, Name: p}, true
	}
	if n.x.kind == kMember {
		if last == "get" || last == "Get" || last == "fetch" || last == "getlist" || last == "dig" || last == "getOrFail" || last == "value" {
			if k := pr.container(n.x.x, f, 0); k != Unknown && literalArg(n, 0) != "" {
				return Source{Kind: k, Name: literalArg(n, 0)}, true
			}
		}
		if k := inputCalls[pr.lang][last]; k != Unknown && literalArg(n, 0) != "" && pr.isRequestObject(n.x.x, f) {
			return Source{Kind: k, Name: literalArg(n, 0)}, true
		}
		if last == "Get" && pr.lang == Go && len(n.args) == 1 && literalArg(n, 0) != "" && pr.isRequestObject(n.x.x, f) {
			return Source{Kind: FromSession, Name: literalArg(n, 0)}, true
		}
		if last == "get" && pr.lang == PHP && literalArg(n, 0) != "" {
			if q := n.x.x; q.kind == kMember && (q.text == "request" || q.text == "query") {
				k := FromBody
				if q.text == "query" {
					k = FromQuery
				}
				return Source{Kind: k, Name: literalArg(n, 0)}, true
			}
		}
		if len(n.args) == 0 && (pr.lang == Java || pr.lang == Kotlin) { // req.getUserId(), req.userId()
			switch k := pr.container(n.x.x, f, 0); k {
			case FromBody, FromSession, FromQuery:
				name := n.x.text
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
func (pr *program) isRequestObject(n *node, f frame) bool {
	switch n.last() {
	case "c", "ctx", "r", "req", "request", "$request", "$req", "context", "Request", "User", "exchange", "call", "$this":
		return true
	}
	for g := f.fn; g != nil; g = g.parent {
		if q, i := g.param(n.last()); i >= 0 {
			return strings.HasSuffix(q.typ, "Context") || strings.HasSuffix(q.typ, "Ctx") || isRequest(q)
		}
	}
	return false
}
