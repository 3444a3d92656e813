package scenarios

// doubleProjects are faults of projects/*.txt: two faults at once.
var doubleProjects = []Scenario{
	{Name: "double: blank + key-mismatch in turbo", Layout: turbo, Edits: []Edit{Secret(`"{{S1}} "`), FrontKey("{{K2}}")}, Truth: Truth{SignedBy: "{{S1}} "}, Want: Want{First: "secret-whitespace", Then: []string{"key-mismatch"}}},
	{Name: "double: pm2 shadow + blank", Layout: plus(pm2, "dotenv"), Edits: []Edit{Put(".env", "STREAM_API_SECRET=\"{{S1}} \"\n"), Sub("server/index.js", "const express", "require('dotenv').config();\nconst express"), Sub("ecosystem.config.js", "STREAM_API_SECRET: '{{S1}}'", "STREAM_API_SECRET: '{{S4}}'")}, Procs: on(pm2, setEnv("PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S4}}")), Truth: by("{{S4}}"), Want: Want{First: "secret-shadowed", Then: []string{"secret-whitespace"}}},
	{Name: "double: missing secret + empty front key", Layout: koa, Edits: []Edit{SecretLine("# none"), Sub("mobile/.env", "EXPO_PUBLIC_STREAM_API_KEY={{K1}}", "EXPO_PUBLIC_STREAM_API_KEY=")}, Truth: Truth{Status: 500}, Want: Want{First: "secret-missing", Then: []string{"key-missing"}}},
	{Name: "double: other port + blank, no url", Layout: fastify, URL: "-", Edits: []Edit{Secret(`" {{S1}}"`), Sub("frontend/.env.development", "localhost:{{PORT}}", "localhost:{{PORT2}}")}, Truth: Truth{SignedBy: " {{S1}}"}, Want: Want{First: "server-on-other-port", Then: []string{"secret-whitespace"}}},
	{Name: "double: server down + blank in .env", Layout: turbo, URL: "-", Edits: []Edit{Secret(`"{{S1}} "`)}, Steps: []Step{Nothing}, Truth: Truth{Down: true}, Want: Want{First: "server-down", Then: []string{"secret-whitespace"}}},
	{Name: "double: encoding touched .env", Layout: static, Edits: []Edit{Sub("server.js", "jwt.sign({ user_id: id }, secret)", "jwt.sign({ user_id: id }, Buffer.from(secret, 'base64'))")}, Steps: []Step{StartAll, Wait(stalePause), Touch(".env")}, Truth: by("{{S1.unb64}}"), Want: Want{First: "secret-encoding"}},
}
