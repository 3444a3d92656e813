package scenarios

import (
	"encoding/binary"
	"unicode/utf16"
)

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

// UTF16 turns the server's env file into what PowerShell's > writes. It has to be the last
// edit, and the strings it holds are filled first.
func UTF16(l *Live) error {
	file := l.Scenario.Layout.Env
	l.files[file] = utf16le(l.Vars.fill(l.files[file]))
	return l.write(file)
}

// tryCatch hides the library's message, as people do.
const tryCatch = "let token\n  try { token = makeToken(userId) } catch { return res.status(500).json({ error: 'Failed to generate token' }) }"

// lazyClient makes EnvFlag's client at each request, so that a missing secret is a 500 and no crash.
var lazyClient = []Edit{
	Sub("server.mjs", "const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n", ""),
	Sub("server.mjs", "const token = client.", "const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n    const token = client."),
}

// source are the faults of which secret reaches the code at all.
var source = []Scenario{
	{Name: "secret-missing: imported before dotenv ran", Layout: Express5, Edits: []Edit{
		Put("server/streamToken.js", "import jwt from 'jsonwebtoken'\n\nconst SECRET = process.env.STREAM_API_SECRET\n\nexport const makeToken = (userId) => jwt.sign({ user_id: userId }, SECRET, { expiresIn: '1h' })\n"),
		Sub("server/index.js", "import 'dotenv/config'\n", ""), Sub("server/index.js", "import { makeToken } from './streamToken.js'\n", "import { makeToken } from './streamToken.js'\nimport dotenv from 'dotenv'\n\ndotenv.config()\n")},
		Truth: Truth{Status: 500, Body: "secretOrPrivateKey"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: started from the root, .env in server/", Layout: Express5, Procs: on(Express5, func(p *Proc) { p.Dir, p.Cmd = ".", []string{"node", "server/index.js"} }),
		Truth: Truth{Status: 500, Body: "secretOrPrivateKey"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: named otherwise than the code reads", Layout: Express5, Edits: []Edit{SecretLine("STREAM_SECRET={{S1}}")},
		Truth: Truth{Status: 500, Body: "secretOrPrivateKey"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: empty", Layout: Express4, Edits: []Edit{Secret("")},
		Truth: Truth{Status: 500, Body: "server-side"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: the message is hidden", Layout: Express5, Edits: []Edit{SecretLine("STREAM_SECRET={{S1}}"), Sub("server/index.js", "const token = makeToken(userId)", tryCatch)},
		Truth: Truth{Status: 500, Body: "Failed to generate token"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: a template makes it the text undefined", Layout: Express5, Edits: []Edit{SecretLine("STREAM_SECRET={{S1}}"), Sign("jwt.sign({ user_id: userId }, `${process.env.STREAM_API_SECRET}`, { expiresIn: '1h' })")},
		Truth: by("undefined"), Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: jose encodes undefined as nothing", Layout: Jose, Edits: []Edit{SecretLine(`STREAM_SECRET="{{S1}}"`), Sub("apps/api/src/tokens.mjs", "encode(env.apiSecret)", "encode(String(env.apiSecret))")},
		Truth: by("undefined"), Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: the file is called env.txt", Layout: Express5, Edits: []Edit{Put("server/.env.txt", "PORT={{PORT}}\nSTREAM_API_KEY={{K1}}\nSTREAM_API_SECRET={{S1}}\n"), Del("server/.env")},
		Truth: Truth{Status: 500, Body: "secretOrPrivateKey"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: UTF-16 from PowerShell", Layout: Express5, Steps: []Step{UTF16, StartAll},
		Truth: Truth{Status: 500, Body: "secretOrPrivateKey"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: YAML's colon, node --env-file", Layout: EnvFlag, Edits: []Edit{SecretLine("STREAM_API_SECRET: {{S1}}"), lazyClient[0], lazyClient[1]},
		Truth: Truth{Status: 500}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: a BOM before the first name, node --env-file", Layout: EnvFlag, Edits: []Edit{Put(".env", "\ufeffSTREAM_API_SECRET={{S1}}\nSTREAM_API_KEY={{K1}}\nPORT={{PORT}}\n"), lazyClient[0], lazyClient[1]},
		Truth: Truth{Status: 500}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: the singleton was made without it", Layout: Express4, Edits: []Edit{
		Sub("backend/src/server.js", "app.use('/chat'", "require('stream-chat').StreamChat.getInstance(process.env.STREAM_KEY);\napp.use('/chat'")},
		Truth: Truth{Status: 500, Body: "server-side"}, Want: Want{First: "secret-missing"}},
	{Name: "secret-missing: only in .env.example", Layout: Express4, Edits: []Edit{Put("backend/.env.example", "STREAM_KEY={{K1}}\nSTREAM_SECRET=your_secret\n"), SecretLine("# STREAM_SECRET goes here")},
		Truth: Truth{Status: 500, Body: "server-side"}, Want: Want{First: "secret-missing"}},

	{Name: "secret-fallback: the name is wrong, the fallback signs", Layout: Express5, Edits: []Edit{SecretLine("STREAM_SECRET={{S1}}"), Sign("jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET || 'dev-secret', { expiresIn: '1h' })")},
		Truth: by("dev-secret"), Want: Want{First: "secret-fallback", File: "server/streamToken.js", Line: "dev-secret"}},
	{Name: "secret-fallback: a real-looking literal in a config module", Layout: Express4, Edits: []Edit{Secret(""), Sub("backend/src/config.js", "secret: process.env.STREAM_SECRET", "secret: process.env.STREAM_SECRET || '{{S4}}'")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-fallback", File: "backend/src/config.js", Line: "STREAM_SECRET ||"}},
	{Name: "secret-fallback: ?? in another folder", Layout: Jose, Edits: []Edit{SecretLine("# nothing"), Sub("apps/api/src/env.mjs", "apiSecret: process.env.GETSTREAM_API_SECRET", "apiSecret: process.env.GETSTREAM_API_SECRET ?? 'insecure-local-secret'")},
		Truth: by("insecure-local-secret"), Want: Want{First: "secret-fallback", File: "apps/api/src/env.mjs"}},
	{Name: "secret-fallback: os.getenv's default", Layout: Python, Edits: []Edit{SecretLine("STREAM_SECRET={{S1}}"), Sub("server/app.py", `os.environ["STREAM_API_SECRET"]`, `os.getenv("STREAM_API_SECRET", "local-dev-secret")`)},
		Truth: by("local-dev-secret"), Want: Want{First: "secret-fallback"}},
	{Name: "secret-fallback: a destructuring default", Layout: Express5, Edits: []Edit{SecretLine("# STREAM_API_SECRET is set by the deployment"), Put("server/streamToken.js", "import jwt from 'jsonwebtoken'\n\nexport function makeToken(userId) {\n  const { STREAM_API_SECRET = 'not-so-secret' } = process.env\n  return jwt.sign({ user_id: userId }, STREAM_API_SECRET, { expiresIn: '1h' })\n}\n")},
		Truth: by("not-so-secret"), Want: Want{First: "secret-fallback"}},

	{Name: "secret-shadowed: the shell wins over .env", Layout: Express5, Procs: on(Express5, func(p *Proc) { p.Env = []string{shellSecret} }),
		Truth: by("{{S2}}"), Want: Want{First: "secret-shadowed"}},
	{Name: "secret-shadowed: the shell wins, the right one in the root", Layout: Jose, Procs: on(Jose, func(p *Proc) { p.Env = []string{"GETSTREAM_API_SECRET={{S4}}"} }),
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed"}},
	{Name: "secret-shadowed: npm run dev in a shell that has it", Layout: EnvFlag, Procs: on(EnvFlag, func(p *Proc) { p.Cmd, p.Env = []string{"npm", "run", "dev"}, []string{shellSecret} }),
		Truth: by("{{S2}}"), Want: Want{First: "secret-shadowed"}},
	{Name: "secret-shadowed: .env.local before .env", Layout: Next, Edits: []Edit{Put(".env", "STREAM_SECRET_KEY={{S1}}\n"), Secret("{{S4}}")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: ".env.local", Line: "STREAM_SECRET_KEY"}},
	{Name: "secret-shadowed: a literal in the code", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, '{{S4}}', { expiresIn: '1h' })")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: "server/streamToken.js", Line: "jwt.sign"}},
	{Name: "secret-shadowed: a literal in a constant of another module", Layout: Express4, Edits: []Edit{Put("backend/src/keys.js", "exports.SECRET = '{{S4}}';\n"), Sub("backend/src/streamClient.js", "stream.key, stream.secret", "stream.key, require('./keys').SECRET")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: "backend/src/keys.js"}},
	{Name: "secret-shadowed: the last of two lines wins", Layout: Express5, Edits: []Edit{Append("server/.env", "STREAM_API_SECRET={{S4}}\n")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: "server/.env", Line: "{{S4}}"}},
	{Name: "secret-shadowed: dotenv's override", Layout: Express4, Edits: []Edit{Put("backend/.env.development", "STREAM_SECRET={{S4}}\n"), Append("backend/src/config.js", "\n"),
		Sub("backend/src/config.js", "'.env') });", "'.env') });\nrequire('dotenv').config({ path: path.join(__dirname, '..', '.env.development'), override: true });")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", File: "backend/.env.development"}},
	{Name: "secret-shadowed: two names, the code reads the old one first", Layout: Express5, Edits: []Edit{Append("server/.env", "STREAM_SECRET={{S4}}\n"), Sign("jwt.sign({ user_id: userId }, process.env.STREAM_SECRET || process.env.STREAM_API_SECRET, { expiresIn: '1h' })")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed"}},
	{Name: "secret-shadowed: a second --env-file", Layout: EnvFlag, Edits: []Edit{Put(".env.dev", "STREAM_API_SECRET={{S4}}\n")}, Procs: on(EnvFlag, func(p *Proc) {
		p.Cmd = []string{"node", "--env-file=.env", "--env-file=.env.dev", "server.mjs"}
	}), Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed"}},

	{Name: "secret-other-app: the staging secret under the production key", Layout: Express5, Edits: []Edit{Secret("{{S2}}"), Put("server/.env.staging", "STREAM_API_KEY={{K2}}\nSTREAM_API_SECRET={{S2}}\n")},
		Truth: by("{{S2}}"), Want: Want{First: "secret-other-app"}},
	{Name: "secret-other-app: the other pair is in .stream/creds.yaml", Layout: Jose, Edits: []Edit{Secret(`"{{S2}}"`), Put(".stream/creds.yaml", "app_id: 123456\nkey: {{K2}}\nsecret: {{S2}}\n")},
		Truth: by("{{S2}}"), Want: Want{First: "secret-other-app"}},
	{Name: "secret-other-app: the other key is commented out", Layout: Express4, Edits: []Edit{Secret("{{S2}}"), Append("backend/.env", "# STREAM_KEY={{K2}}\n")}, Modes: []Mode{Online, PairOnline},
		Truth: by("{{S2}}"), Want: Want{First: "secret-other-app", Or: []string{"key-secret-mismatch"}}},

	{Name: "secret-varies: random at each request", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, randomBytes(32).toString('hex'), { noTimestamp: true })"), Sub("server/streamToken.js", "import jwt", "import { randomBytes } from 'node:crypto'\nimport jwt")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "secret-varies"}},
	{Name: "secret-varies: random at the start", Layout: Express5, Edits: []Edit{Put("server/streamToken.js", "import jwt from 'jsonwebtoken'\nimport { randomBytes } from 'node:crypto'\n\nconst SECRET = process.env.STREAM_SECRET || randomBytes(32).toString('hex')\n\nexport const makeToken = (userId) => jwt.sign({ user_id: userId }, SECRET, { expiresIn: '1h' })\n")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "secret-varies", Or: []string{"secret-missing", "secret-fallback", "secret-unknown"}}},
	{Name: "secret-varies: two secrets in turn", Layout: Express4, Edits: []Edit{Append("backend/.env", "STREAM_SECRET_OLD={{S4}}\n"), Sub("backend/src/routes/chat.js", "const { userId } = req.body;", "const { userId } = req.body;\n  turn = !turn;\n  const client = new StreamChat(process.env.STREAM_KEY, turn ? process.env.STREAM_SECRET_OLD : process.env.STREAM_SECRET);"),
		Sub("backend/src/routes/chat.js", "const client = require('../streamClient');", "const { StreamChat } = require('stream-chat');\nlet turn = false;")},
		Truth: Truth{Status: 200}, Want: Want{First: "secret-varies"}},
	{Name: "secret-varies: cluster workers with a secret each", Layout: EnvFlag, Edits: []Edit{Sub("server.mjs", "const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)",
		"import cluster from 'node:cluster'\nimport { randomBytes } from 'node:crypto'\n\nif (cluster.isPrimary) { cluster.fork(); cluster.fork() }\nconst client = new StreamClient(process.env.STREAM_API_KEY, randomBytes(32).toString('hex'))"),
		Sub("server.mjs", "createServer(async", "if (cluster.isWorker) createServer(async"), Sub("server.mjs", "'Content-Type': 'application/json', ", "'Content-Type': 'application/json', Connection: 'close', ")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "secret-varies"}},

	{Name: "secret-unknown: built at run time out of pieces", Layout: Express5, Edits: []Edit{SecretLine("# not here"), Sign("jwt.sign({ user_id: userId }, ['q7', 'w8', 'e9'].map((p) => p.repeat(11)).join(''), { expiresIn: '1h' })")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "secret-unknown"}},
	{Name: "secret-unknown: read from outside of the project", Layout: Express4, Edits: []Edit{SecretLine("# in the vault"), Put("../vault/stream", "{{S4}}"), Sub("backend/src/config.js", "secret: process.env.STREAM_SECRET", "secret: require('fs').readFileSync(path.resolve(__dirname, '../../../vault/stream'), 'utf8')")},
		Truth: by("{{S4}}"), Want: Want{First: "secret-unknown"}},
	{Name: "secret-unknown: a reversed secret", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, [...process.env.STREAM_API_SECRET].reverse().join('') + '!', { expiresIn: '1h' })")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "secret-unknown"}},
}
