package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// Input reads an expression that reads something of the request: a field of
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
			name, at := jsonField(pr, n, f)
			return Source{Kind: k, Name: name, Declared: at, Loose: at.File == "" && pr.Lang != syntax.PHP && pr.Lang != syntax.Ruby}, true
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
		if p == s || affix.HasPrefix(p, s+".") {
			return true
		}
	}
	return false
}

// JSONName is the name that a member has in JSON.
func JSONName(pr *Program, n *syntax.Node, f Frame) string {
	name, _ := jsonField(pr, n, f)
	return name
}

// jsonField is the name that a member has in JSON, and where its type declares it.
func jsonField(pr *Program, n *syntax.Node, f Frame) (string, Place) {
	name, at := n.Text, Place{}
	if c := pr.typeOf(n.X, f, 0); c != nil {
		for _, w := range pr.Writes[name] {
			if w.Class != c && !(w.Class == nil && w.Owner == c.Name) {
				continue
			}
			at = Place{File: w.Fn.Unit.Path, Line: w.Line}
			if t := taggedName(w); t != "" {
				return t, at
			}
		}
	}
	if pr.Lang == syntax.Go {
		for _, w := range pr.Writes[name] {
			if t, _, _ := affix.Cut(TagValue(w.Tag, "json"), ","); t != "" && w.Fn.Unit == f.Fn.Unit {
				return t, Place{File: w.Fn.Unit.Path, Line: w.Line}
			}
		}
	}
	if pr.Lang == syntax.CSharp && name != "" {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	return name, at
}

// taggedName is the name that a field's tag, annotation or alias gives it.
func taggedName(w *Write) string {
	for _, key := range []string{"json", "form"} {
		if t, _, _ := affix.Cut(TagValue(w.Tag, key), ","); t != "" {
			return t
		}
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
			if affix.Contains(a.Name, "alias") && a.X != nil && a.X.Kind == syntax.KString {
				return a.X.Text
			}
		}
	}
	return ""
}

// inputCalls are the calls that take one value of the request by its name.
var inputCalls = map[string]map[string]SourceKind{
	syntax.Go: kinds(
		"PostForm DefaultPostForm PostFormValue",
		"Query DefaultQuery QueryParam GetQuery FormValue",
		"Param Params PathValue",
		"GetString MustGet Locals GetHeader",
	),
	syntax.PHP: kinds(
		"input post json string getPost getVar",
		"query getGet",
		"route getAttribute",
		"header cookie",
	),
	syntax.Java:   kinds("formParam", "getParameter queryParam queryParams", "pathParam params", "getHeader"),
	syntax.Kotlin: kinds("", "getParameter queryParam", "pathParam", ""),
	syntax.CSharp: kinds("", "", "", "FindFirst FindFirstValue"),
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
	if p == "Auth.id" || p == "auth.id" || p == "auth.user.id" || p == "get_jwt_identity" || p == "Auth.user.getKey" || p == "r.Context.Value" || affix.HasSuffix(p, ".Context.Value") {
		return Source{Kind: FromSession, Name: p}, true
	}
	if last == "require" && p == "params.require" && LiteralArg(n, 0) != "" {
		return Source{Kind: FromBody, Name: LiteralArg(n, 0)}, true
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
				if rest, ok := affix.CutPrefix(name, "get"); ok && rest != "" {
					name = strings.ToLower(rest[:1]) + rest[1:]
				}
				name, at := jsonField(pr, &syntax.Node{Kind: syntax.KMember, X: n.X.X, Text: name}, f)
				return Source{Kind: k, Name: name, Declared: at, Loose: at.File == ""}, true
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
			return affix.HasSuffix(q.Typ, "Context") || affix.HasSuffix(q.Typ, "Ctx") || isRequest(q)
		}
	}
	return false
}
