package jsread

import (
	"strings"

	"badsig/checks/affix"
)

// Which calls and fields are worth keeping, and which calls only wrap a value.

//go:noinline
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// calleeNames are last names of callees.
var calleeNames = set(`
	sign verify decode encode jwtVerify SignJWT setProtectedHeader setIssuedAt setExpirationTime setSubject createHmac createHash update digest
	createSecretKey importKey randomBytes randomUUID
	StreamChat StreamClient StreamVideoClient StreamFeeds FeedsClient StreamServerClient StreamVideo getInstance getOrCreateInstance connect
	createToken createUserToken generateUserToken generatePermanentUserToken generateCallToken createCallToken createUserSessionToken upsertUser
	upsertUsers devToken createGuestToken connectUser setUser connectAnonymousUser setGuestUser useCreateChatClient UserFromToken
	revokeUserToken revokeTokens createCallTokenAsync
	express Router Hono Elysia Fastify fastify Koa createServer listen serve startStandaloneServer handler defineAction query command form get post put patch delete del all use route options head register on
	Get Post Put All Controller
	fetch ofetch $fetch useFetch axios request ajax create XMLHttpRequest open setRequestHeader useSWR useSWRImmutable useSWRMutation useQuery queryOptions createApi fetchBaseQuery extend useAsyncData useLazyFetch useRuntimeConfig rewrites invoke submit load injectEndpoints enhanceEndpoints createClient createBrowserClient
	config expand configDotenv loadEnv loadEnvConfig loadEnvFile populate json urlencoded text raw bodyParser cors Cors enableCors setHeader header set
	from TextEncoder now round ceil floor
	getItem setItem removeItem
	defineConfig defineNuxtConfig createProxyMiddleware createRequestHandler fork
	require import readFileSync readFile
`)

// keepsToken are parts of the names of a project's own functions around tokens.
var keepsToken = strings.Fields("token secret jwt stream sign credential apikey cors")

// fieldParts are parts of the names of fields worth keeping, fieldNames whole ones.
var (
	fieldParts = strings.Fields("key secret token jwt url uri endpoint host port origin proxy target auth credential password user_id userid env stream cors dotenv server base prefix domain")
	fieldNames = set("to user id name path username user_name email useremail")
)

// nameFacts is what a name says, worked out once a name: a file repeats few names often.
type nameFacts struct {
	field, token, helper bool
}

func factsIn(p *parser, name string) nameFacts {
	if f, ok := p.names[name]; ok {
		return f
	}
	low := strings.ToLower(name)
	has := func(parts []string) bool {
		for _, w := range parts {
			if affix.Contains(low, w) {
				return true
			}
		}
		return false
	}
	f := nameFacts{field: fieldNames[low] || has(fieldParts), token: has(keepsToken), helper: envHelper.MatchString(name)}
	p.names[name] = f
	return f
}

// worthKnowing tells whether a call is kept.
func worthKnowing(p *parser, callee, name string, args []Expr) bool {
	if calleeNames[name] {
		switch name {
		case "round", "ceil", "floor":
			return affix.HasPrefix(callee, "Math.") && mentions(args, "Date", 4)
		case "from":
			return affix.HasSuffix(callee, "Buffer.from") || affix.HasSuffix(callee, "Array.from")
		case "on", "set", "header", "open", "update", "text", "raw", "create", "now", "head", "delete", "options":
			return len(args) > 0
		}
		return true
	}
	if factsIn(p, name).token || affix.HasPrefix(callee, "axios.") {
		return true
	}
	for _, a := range args {
		if addressed(a) {
			return true
		}
		first := a
		for (first.Kind == Either || first.Kind == Wrapped) && len(first.Parts) > 0 { // Number(process.env.PORT) || 3001
			first = first.Parts[0]
		}
		if first.Kind == Env || port(a) && starts(name) || handsOver(p, a) {
			return true
		}
	}
	return false
}

// port tells a number of four or five digits: new App(3001).
func port(a Expr) bool {
	return (a.Kind == Literal || a.Kind == Number) && (len(a.Text) == 4 || len(a.Text) == 5) && strings.Trim(a.Text, "0123456789") == ""
}

// starts tells a class, or a function that is called after what starts a server.
func starts(name string) bool {
	low := strings.ToLower(name)
	return name != "" && name[0] >= 'A' && name[0] <= 'Z' || affix.Contains(low, "start") || affix.Contains(low, "serve") || affix.Contains(low, "boot")
}

// handsOver tells an argument that is called a secret or key, or has a field that is, or a string of their shape.
func handsOver(p *parser, a Expr) bool {
	switch a.Kind {
	case Literal:
		return (len(a.Text) == 12 || len(a.Text) == 64) && strings.Trim(a.Text, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
	case Ident:
		return factsIn(p, last(a.Text)).token
	case Wrapped:
		return len(a.Parts) > 0 && a.Parts[0].Kind == Ident && factsIn(p, last(a.Parts[0].Text)).token
	case Object:
		for _, k := range a.Keys() {
			if factsIn(p, k).token {
				return true
			}
		}
	}
	return false
}

// addressed tells an argument that begins like a URL or a path of one.
func addressed(a Expr) bool {
	if a.Kind == Template && len(a.Parts) > 0 {
		if addressed(a.Parts[0]) {
			return true
		}
		return len(a.Parts) > 1 && a.Parts[1].Kind == Literal && affix.HasPrefix(a.Parts[1].Text, "/") && (a.Parts[0].Kind == Ident || a.Parts[0].Kind == Env)
	}
	if a.Kind != Literal || len(a.Text) < 2 {
		return false
	}
	return a.Text[0] == '/' && (a.Text[1]|0x20 >= 'a' && a.Text[1]|0x20 <= 'z' || a.Text[1] == '$') || affix.HasPrefix(a.Text, "http://") || affix.HasPrefix(a.Text, "https://")
}

// mentions tells whether a path beginning with a name is in the expressions, looked for to a depth.
func mentions(es []Expr, name string, depth int) bool {
	for _, e := range es {
		if (e.Kind == Ident || e.Kind == CallExpr) && (e.Text == name || affix.HasPrefix(e.Text, name+".") || e.Text == "new "+name) {
			return true
		}
		if e.On() != nil && depth > 0 && mentions([]Expr{*e.On()}, name, depth-1) {
			return true
		}
		if depth > 0 && mentions(e.Parts, name, depth-1) {
			return true
		}
	}
	return false
}

// field keeps a field, an assignment or an attribute.
func field(p *parser, name, object string, e Expr, line int) {
	if len(p.m.Fields) >= maxCalls || name == "" {
		return
	}
	env := e.Kind == Env || e.Kind == Either && len(e.Parts) > 0 && e.Parts[0].Kind == Env
	if object == "" && e.Kind != Literal && !env || e.Kind == Func && e.Text == name {
		if object == "" || !factsIn(p, name).field {
			return
		}
	}
	if !env && object != "process.env" && !factsIn(p, name).field && (name != "value" || !provides(object)) && (name != "..." || object == "" || object[0] < 'A' || object[0] > 'Z') {
		return
	}
	if !p.keeps(entrySize, e) {
		return
	}
	p.m.Fields = append(p.m.Fields, Field{Name: name, Expr: e, Line: line, Object: object, Scope: p.scope})
}

// provides tells an element that gives its value to all that is in it: <AuthContext.Provider value={auth}>.
func provides(element string) bool {
	return affix.HasSuffix(element, ".Provider") || affix.HasSuffix(element, "Context") || element == "SWRConfig"
}

// wrapCalls are functions that change or pass on their first argument.
var wrapCalls = set(`String Number parseInt parseFloat Boolean encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape btoa atob
	JSON.stringify JSON.parse Buffer.from Object.freeze structuredClone createSecretKey crypto.createSecretKey base64url.decode base64url.encode
	Uint8Array.from Math.floor Math.round Math.ceil Math.trunc`)

// wrapMethods are methods that change the text they are called on.
var wrapMethods = set(`trim trimEnd trimStart toString toLowerCase toUpperCase replace replaceAll slice substring substr split join padEnd padStart
	normalize valueOf`)

// encodes tells whether a callee is the encode of a TextEncoder.
func encodes(callee string) bool {
	on, ok := strings.CutSuffix(callee, ".encode")
	if !ok {
		return false
	}
	switch strings.ToLower(affix.TrimSuffix(last(on), "()")) {
	case "new textencoder", "encoder", "enc", "textencoder", "text_encoder", "utf8encoder", "utf8enc":
		return true
	}
	return false
}

// wrapping tells whether a call only wraps a value: the name of the wrapping,
// and the value where it is what the method is called on.
func wrapping(callee, name string, on *Expr, line int) (*Expr, string) {
	if wrapCalls[callee] {
		return nil, callee
	}
	if name == "encode" && encodes(callee) {
		return nil, "TextEncoder.encode"
	}
	if !wrapMethods[name] || len(callee) == len(name) {
		return nil, ""
	}
	if on != nil {
		if from, _, ok := imported(*on); ok && affix.TrimPrefix(from, "node:") == "path" { // require('path').join
			return nil, ""
		}
		return on, name
	}
	base := callee[:len(callee)-len(name)-1]
	if base == "path" || base == "Array" || base == "Object" {
		return nil, ""
	}
	return &Expr{Kind: Ident, Text: base, Line: line}, name
}
