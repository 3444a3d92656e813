package scenarios

// takes is Express5 whose response carries a session token as token, and Stream's as streamToken.
var takes = []Edit{Append("server/.env", "JWT_SECRET=session-secret-of-ours\n"), Sub("server/index.js", "import cors from 'cors'", "import cors from 'cors'\nimport jwt from 'jsonwebtoken'"),
	Respond("res.json({ token: jwt.sign({ sub: userId, role: 'user' }, process.env.JWT_SECRET, { expiresIn: '15m' }), streamToken: token })")}

// bearsText is Express5 whose response is the token as plain text, with a newline.
var bearsText = Respond("res.type('text').send(token + '\\n')")

// alone is Express5 whose front end lives in another repository.
var alone = []Edit{Del("stream/package.json"), Del("stream/src/App.jsx"), Del("stream/src/services/tokenService.js"), Del("stream/src/config/streamConfig.js")}

// fetchedConfig is a front end that fetches its key when it starts.
func fetchedConfig(key string) []Edit {
	return []Edit{Put("stream/public/config.json", "{\n  \"streamApiKey\": \""+key+"\"\n}\n"), Put("stream/src/config/streamConfig.js", "export const TOKEN_ENDPOINT = 'http://localhost:{{PORT}}/api/stream/token';\nexport const settings = () => fetch('/config.json').then((r) => r.json());\n"),
		Sub("stream/src/App.jsx", "import { STREAM_API_KEY } from", "import { settings } from"), Sub("stream/src/App.jsx", "    const chat = StreamChat.getInstance(STREAM_API_KEY);\n    chat.connectUser(", "    settings().then((config) => StreamChat.getInstance(config.streamApiKey)).then((chat) => chat.connectUser("),
		Sub("stream/src/App.jsx", ".then(() => setClient(chat));\n    return () => { chat.disconnectUser(); };", ".then(() => setClient(chat)));")}
}

// metaKey is a page that carries the key in its head.
func metaKey(key string) []Edit {
	return []Edit{Put("stream/public/index.html", "<!doctype html>\n<html>\n  <head>\n    <meta name=\"stream-api-key\" content=\""+key+"\">\n  </head>\n  <body><div id=\"root\"></div></body>\n</html>\n"),
		Sub("stream/src/config/streamConfig.js", "'{{K1}}'", "document.querySelector('meta[name=\"stream-api-key\"]').content")}
}

// definedKey is a key that Vite puts into the code.
func definedKey(key string) []Edit {
	return []Edit{Sub("client/vite.config.js", "plugins: [react()]", "define: { __STREAM_KEY__: JSON.stringify('"+key+"') }, plugins: [react()]"), Sub("client/src/chat.js", "import.meta.env.VITE_STREAM_API_KEY", "__STREAM_KEY__"), Sub("client/.env", "VITE_STREAM_API_KEY={{K1}}\n", "")}
}

// settingsFile is Python with its secret in a file of another form than .env; read is how it comes by it.
func settingsFile(file, text, read string) []Edit {
	return []Edit{Put("server/"+file, text), Del("server/.env"), Sub("server/app.py", `for line in (Path(__file__).parent / ".env").read_text().splitlines():
    name, sep, value = line.partition("=")
    if sep and not name.startswith("#"):
        os.environ.setdefault(name.strip(), value)

SECRET = os.environ["STREAM_API_SECRET"]`, read)}
}

func inINI(secret string) []Edit {
	return settingsFile("config.ini", "[server]\nhost = 127.0.0.1\n\n[stream]\napi_key = {{K1}}\napi_secret = "+secret+"\n", "import configparser\n\nconf = configparser.ConfigParser()\nconf.read(Path(__file__).parent / \"config.ini\")\nSECRET = conf[\"stream\"][\"api_secret\"]")
}

func inTOML(secret string) []Edit {
	return settingsFile(".streamlit/secrets.toml", "[stream]\napi_key = \"{{K1}}\" # of the app\napi_secret = "+secret+"\n", "import re\n\nSECRET = re.search(r'^api_secret = \"(.*)\"$', (Path(__file__).parent / \".streamlit\" / \"secrets.toml\").read_text(), re.M).group(1)")
}

// rewrites is Vite's proxy with another path after it.
func rewrites(rule string) []Edit {
	return []Edit{Sub("client/vite.config.js", "server: { port: 5173 }", "server: { port: 5173, proxy: { '/backend': { target: 'http://localhost:{{PORT}}', changeOrigin: true, "+rule+" } } }"),
		Sub("client/src/chat.js", "import.meta.env.VITE_TOKEN_URL", "'/backend/chat/token'"), Sub("client/.env", "VITE_TOKEN_URL=http://localhost:{{PORT}}{{PATH}}\n", "")}
}

func noURL(s Scenario) Scenario { s.URL = "-"; return s }

// hands is Express5 whose environment is set by something else than its .env.
func hands(cause, how, secret string) Scenario {
	return Scenario{Name: cause + ": " + how, Layout: Express5, Edits: []Edit{Del("server/.env")}, Procs: on(Express5, setEnv("PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET="+secret)), Truth: by(secret), Want: Want{First: cause}}
}

// mints replaces how EnvFlag has node-sdk generate a token.
func mints(code string) Edit {
	return Sub("server.mjs", "client.generateUserToken({ user_id: body.userId, validity_in_seconds: 3600 })", code)
}

// found are situations that a blind search found badsig wrong on, and their look-alikes.
var found = []Scenario{
	// whose name is it
	healthy("a secret's name that ends like a key's", Express5, SecretLine("SECRET_STREAM_API_KEY={{S1}}"), Sub("server/streamToken.js", "STREAM_API_SECRET", "SECRET_STREAM_API_KEY")),
	{Name: "secret-whitespace: a secret's name that ends like a key's", Layout: Express5, Edits: []Edit{SecretLine(`SECRET_STREAM_API_KEY="{{S1}} "`), Sub("server/streamToken.js", "STREAM_API_SECRET", "SECRET_STREAM_API_KEY")},
		Truth: by("{{S1}} "), Want: Want{First: "secret-whitespace", File: "server/.env", Line: "SECRET_STREAM_API_KEY"}},

	// no browser is known
	{Name: "secret-whitespace: a backend alone, without CORS", Layout: Express5, Edits: append([]Edit{noCORS, Secret(`"{{S1}} "`)}, alone...), Truth: by("{{S1}} "), Want: Want{First: "secret-whitespace", May: []string{"cors-blocked"}}},
	{Name: "cors-blocked: a backend alone is warned of", Layout: Express5, Edits: append([]Edit{noCORS}, alone...), Truth: fine, Want: Want{First: "cors-blocked", Exit: []int{0}}},

	// what the front end uses of the response
	{Name: "token-foreign: the front end takes the session token of the two", Layout: Express5, Edits: takes, Truth: Truth{Status: 200}, Want: Want{First: "token-foreign"}},
	healthy("the front end takes Stream's token of the two", Express5, append([]Edit{Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "const { streamToken } = await response.json();\n  return streamToken;")}, takes...)...),
	with(healthy("the front end trims a string", Express5, bearsText, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return (await response.text()).trim();")), func(s *Scenario) { s.Truth = Truth{Status: 200} }),
	{Name: "token-wrapped: the front end does not trim the text", Layout: Express5, Edits: []Edit{bearsText, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return await response.text();")}, Truth: Truth{Status: 200}, Want: Want{First: "token-wrapped"}},

	// what it gets from outside its modules
	keyed("key-mismatch", "fetched from config.json", Express5, "{{K2}}", fetchedConfig("{{K2}}")...),
	healthy("the key is fetched from config.json", Express5, fetchedConfig("{{K1}}")...),
	keyed("key-mismatch", "a meta element of the page", Express5, "{{K2}}", metaKey("{{K2}}")...),
	healthy("the key is in a meta element of the page", Express5, metaKey("{{K1}}")...),
	keyed("key-mismatch", "Vite's define", Express4, "{{K2}}", definedKey("{{K2}}")...),
	healthy("the key is in Vite's define", Express4, definedKey("{{K1}}")...),

	// a proxy sends another path on
	noURL(healthy("a proxy cuts the path by a pattern", Express4, rewrites(`rewrite: (path) => path.replace(/^\/backend/, '')`)...)),
	noURL(healthy("a proxy cuts the path by an object", Express4, rewrites(`pathRewrite: { '^/backend': '' }`)...)),
	noURL(healthy("a proxy rewrites the path in a way of its own", Express4, rewrites(`rewrite: shorten`)...)),
	with(noURL(Scenario{Name: "endpoint-not-found: a proxy does not cut the path", Layout: Express4, Edits: rewrites(`secure: false`), Truth: Truth{}, Want: Want{First: "endpoint-not-found"}}), func(s *Scenario) { s.Modes = []Mode{PairOffline} }),

	// files of other forms
	{Name: "secret-quoted: config.ini, its reader keeps the quotes", Layout: Python, Edits: inINI(`"{{S1}}"`), Truth: by(`"{{S1}}"`), Want: Want{First: "secret-quoted", File: "server/config.ini", Line: "api_secret"}},
	{Name: "secret-truncated: config.ini", Layout: Python, Edits: inINI("{{S1.cut}}"), Truth: by("{{S1.cut}}"), Want: Want{First: "secret-truncated", File: "server/config.ini", Line: "api_secret"}},
	{Name: "secret-whitespace: .streamlit/secrets.toml", Layout: Python, Edits: inTOML(`"{{S1}} "`), Truth: by("{{S1}} "), Want: Want{First: "secret-whitespace", File: "server/.streamlit/secrets.toml", Line: "api_secret"}},
	healthy("config.ini", Python, inINI("{{S1}}")...),
	healthy(".streamlit/secrets.toml", Python, inTOML(`"{{S1}}"`)...),
	healthy("other settings in other forms, no one reads them", Express5, Put("server/old.ini", "[stream]\nkey = {{K2}}\nsecret = {{S2}}\n"), Put("wrangler.toml", "name = \"edge\"\n[vars]\nSTREAM_API_KEY = \"{{K2}}\"\nSTREAM_API_SECRET = \"your_api_secret\"\n"), Put("gradle.properties", "stream.api.key={{K2}}\n")),

	// what hands the environment over
	with(hands("secret-quoted", "docker run --env-file keeps the quotes", `"{{S1}}"`), func(s *Scenario) {
		s.Edits, s.Want.File = []Edit{Secret(`"{{S1}}"`), Sub("server/index.js", "import 'dotenv/config'\n", "")}, "server/.env"
	}),
	with(hands("secret-whitespace", "cmd.exe's set keeps the space before &&", "{{S1}} "), func(s *Scenario) {
		s.Edits = append(s.Edits, Sub("server/package.json", `"node index.js"`, `"set STREAM_API_SECRET={{S1}} && node index.js"`))
	}),
	hands("secret-encoding", "a Kubernetes secret that no one decoded", "{{S1.b64}}"),
	hands("secret-whitespace", "a Kubernetes secret made by echo, with its newline", "{{S1}}\n"),
	hands("secret-placeholder", "what CI shows instead of it", "***"),
	{Name: "secret-shadowed: PM2 kept the environment of the first start", Layout: Express5, Procs: on(Express5, adds("STREAM_API_SECRET={{S4}}", "PM2_HOME=/home/a/.pm2", "pm_id=0")), Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed"}},
	{Name: "secret-shadowed: a wrapper sets it right, dotenv overrides it", Layout: Express5, Edits: []Edit{Secret("{{S4}}"), Sub("server/index.js", "import 'dotenv/config'", "import dotenv from 'dotenv'\ndotenv.config({ override: true })")}, Procs: on(Express5, adds("STREAM_API_SECRET={{S1}}")), Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: "server/.env"}},

	// Firebase, video, GraphQL
	with(healthy("Firebase functions, defineSecret", firebase), func(s *Scenario) { s.Modes = all4 }),
	{Name: "secret-whitespace: Firebase functions", Layout: firebase, Edits: []Edit{Secret(`"{{S1}} "`)}, Truth: by("{{S1}} "), Want: at(firebase, "secret-whitespace")},
	{Name: "secret-truncated: Firebase functions", Layout: firebase, Edits: []Edit{Secret("{{S1.cut}}")}, Truth: by("{{S1.cut}}"), Want: at(firebase, "secret-truncated")},
	healthy("validity_in_seconds is a moment, so it holds for sixty years", EnvFlag, mints("client.generateUserToken({ user_id: body.userId, validity_in_seconds: Math.round(Date.now() / 1000) + 3600 })")),
	healthy("a call token", EnvFlag, mints("client.generateCallToken({ user_id: body.userId, call_cids: ['default:1'], validity_in_seconds: 3600 })")),
	{Name: "token-expired: node-sdk, exp is in the past", Layout: EnvFlag, Edits: []Edit{mints("client.generateUserToken({ user_id: body.userId, exp: Math.floor(Date.now() / 1000) - 60 })")}, Truth: Truth{SignedBy: okay, Code: 40}, Want: Want{First: "token-expired"}},
	with(healthy("a GraphQL mutation, its token is given", Express5, Sub("server/index.js", "const { userId, userName } = req.body ?? {}\n  if (!userId) return res.status(400).json({ error: 'userId is required' })", "const { query, variables } = req.body ?? {}\n  if (!query) return res.status(400).json({ errors: [{ message: 'POST body missing. Did you forget use body-parser middleware?' }] })\n  const { userId, userName } = variables"),
		Respond("res.json({ data: { streamToken: token } })")), func(s *Scenario) {
		s.Asked = Asked{Body: `{"query":"mutation($userId: ID!) { streamToken(userId: $userId) }","variables":{"userId":"test123"}}`}
		s.Steps, s.Want.Exit = []Step{StartAll, Give}, []int{0, 3}
	}),

	// a value in a wrapping
	{Name: "secret-padded: a secret manager's JSON, not parsed", Layout: Express5, Edits: []Edit{SecretLine("# in the vault")}, Procs: on(Express5, adds(`STREAM_API_SECRET={"STREAM_API_SECRET":"{{S1}}"}`)), Truth: by(`{"STREAM_API_SECRET":"{{S1}}"}`), Want: Want{First: "secret-padded"}},
	healthy("a secret manager's JSON, parsed", Express5, SecretLine(`STREAM_API_SECRET='{"STREAM_API_SECRET":"{{S1}}"}'`), Sub("server/streamToken.js", "process.env.STREAM_API_SECRET", "JSON.parse(process.env.STREAM_API_SECRET).STREAM_API_SECRET")),
	{Name: "secret-encoding: dotenvx's encrypted line, read by dotenv", Layout: Express5, Edits: []Edit{Secret(`"encrypted:` + encrypted + `"`)}, Truth: by("encrypted:" + encrypted), Want: Want{First: "secret-encoding", File: "server/.env", Line: "encrypted"}},
	with(healthy("dotenvx's encrypted line, decrypted by the wrapper", Express5, Secret(`"encrypted:`+encrypted+`"`)), func(s *Scenario) { s.Procs = on(Express5, adds("STREAM_API_SECRET={{S1}}")) }),
}

// encrypted has the form of what dotenvx writes: base64 of a curve's point and a box.
const encrypted = "BELjI3aoVy+2mSoBSGTfIaaXuKqVLvfGcNLIWWxqiEzuut4E12WQ7avC0O3ZfyT9TsuFRqokbV6ISC/f6AWg8PArOoLzD9E5bTzvPk2Cx22x3TKBeYhY2BDCJkQsqpTY9QPfEAoJ"
