package langread

import (
	"strings"
)

// client is how Stream's client is made: with which key and which secret.
type client struct {
	n      *node // the construction
	fn     *fn
	key    *node
	secret *node
	env    [2]string // of a client that reads the environment itself: key's and secret's variables
	guess  bool      // which client signs was told by being the only one
}

// constructor is one row of the table of Stream's clients. Arguments count by
// position and by name, whatever the variables are called.
type constructor struct {
	lang, name string
	in         string    // a word of the import, or of the callee's path, that must be there
	key        int       // position, -1: none
	secret     int       //
	env        [2]string // without arguments: the variables that the client reads itself
}

var constructorsOf = []constructor{
	{Python, "StreamChat", "", 0, 1, [2]string{"STREAM_KEY", "STREAM_SECRET"}},
	{Python, "StreamChatAsync", "", 0, 1, [2]string{}},
	{Python, "Stream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Python, "AsyncStream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Python, "GetStream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Python, "from_env", "stream", -1, -1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Python, "connect", "stream", 0, 1, [2]string{}},
	{Go, "NewClient", "stream", 0, 1, [2]string{}},
	{Go, "New", "getstream", 0, 1, [2]string{}},
	{Go, "NewClientFromEnvVars", "stream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}},
	{Go, "NewStream", "getstream", 0, 1, [2]string{}},
	{PHP, "Client", "getstream", 0, 1, [2]string{}},
	{PHP, "StreamClient", "getstream", 0, 1, [2]string{}},
	{PHP, "StreamChat", "getstream", 0, 1, [2]string{}},
	{PHP, "GetStreamClient", "getstream", 0, 1, [2]string{}},
	{Ruby, "Client.new", "stream", 0, 1, [2]string{}},
	{Ruby, "Client.from_env", "stream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}},
	{Ruby, "GetStreamRuby.manual", "", 0, 1, [2]string{}},
	{Ruby, "GetStreamRuby.env", "", -1, -1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Java, "StreamSDKClient", "getstream", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Java, "StreamHTTPClient", "getstream", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
	{Java, "Client.builder", "getstream", 0, 1, [2]string{}},
	{Java, "DefaultClient", "getstream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}},
	{CSharp, "StreamClientFactory", "", 0, 1, [2]string{"STREAM_KEY", "STREAM_SECRET"}},
	{CSharp, "StreamClient", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}},
}

// constructorOf tells a call that makes Stream's client.
func (pr *program) constructorOf(n *node, f *fn) *client {
	lang := pr.lang
	if lang == Kotlin {
		lang = Java
	}
	path := calleePath(n.x)
	for i := range constructorsOf {
		c := &constructorsOf[i]
		if c.lang != lang || !endsPath(path, c.name) && !pr.namedAs(f.unit, path, c.name) {
			continue
		}
		if c.in != "" && !pr.comesFrom(f.unit, path, c.in) || c.in == "" && len(pr.classes[c.name]) > 0 {
			continue
		}
		cl := &client{n: n, fn: f}
		cl.key, cl.secret = keyAndSecret(n, c.key, c.secret)
		if cl.secret == nil {
			cl.env = c.env
			if lang == Go && strings.Contains(strings.ToLower(pr.full(f.unit, path)), "getstream-go") {
				cl.env = [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}
			}
			if cl.env[1] == "" {
				continue
			}
		}
		return cl
	}
	if cl := pr.builder(n, f); cl != nil {
		return cl
	}
	return nil
}

// endsPath reports whether a path is a name, or ends in it.
func endsPath(path, name string) bool {
	path = strings.ReplaceAll(path, `\`, ".")
	return path == name || strings.HasSuffix(path, "."+name)
}

// namedAs reports whether a name is another name for a class.
func (pr *program) namedAs(u *Unit, path, name string) bool {
	full := u.imports[strings.TrimPrefix(path, `\`)]
	return full != "" && lastPart(full) == name && pr.lang != Go
}

// full is a callee with the module that its first name is imported from.
func (pr *program) full(u *Unit, path string) string {
	first, _, _ := strings.Cut(path, ".")
	if m := u.imports[first]; m != "" {
		return m + " " + path
	}
	return path
}

// comesFrom reports whether a callee belongs to a module whose name holds a word.
func (pr *program) comesFrom(u *Unit, path, word string) bool {
	if strings.Contains(strings.ToLower(pr.full(u, path)), word) {
		return true
	}
	if pr.lang == Ruby || pr.lang == CSharp || pr.lang == PHP {
		return false
	}
	for _, m := range u.imports { // import io.getstream.client.*
		if strings.Contains(strings.ToLower(m), word) && strings.HasSuffix(m, "*") {
			return true
		}
	}
	return false
}

// keyAndSecret picks a call's arguments by their names, else by position.
func keyAndSecret(n *node, k, s int) (key, secret *node) {
	plain := 0
	for _, a := range n.args {
		name := strings.ToLower(strings.ReplaceAll(a.name, "_", ""))
		if a.key != nil {
			name = strings.ToLower(strings.ReplaceAll(a.key.text, "_", ""))
		}
		switch {
		case name == "apikey" || name == "key":
			key = a.x
		case name == "apisecret" || name == "secret" || name == "apisecretkey":
			secret = a.x
		case name == "":
			if plain == k && key == nil {
				key = a.x
			}
			if plain == s && secret == nil {
				secret = a.x
			}
			plain++
		}
	}
	return key, secret
}

// builder reads new ClientBuilder()->apiKey(…)->apiSecret(…)->build().
func (pr *program) builder(n *node, f *fn) *client {
	if l := n.x.last(); l != "build" && l != "Build" && l != "create" {
		return nil
	}
	cl := &client{n: n, fn: f}
	for x := n.x.x; x != nil; x = x.x {
		if x.kind != kCall {
			continue
		}
		switch strings.ToLower(x.x.last()) {
		case "apikey", "withapikey":
			if len(x.args) > 0 {
				cl.key = x.args[0].x
			}
		case "apisecret", "withapisecret":
			if len(x.args) > 0 {
				cl.secret = x.args[0].x
			}
		case "fromenv":
			cl.env = [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}
		case "builder": // Client.builder(key, secret)
			if pr.comesFrom(f.unit, calleePath(x.x), "getstream") {
				cl.key, cl.secret = keyAndSecret(x, 0, 1)
			}
		}
	}
	if cl.secret != nil || cl.env[1] != "" && pr.speaksOfStream(f.unit) {
		return cl
	}
	return nil
}

// speaksOfStream reports whether a file imports Stream's library.
func (pr *program) speaksOfStream(u *Unit) bool {
	for _, m := range u.imports {
		low := strings.ToLower(m)
		if strings.Contains(low, "getstream") || strings.Contains(low, "stream_chat") || strings.Contains(low, "stream-chat") || strings.Contains(low, "streamchat") || low == "stream" || strings.HasPrefix(low, "stream.") {
			return true
		}
	}
	for _, c := range pr.calls["require"] {
		if c.fn.unit == u && strings.Contains(strings.ToLower(literalArg(c.n, 0)), "stream") {
			return true
		}
	}
	return false
}

// clientOf follows an object to the construction of Stream's client.
func (pr *program) clientOf(n *node, f frame, depth int) *client {
	if n == nil || depth > 10 || pr.steps > maxSteps {
		return nil
	}
	pr.steps++
	switch n.kind {
	case kCall:
		if c := pr.constructorOf(n, f.fn); c != nil {
			return c
		}
		for _, g := range pr.reachable(n, f) {
			b := pr.bind(g, n, f)
			for _, r := range returnsOf(g) {
				if c := pr.clientOf(r, frame{fn: g, bound: b.bound}, depth+1); c != nil {
					return c
				}
			}
		}
		if pr.lang != Python && pr.lang != Ruby || n.x.kind == kMember { // factory.GetUserClient(), client.video
			if c := pr.clientOf(n.x.x, f, depth+1); c != nil {
				return c
			}
		}
		if n.x.last() == "Depends" && len(n.args) > 0 {
			return pr.clientOf(&node{kind: kCall, x: n.args[0].x, line: n.line}, f, depth+1)
		}
		if n.x.last() == "bind" || n.x.last() == "singleton" { // Laravel's container
			for _, a := range n.args {
				if a.x != nil && a.x.kind == kFunc {
					return pr.clientOf(&node{kind: kCall, x: a.x}, f, depth+1)
				}
			}
		}
		if n.x.kind == kFunc && n.x.scope != nil {
			for _, r := range returnsOf(n.x.scope) {
				if c := pr.clientOf(r, frame{fn: n.x.scope}, depth+1); c != nil {
					return c
				}
			}
		}
	case kEither:
		if c := pr.clientOf(n.x, f, depth+1); c != nil {
			return c
		}
		return pr.clientOf(n.y, f, depth+1)
	case kName:
		return pr.clientNamed(n, f, depth)
	case kMember:
		return pr.clientMember(n, f, depth)
	case kIndex: // app.config["stream"]
		if n.y != nil && n.y.kind == kString {
			for _, w := range pr.writes[n.y.text] {
				if w.how == wKey && w.x != nil {
					if c := pr.clientOf(w.x, frame{fn: w.fn}, depth+1); c != nil {
						return c
					}
				}
			}
		}
	}
	return nil
}

func (pr *program) clientNamed(n *node, f frame, depth int) *client {
	if b, ok := f.bound[n.text]; ok {
		return pr.clientOf(b.n, b.f, depth+1)
	}
	try := func(ws []*write) *client {
		for _, w := range ws {
			if w.x == nil || w.nth > 0 {
				continue
			}
			if c := pr.clientOf(w.x, frame{fn: w.fn}, depth+1); c != nil {
				return c
			}
		}
		return nil
	}
	for g := f.fn; g != nil; g = g.parent {
		if c := try(pr.writesIn(n.text, g)); c != nil {
			return c
		}
		q, i := g.param(n.text)
		if i < 0 {
			continue
		}
		if q.value != nil {
			if c := pr.clientOf(q.value, frame{fn: g}, depth+1); c != nil {
				return c
			}
		}
		for _, m := range q.marks {
			var dep *client
			m.eachOutside(func(x *node) {
				if dep == nil && x.kind == kCall && x.x.last() == "Depends" {
					dep = pr.clientOf(x, frame{fn: g}, depth+1)
				}
			})
			if dep != nil {
				return dep
			}
		}
		for _, c := range pr.callersOf(g) {
			if a := argumentFor(g, c.n, i, n.text); a != nil {
				if cl := pr.clientOf(a, frame{fn: c.fn}, depth+1); cl != nil {
					return cl
				}
			}
		}
		return pr.clientOfType(q.typ, f.fn.unit)
	}
	if f.fn.class != nil {
		ws := pr.fieldsOf(n.text, f.fn.class)
		if c := try(ws); c != nil {
			return c
		}
		for _, w := range ws {
			if c := pr.clientOfType(w.typ, w.fn.unit); c != nil {
				return c
			}
		}
	}
	if c := try(pr.topWrites(n.text, f.fn.unit)); c != nil {
		return c
	}
	if pr.lang == Ruby { // a method called without brackets
		return pr.clientReturned(n, f, depth)
	}
	return nil
}

// clientReturned follows a method of Ruby that is called without brackets.
func (pr *program) clientReturned(n *node, f frame, depth int) *client {
	for _, m := range pr.reachable(n, f) {
		for _, r := range returnsOf(m) {
			if c := pr.clientOf(r, frame{fn: m}, depth+1); c != nil {
				return c
			}
		}
	}
	return nil
}

func (pr *program) clientMember(n *node, f frame, depth int) *client {
	for _, key := range []string{n.text, "$" + n.text} {
		for _, w := range pr.writes[key] {
			if w.x == nil || w.how == wName && (w.fn.parent != nil || pr.lang == PHP) && w.name[0] != '@' {
				continue
			}
			if c := pr.clientOf(w.x, frame{fn: w.fn}, depth+1); c != nil {
				return c
			}
		}
		for _, w := range pr.writes[key] {
			if w.how == wField || w.how == wName && w.fn.parent == nil {
				if c := pr.clientOfType(w.typ, w.fn.unit); c != nil {
					return c
				}
			}
		}
	}
	if c := f.fn.class; c != nil {
		for _, m := range c.methods {
			if q, i := m.param("$" + n.text); i >= 0 {
				if cl := pr.clientOfType(q.typ, m.unit); cl != nil {
					return cl
				}
			}
			if m.name == n.text && (pr.lang == Ruby || pr.lang == Python) {
				for _, r := range returnsOf(m) {
					if cl := pr.clientOf(r, frame{fn: m}, depth+1); cl != nil {
						return cl
					}
				}
			}
		}
	}
	if pr.lang == Ruby {
		if c := pr.clientReturned(n, f, depth); c != nil {
			return c
		}
	}
	return pr.clientOf(n.x, f, depth+1) // client.video, StreamConfig.client
}

// clientOfType finds the only client that the program makes, for an object
// that is declared to be one and is put in by a container.
func (pr *program) clientOfType(typ string, u *Unit) *client {
	t := strings.TrimLeft(typ, `*?\`)
	low := strings.ToLower(pr.full(u, t))
	if t == "" || !strings.Contains(low, "stream") && !pr.speaksOfStream(u) || !strings.Contains(strings.ToLower(lastPart(t)), "client") && !strings.Contains(strings.ToLower(lastPart(t)), "stream") {
		return nil
	}
	return pr.onlyClient()
}

// onlyClient is the client of the program, where it makes one in one way.
func (pr *program) onlyClient() *client {
	var only *client
	for _, c := range pr.all {
		cl := pr.constructorOf(c.n, c.fn)
		if cl == nil {
			continue
		}
		if only != nil && only.n != cl.n {
			return nil
		}
		only = cl
	}
	if only != nil {
		only.guess = true
	}
	return only
}
