package scenarios

import "strings"

// at is a Want of a cause whose place is the secret's line in the layout's env file.
func at(l Layout, cause string, or ...string) Want {
	return Want{First: cause, Or: or, File: l.Env, Line: l.SecretVar, Verdict: "rejected"}
}

func by(secret string) Truth { return Truth{Status: 200, SignedBy: secret, Code: 43} }

// damaged is a scenario in which the env file holds raw and the backend signs with the bytes real.
func damaged(l Layout, cause, how, raw, real string, or ...string) Scenario {
	return Scenario{Name: cause + ": " + how, Layout: l, Edits: []Edit{Secret(raw)}, Truth: by(real), Want: at(l, cause, or...)}
}

// pairOnly says that only the dashboard's pair makes the cause provable; Stream alone
// can say no more than that key and secret do not match.
func pairOnly(s Scenario) Scenario {
	s.Modes = []Mode{PairOffline, PairOnline, Online}
	w := s.Want
	w.Or = append([]string{"key-secret-mismatch"}, w.Or...)
	w.File, w.Line = "", ""
	s.In = map[Mode]Want{Online: w}
	return s
}

const shellSecret = "STREAM_API_SECRET={{S2}}"

var secret = []Scenario{
	damaged(Express5, "secret-whitespace", "a space before the closing quote", `"{{S1}} "`, "{{S1}} "),
	damaged(Express4, "secret-whitespace", "a space after the opening quote", `' {{S1}}'`, " {{S1}}"),
	damaged(EnvFlag, "secret-whitespace", "a tab inside quotes, node --env-file", "\"{{S1}}\t\"", "{{S1}}\t"),
	damaged(Jose, "secret-whitespace", "a newline escape in double quotes", `"{{S1}}\n"`, "{{S1}}\n"),
	damaged(Python, "secret-whitespace", "a bare trailing space, read by hand", `{{S1}} `, "{{S1}} "),
	damaged(Golang, "secret-whitespace", "a CRLF file, split at LF by hand", "{{S1}}\r", "{{S1}}\r"),
	damaged(Next, "secret-whitespace", "two spaces in front", `"  {{S1}}"`, "  {{S1}}"),
	{Name: "secret-whitespace: a secret file's newline", Layout: Express5, Edits: []Edit{SecretLine("# see stream.secret"), Put("server/stream.secret", "{{S1}}\n"),
		Sub("server/streamToken.js", "import jwt from 'jsonwebtoken'\n", "import jwt from 'jsonwebtoken'\nimport { readFileSync } from 'node:fs'\n\nconst secret = readFileSync(new URL('./stream.secret', import.meta.url), 'utf8')\n"),
		Sub("server/streamToken.js", "process.env.STREAM_API_SECRET", "secret")},
		Truth: by("{{S1}}\n"), Modes: []Mode{PairOffline, PairOnline}, Want: Want{First: "secret-whitespace"}},
	{Name: "secret-whitespace: a trailing space from the shell", Layout: EnvFlag, Edits: []Edit{SecretLine("# the secret comes from the shell")},
		Procs: on(EnvFlag, func(p *Proc) { p.Env = []string{"STREAM_API_SECRET={{S1}} "} }), Truth: by("{{S1}} "), Want: Want{First: "secret-whitespace"}},
	{Name: "secret-whitespace: a shell read a CRLF file", Layout: Express5, Edits: []Edit{EnvText(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })},
		Procs: on(Express5, func(p *Proc) { p.Cmd = []string{"sh", "-c", "set -a; . ./.env; set +a; exec node index.js"} }),
		Truth: by("{{S1}}\r"), Want: Want{First: "secret-whitespace"}},

	damaged(Express5, "secret-invisible", "a trailing zero-width space", "{{S1}}\u200b", "{{S1}}\u200b"),
	damaged(EnvFlag, "secret-invisible", "a no-break space, node --env-file", "{{S1}}\u00a0", "{{S1}}\u00a0"),
	damaged(Express4, "secret-invisible", "a no-break space inside quotes", "\"\u00a0{{S1}}\"", "\u00a0{{S1}}"),
	damaged(Jose, "secret-invisible", "a BOM pasted before it", "\"\ufeff{{S1}}\"", "\ufeff{{S1}}"),
	damaged(Python, "secret-invisible", "a trailing word joiner", "{{S1}}\u2060", "{{S1}}\u2060"),

	damaged(Express5, "secret-quoted", "smart quotes", "“{{S1}}”", "“{{S1}}”"),
	damaged(Python, "secret-quoted", "a loader that keeps quotes", `"{{S1}}"`, `"{{S1}}"`),
	damaged(Express4, "secret-quoted", "quotes inside quotes", `'"{{S1}}"'`, `"{{S1}}"`),
	damaged(Golang, "secret-quoted", "single quotes kept", `'{{S1}}'`, `'{{S1}}'`),
	{Name: "secret-quoted: JSON.stringify in the code", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, JSON.stringify(process.env.STREAM_API_SECRET), { expiresIn: '1h' })")}, Truth: by(`"{{S1}}"`), Want: Want{First: "secret-quoted"}},
	{Name: "secret-quoted: docker --env-file kept them", Layout: EnvFlag, Edits: []Edit{SecretLine("# set outside")},
		Procs: on(EnvFlag, func(p *Proc) { p.Env = []string{`STREAM_API_SECRET="{{S1}}"`} }), Truth: by(`"{{S1}}"`), Want: Want{First: "secret-quoted"}},
	damaged(EnvFlag, "secret-quoted", "only the closing quote was lost", `"{{S1}}`, `"{{S1}}`, "secret-padded"),

	{Name: "secret-encoding: decoded from base64", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, Buffer.from(process.env.STREAM_API_SECRET, 'base64'), { expiresIn: '1h' })")}, Truth: by("{{S1.unb64}}"), Want: Want{First: "secret-encoding"}},
	{Name: "secret-encoding: decoded from hex", Layout: Express5, Letters: "0123456789abcdef", Edits: []Edit{Sign("jwt.sign({ user_id: userId }, Buffer.from(process.env.STREAM_API_SECRET, 'hex'), { expiresIn: '1h' })")}, Truth: by("{{S1.unhex}}"), Want: Want{First: "secret-encoding"}},
	{Name: "secret-encoding: encoded to base64 in the code", Layout: Jose, Edits: []Edit{Sub("apps/api/src/tokens.mjs", "encode(env.apiSecret)", "encode(Buffer.from(env.apiSecret).toString('base64'))")}, Truth: by("{{S1.b64}}"), Want: Want{First: "secret-encoding"}},
	damaged(Express4, "secret-encoding", "base64 in the .env", "{{S1.b64}}", "{{S1.b64}}"),
	damaged(EnvFlag, "secret-encoding", "hex in the .env", "{{S1.hex}}", "{{S1.hex}}"),
	{Name: "secret-encoding: Python's b64decode", Layout: Python, Edits: []Edit{Sub("server/app.py", "SECRET.encode()", "base64.b64decode(SECRET)")}, Truth: by("{{S1.unb64}}"), Want: Want{First: "secret-encoding"}},
	{Name: "secret-encoding: jose's base64url.decode", Layout: Jose, Edits: []Edit{Sub("apps/api/src/tokens.mjs", "import { SignJWT }", "import { SignJWT, base64url }"), Sub("apps/api/src/tokens.mjs", "new TextEncoder().encode(env.apiSecret)", "base64url.decode(env.apiSecret)")}, Truth: by("{{S1.unb64}}"), Want: Want{First: "secret-encoding"}},

	pairOnly(damaged(Express5, "secret-case", "all upper case", "{{S1.upper}}", "{{S1.upper}}")),
	{Name: "secret-case: toUpperCase in the code", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET.toUpperCase(), { expiresIn: '1h' })")}, Truth: by("{{S1.upper}}"), Want: Want{First: "secret-case"}},
	pairOnly(damaged(Express4, "secret-truncated", "the last character is lost", "{{S1.cut}}", "{{S1.cut}}")),
	pairOnly(damaged(Jose, "secret-truncated", "the first character is lost", `"{{S1.cutfirst}}"`, "{{S1.cutfirst}}")),
	pairOnly(damaged(EnvFlag, "secret-truncated", "half of it", "{{S1.half}}", "{{S1.half}}")),
	{Name: "secret-truncated: sliced in the code", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET.slice(0, 32), { expiresIn: '1h' })")}, Truth: by("{{S1.half}}"), Want: Want{First: "secret-truncated"}},
	damaged(Express5, "secret-padded", "a trailing semicolon", "{{S1}};", "{{S1}};", "secret-quoted"),
	damaged(Express4, "secret-padded", "the name is in the value too", "STREAM_SECRET={{S1}}", "STREAM_SECRET={{S1}}"),
	damaged(Python, "secret-padded", "a comment that the loader does not cut", "{{S1}} # production", "{{S1}} # production"),
	pairOnly(damaged(Jose, "secret-padded", "one letter too many", `"{{S1}}x"`, "{{S1}}x")),
	pairOnly(damaged(EnvFlag, "secret-padded", "pasted twice", "{{S1}}{{S1}}", "{{S1}}{{S1}}")),
	pairOnly(damaged(Express5, "secret-typo", "one character", "{{S1.typo}}", "{{S1.typo}}")),
	pairOnly(damaged(Python, "secret-typo", "two characters", "{{S1.typo2}}", "{{S1.typo2}}")),
	pairOnly(damaged(Next, "secret-typo", "two neighbours swapped", "{{S1.swap}}", "{{S1.swap}}")),

	damaged(Express5, "secret-is-key", "the key was pasted twice", "{{K1}}", "{{K1}}"),
	{Name: "secret-is-key: the code reads the wrong variable", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, process.env.STREAM_API_KEY, { expiresIn: '1h' })")}, Truth: by("{{K1}}"), Want: Want{First: "secret-is-key"}},
	damaged(Jose, "secret-is-key", "in another layout", `"{{K1}}"`, "{{K1}}"),
	{Name: "key-secret-swapped: in the .env", Layout: Express5, Edits: []Edit{Secret("{{K1}}"), Key("{{S1}}")}, Truth: by("{{K1}}"), Want: Want{First: "key-secret-swapped"}},
	{Name: "key-secret-swapped: in the call", Layout: Express4, Edits: []Edit{Sub("backend/src/streamClient.js", "getInstance(stream.key, stream.secret)", "getInstance(stream.secret, stream.key)")}, Truth: by("{{K1}}"), Want: Want{First: "key-secret-swapped", Or: []string{"secret-is-key"}}},

	damaged(Express5, "secret-placeholder", "your_api_secret", "your_api_secret", "your_api_secret"),
	damaged(Express4, "secret-placeholder", "changeme", "changeme", "changeme"),
	damaged(Jose, "secret-placeholder", "angle brackets", `"<your-stream-secret>"`, "<your-stream-secret>"),
	{Name: "secret-placeholder: in the code", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, 'YOUR_STREAM_API_SECRET', { expiresIn: '1h' })")}, Truth: by("YOUR_STREAM_API_SECRET"), Want: Want{First: "secret-placeholder", May: []string{"secret-shadowed"}}},
}
