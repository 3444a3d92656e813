package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/said"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

// Rules of this file:
//   - the id was sent; where the endpoint says otherwise, or signs "undefined", it does not read what it was sent
//   - a front end whose own field names are known is sent those names, so another name is only
//     a fault where no one sends it

// bodyUnread finds endpoint-body.
func bodyUnread(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) *finding.Cause {
	if a.Method != "POST" && a.Form != "query" {
		return nil
	}
	code := facts.CodeOf(f)
	noParser := code != nil && !code.JSONBody && a.Method == "POST"
	proof := slices.Clone(ev)
	if noParser {
		proof = append(proof, finding.Evidence{Label: "body parser in the source", Got: "none", Want: "app.use(express.json())", Source: finding.LocAt(code.File, code.Line).String()})
	}
	sent, asJSON := sentAs[a.Form], facts.VariantWithToken(f, "json", "superset")
	switch {
	case sent != "" && asJSON != nil && (!facts.GivesToken(a) || namesNobody(facts.AnswerToken(f, a))):
		return otherType(f, a, sent, append(proof, finding.Evidence{Label: "the same as JSON with its type (application/json)", Got: parts.AnswerLine(asJSON), Source: request(asJSON)}))
	case facts.GivesToken(a):
		if !noParser || a.Form == "query" {
			return nil
		}
		t := facts.AnswerToken(f, a)
		if !namesNobody(t) {
			return nil
		}
		proof = append(proof, finding.Evidence{Label: "user_id in the token", Got: userIDText(t), Want: f.Target.UserID, Source: request(a)})
		return bodyCause(f, finding.Proven, "The endpoint doesn't parse the JSON body: userId was sent, and the token has no user.", true, proof)
	case a.Status == 415 && a.Method == "POST":
		return bodyCause(f, finding.Proven, "The endpoint rejects a JSON body (415), and that is what the front end sends.", noParser, proof)
	case a.Status < 400:
		if a.JSON && a.Status == 200 && signature.ErrorField.MatchString(signature.Words(a)) && said.NoUser(a) {
			return bodyCause(f, finding.Likely, "The endpoint says that the user's ID is missing, although it was sent.", noParser, proof)
		}
		return nil
	case a.Status == 401 || a.Status == 403 || a.Status == 404 || a.Status == 405:
		return nil
	}
	all := facts.VariantWithToken(f, "superset", "query")
	if v := facts.VariantWithToken(f, "urlencoded"); v != nil && all == nil { // the form has other names besides, and so has the superset
		if fetch := facts.FrontFetch(f); fetch != nil && fetch.Native && fetch.Type != "json" {
			return nil // an app may well send a form: that it sends JSON is badsig's own doing
		}
		proof = append(proof, finding.Evidence{Label: "the same as form fields (application/x-www-form-urlencoded)", Got: parts.AnswerLine(v), Source: request(v)})
		return bodyCause(f, finding.Proven, "The endpoint reads only form fields: the same request works when sent urlencoded, but not as JSON.", true, proof)
	}
	if said.NoBody(a, code != nil && code.JSONBody) {
		certainty := finding.Likely
		if noParser || affix.Contains(signature.Words(a), "body") {
			certainty = finding.Proven
		}
		return bodyCause(f, certainty, "The handler reads userId from a body that was never parsed: its own error says the body is undefined.", true, proof)
	}
	if noParser && code.BodyRead && a.Status >= 500 && !signature.OwnTrouble.MatchString(signature.Words(a)) {
		return bodyCause(f, finding.Likely, fmt.Sprintf("The endpoint fails (%d), and its source reads the request's body without a parser for it: the body is undefined there.", a.Status), true, proof)
	}
	if unfilled(f) != "" {
		return nil // the front end sends more than badsig can
	}
	if v := all; v != nil && (a.Status == 400 || a.Status == 422 || said.NoUser(a) || readsOther(f)) {
		if fetch := facts.FrontFetch(f); fetch != nil && len(fetch.Body) == 0 {
			return nil // the front end's own names are not known
		}
		proof = append(proof, finding.Evidence{Label: "with the ID under other names as well", Got: parts.AnswerLine(v), Source: request(v)})
		return otherName(f, a, proof)
	}
	if (a.Status == 400 || a.Status == 422 || a.Status >= 500) && said.NoUser(a) {
		certainty := finding.Likely
		if noParser {
			certainty = finding.Proven
		}
		return bodyCause(f, certainty, "The endpoint says that the user's ID is missing, although it was sent.", noParser, proof)
	}
	return nil
}

// sentAs are the types of body that a front end may send in JSON's place.
var sentAs = map[string]string{
	"text":       "text/plain, because it sets no Content-Type header",
	"urlencoded": "form fields (application/x-www-form-urlencoded)",
	"multipart":  "a multipart form (multipart/form-data)",
	"object":     "the string \"[object Object]\", because nothing makes JSON of the object",
}

// otherType blames a front end whose body has a type that the endpoint does not parse.
func otherType(f *facts.Facts, a *facts.Answer, sent string, ev []finding.Evidence) *finding.Cause {
	loc := parts.ReplyAt(f)
	if fetch := facts.FrontFetch(f); fetch != nil {
		loc = finding.LocAt(fetch.File, fetch.Line)
		if fetch.TypeAt.Line > 0 {
			loc = finding.LocAt(fetch.TypeAt.File, fetch.TypeAt.Line)
		}
	}
	parser, app := middlewareAt(f)
	c := finding.New(causes.EndpointBody, finding.Proven,
		fmt.Sprintf("The front end sends its body as %s, and the endpoint parses only JSON: with the same fields as application/json it returns a token.", sent), loc, ev, jsonStep(loc))
	if a.Form != "object" {
		c.Fix = append(c.Fix, finding.Step{Text: "Or " + parts.InLine(parser) + "add a parser for what is sent: " + map[string]string{"text": app + ".use(express.json({ type: '*/*' }))",
			"urlencoded": app + ".use(express.urlencoded({ extended: false }))", "multipart": "a multipart parser such as multer().none()"}[a.Form]})
	}
	return &c
}

func bodyCause(f *facts.Facts, c finding.Certainty, summary string, parser bool, ev []finding.Evidence) *finding.Cause {
	loc, app := middlewareAt(f)
	first := finding.Step{Text: parts.Sentence(parts.InLine(loc) + "add " + app + ".use(express.json()) before the routes")}
	switch code := facts.CodeOf(f); {
	case code != nil && code.AppMaker == "new Koa":
		first = finding.Step{Text: parts.Sentence(parts.InLine(loc) + "add " + app + ".use(bodyParser()) of koa-bodyparser before the routes")}
	case code != nil && code.App == "":
		first = finding.Step{Text: parts.Sentence(parts.InLine(loc) + "parse the request's JSON body before it's used")}
	}
	if code := facts.CodeOf(f); !parser || code != nil && !inNode(code) {
		loc = parts.ReadsIDAt(f)
		first = finding.Step{Text: parts.Sentence(parts.InLine(loc) + "read the field that is sent: " + strings.Join(sentNames(f), ", "))}
	}
	return new(finding.New(causes.EndpointBody, c, summary, loc, ev, first,
		finding.Step{Text: "Make sure that the front end sends Content-Type: application/json with the body"}, parts.RestartStep(f)))
}

func otherName(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) *finding.Cause {
	sent := strings.Join(sentNames(f), ", ")
	out := finding.New(causes.EndpointBody, finding.Proven,
		fmt.Sprintf("The endpoint reads the user ID under a different name than it's sent: it rejects %s and returns a token when user_id or id is sent as well.", sent),
		parts.ReadsIDAt(f), ev,
		finding.Step{Text: parts.Sentence(parts.InLine(parts.ReadsIDAt(f)) + "read the name that is sent (" + sent + ")")})
	if fetch := facts.FrontFetch(f); fetch != nil {
		out.Fix = append(out.Fix, finding.Step{Text: "Or " + parts.InLine(finding.LocAt(fetch.File, fetch.Line)) + "send the name that the endpoint reads"})
	}
	out.Fix = append(out.Fix, parts.RestartStep(f))
	out.Title = "The endpoint reads the user ID under another name"
	return &out
}

// readsOther tells a handler whose source reads the ID from a field of the body
// that is not among those that are sent.
func readsOther(f *facts.Facts) bool {
	s := f.Site()
	return s != nil && s.User.Known.Sure() && s.User.From == "body" && s.User.Name != "" && facts.FrontFetch(f) != nil && !facts.FrontFetch(f).BodyOpen && !facts.OneOf(sentNames(f), s.User.Name)
}

// sentNames are the fields of the main request.
func sentNames(f *facts.Facts) []string {
	if fetch := facts.FrontFetch(f); fetch != nil && len(fetch.Body) > 0 {
		return fetch.Body
	}
	return []string{"userId", "userName"}
}

// namesNobody tells whether a token was signed for an id that never arrived:
// the text undefined, or no identity at all under any name.
func namesNobody(t *facts.Token) bool {
	if t == nil {
		return false
	}
	if id, ok := t.Claims["user_id"].(string); ok {
		return facts.HasFlaw(t, tokens.FlawUserText) || id == ""
	}
	if t.Claims == nil || t.Claims["user_id"] != nil || t.Claims["server"] != nil {
		return false
	}
	for _, name := range []string{"userId", "userID", "uid", "id", "sub", "user", "username"} {
		if t.Claims[name] != nil {
			return false
		}
	}
	return true
}

//go:noinline
func userIDText(t *facts.Token) string {
	v, ok := t.Claims["user_id"]
	if !ok {
		return "absent"
	}
	return fmt.Sprint(v)
}

// sourceType finds a request whose body has a type that the handler's parser doesn't read.
func sourceType(f *facts.Facts) []finding.Cause {
	for _, m := range meet.All(f) {
		e := m.Entry(f)
		if m.Answered || e == nil || !(m.Fetch.Type == "text" && e.Typed || m.Fetch.Type == "object" && e.User.From == "body" && e.User.Known.Sure()) {
			continue
		}
		at := finding.LocAt(m.Fetch.TypeAt.File, m.Fetch.TypeAt.Line)
		c := finding.New(causes.EndpointBody, finding.Likely, "The front end sends its body as "+sentAs[m.Fetch.Type]+", and the endpoint parses only JSON.", at,
			[]finding.Evidence{{Label: "body of the request", Got: sentAs[m.Fetch.Type], Want: "JSON with its type (application/json)", Source: at.String()}, {Label: "the handler reads", Got: e.User.Name, Source: facts.At(e.File, e.Line)}}, jsonStep(at))
		return []finding.Cause{meet.BothRead(c, m.Fetch)}
	}
	return nil
}

func jsonStep(at *finding.Location) finding.Step {
	return finding.Step{Text: parts.Sentence(parts.InLine(at) + "send JSON with its type: headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId, userName })")}
}

// sourceBody finds a handler that reads the user of a body for which its server has no parser.
func sourceBody(f *facts.Facts) []finding.Cause {
	if c := sourceType(f); c != nil {
		return c
	}
	code := facts.CodeOf(f)
	if code == nil || code.Language != "" || code.JSONBody || !code.BodyRead || code.Open || facts.FirstToken(f, "backend") != nil {
		return nil
	}
	for _, s := range runningSites(f) {
		for _, e := range entriesOf(f, s) {
			if e.Method != "POST" || e.Server < 0 || &f.Project.Servers[e.Server] != code || !(e.User.From == "body" && e.User.Known.Sure() || len(e.Fields) > 0 && e.Known.Sure()) {
				continue
			}
			c := bodyCause(f, finding.Likely, "The handler reads fields of the body, and the backend has no parser for JSON: the body is undefined there.", true,
				[]finding.Evidence{{Label: "body parser in the source", Got: "none", Want: "app.use(express.json())", Source: facts.At(e.File, e.Line)}})
			if c != nil {
				return []finding.Cause{readInSource(*c, s)}
			}
		}
	}
	return nil
}

// appAt is where a middleware goes: the line that has one already, else the
// file where the server listens, which has the app. A router has none.
func appAt(f *facts.Facts) *finding.Location {
	code := facts.CodeOf(f)
	if code == nil {
		return parts.HandlerAt(f)
	}
	if code.CORSFile != "" {
		return finding.LocAt(code.CORSFile, code.CORSLine)
	}
	if code.AppFile != "" {
		return finding.LocAt(code.AppFile, code.AppLine)
	}
	at := parts.HandlerAt(f)
	for _, p := range code.Ports {
		if p.File != "" && inCodeFile(p.File) && (at == nil || at.File != p.File) {
			return finding.LocAt(p.File, p.Line)
		}
	}
	if at != nil && code.Entry != "" && at.File != code.Entry && len(code.Ports) == 0 {
		return finding.LocAt(code.Entry, 0)
	}
	return at
}

// middlewareAt is that place, and what the app is called there.
func middlewareAt(f *facts.Facts) (loc *finding.Location, app string) {
	code := facts.CodeOf(f)
	if code == nil || code.AppFile == "" {
		return parts.HandlerAt(f), "app"
	}
	return finding.LocAt(code.AppFile, code.AppLine), code.App
}

// inCodeFile tells source from .env files, which name ports too.
func inCodeFile(file string) bool {
	switch affix.Ext(file) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".py", ".go", ".rb", ".php", ".java", ".kt", ".cs":
		return true
	}
	return false
}

// inNode tells whether a server's source is JavaScript or TypeScript.
func inNode(code *facts.ServerCode) bool {
	if code.Language != "" {
		return false
	}
	switch affix.Ext(code.File) {
	case ".py", ".go", ".rb", ".php":
		return false
	}
	return true
}
