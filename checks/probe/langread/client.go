package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// client is how Stream's client is made: with which key and which secret.
type client struct {
	n      *syntax.Node // the construction
	fn     *syntax.Fn
	key    *syntax.Node
	secret *syntax.Node
	env    [2]string // of a client that reads the environment itself: key's and secret's variables
	guess  bool      // which client signs was told by being the only one
	lives  bool      // its tokens are given how long they live, not when they end
}

// constructor is one row of the table of Stream's clients. Arguments count by
// position and by name, no matter what the variables are called.
type constructor struct {
	lang, name string
	in         string    // a word of the import, or of the callee's path, that must be there
	key        int       // position, -1: none
	secret     int       //
	env        [2]string // without arguments: the variables that the client reads itself
	lives      bool      // its tokens are given how long they live: create_token(id, expiration=3600)
}

var constructorsOf = []constructor{
	{syntax.Python, "StreamChat", "", 0, 1, [2]string{"STREAM_KEY", "STREAM_SECRET"}, false},
	{syntax.Python, "StreamChatAsync", "", 0, 1, [2]string{}, false},
	{syntax.Python, "Stream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Python, "AsyncStream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Python, "GetStream", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Python, "from_env", "stream", -1, -1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Python, "connect", "stream", 0, 1, [2]string{}, false},
	{syntax.Go, "NewClient", "stream", 0, 1, [2]string{}, false},
	{syntax.Go, "New", "getstream", 0, 1, [2]string{}, true},
	{syntax.Go, "NewClientFromEnvVars", "stream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}, false},
	{syntax.Go, "NewStream", "getstream", 0, 1, [2]string{}, true},
	{syntax.PHP, "Client", "getstream", 0, 1, [2]string{}, false},
	{syntax.PHP, "StreamClient", "getstream", 0, 1, [2]string{}, false},
	{syntax.PHP, "StreamChat", "getstream", 0, 1, [2]string{}, false},
	{syntax.PHP, "GetStreamClient", "getstream", 0, 1, [2]string{}, false},
	{syntax.Ruby, "Client.new", "stream", 0, 1, [2]string{}, false},
	{syntax.Ruby, "Client.from_env", "stream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}, false},
	{syntax.Ruby, "GetStreamRuby.manual", "", 0, 1, [2]string{}, true},
	{syntax.Ruby, "GetStreamRuby.env", "", -1, -1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Java, "StreamSDKClient", "getstream", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Java, "StreamHTTPClient", "getstream", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
	{syntax.Java, "TokenBuilder", "getstream", -1, 0, [2]string{}, true},
	{syntax.Java, "Client.builder", "getstream", 0, 1, [2]string{}, false},
	{syntax.Java, "DefaultClient", "getstream", -1, -1, [2]string{"STREAM_KEY", "STREAM_SECRET"}, false},
	{syntax.CSharp, "StreamClientFactory", "", 0, 1, [2]string{"STREAM_KEY", "STREAM_SECRET"}, false},
	{syntax.CSharp, "StreamClient", "", 0, 1, [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}, true},
}

// constructorOf tells a call that makes Stream's client.
func constructorOf(pr *flow.Program, n *syntax.Node, f *syntax.Fn) *client {
	lang := pr.Lang
	if lang == syntax.Kotlin {
		lang = syntax.Java
	}
	path := flow.CalleePath(n.X)
	for i := range constructorsOf {
		c := &constructorsOf[i]
		if c.lang != lang || !endsPath(path, c.name) && !namedAs(pr, f.Unit, path, c.name) {
			continue
		}
		if c.name == "DefaultClient" && len(n.Args) > 0 {
			continue // its properties are read where they are set
		}
		if c.in != "" && !comesFrom(pr, f.Unit, path, c.in) || c.in == "" && len(pr.Classes[c.name]) > 0 {
			continue
		}
		cl := &client{n: n, fn: f, lives: c.lives}
		cl.key, cl.secret = flow.KeyAndSecret(n, c.key, c.secret)
		if cl.secret == nil {
			cl.env = c.env
			if lang == syntax.Go && affix.Contains(strings.ToLower(full(pr, f.Unit, path)), "getstream-go") {
				cl.env = [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}
			}
			if cl.env[1] == "" {
				continue
			}
		}
		return cl
	}
	if cl := builder(pr, n, f); cl != nil {
		return cl
	}
	return nil
}

// endsPath reports whether a path is a name, or ends in it.
func endsPath(path, name string) bool {
	path = affix.ReplaceAll(path, `\`, ".")
	return path == name || affix.HasSuffix(path, "."+name)
}

// namedAs reports whether a name is another name for a class.
func namedAs(pr *flow.Program, u *syntax.Unit, path, name string) bool {
	full := u.Imports[affix.TrimPrefix(path, `\`)]
	return full != "" && syntax.LastPart(full) == name && pr.Lang != syntax.Go
}

// full is a callee with the module that its first name is imported from.
func full(pr *flow.Program, u *syntax.Unit, path string) string {
	first, _, _ := affix.Cut(path, ".")
	if m := u.Imports[first]; m != "" {
		return m + " " + path
	}
	return path
}

// comesFrom reports whether a callee belongs to a module whose name holds a word.
func comesFrom(pr *flow.Program, u *syntax.Unit, path, word string) bool {
	if affix.Contains(strings.ToLower(full(pr, u, path)), word) {
		return true
	}
	if pr.Lang == syntax.Ruby || pr.Lang == syntax.CSharp || pr.Lang == syntax.PHP {
		return false
	}
	for _, m := range u.Imports { // import io.getstream.client.*
		if affix.Contains(strings.ToLower(m), word) && affix.HasSuffix(m, "*") {
			return true
		}
	}
	return false
}

// builder reads new ClientBuilder()->apiKey(…)->apiSecret(…)->build().
func builder(pr *flow.Program, n *syntax.Node, f *syntax.Fn) *client {
	if l := n.X.Last(); l != "build" && l != "Build" && l != "create" {
		return nil
	}
	cl := &client{n: n, fn: f}
	for x := n.X.X; x != nil; x = x.X {
		if x.Kind != syntax.KCall {
			continue
		}
		switch strings.ToLower(x.X.Last()) {
		case "apikey", "withapikey":
			if len(x.Args) > 0 {
				cl.key = x.Args[0].X
			}
		case "apisecret", "withapisecret":
			if len(x.Args) > 0 {
				cl.secret = x.Args[0].X
			}
		case "fromenv":
			cl.env = [2]string{"STREAM_API_KEY", "STREAM_API_SECRET"}
		case "builder": // Client.builder(key, secret)
			if comesFrom(pr, f.Unit, flow.CalleePath(x.X), "getstream") {
				cl.key, cl.secret = flow.KeyAndSecret(x, 0, 1)
			}
		}
	}
	if cl.secret != nil || cl.env[1] != "" && speaksOfStream(pr, f.Unit) {
		return cl
	}
	return nil
}

// speaksOfStream reports whether a file imports Stream's library.
func speaksOfStream(pr *flow.Program, u *syntax.Unit) bool {
	for _, m := range u.Imports {
		low := strings.ToLower(m)
		if affix.Contains(low, "getstream") || affix.Contains(low, "stream_chat") || affix.Contains(low, "stream-chat") || affix.Contains(low, "streamchat") || low == "stream" || affix.HasPrefix(low, "stream.") {
			return true
		}
	}
	for _, c := range pr.Calls["require"] {
		if c.Fn.Unit == u && affix.Contains(strings.ToLower(flow.LiteralArg(c.N, 0)), "stream") {
			return true
		}
	}
	return false
}
