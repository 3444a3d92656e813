package checks

import "testing"

// An origin that the server allows by a variable is set where the variable is: in the file that is loaded, or in the text that the code falls back to.
func TestWhereTheAllowedOriginIsSet(t *testing.T) {
	const cors = "import cors from 'cors'\n"
	for code, x := range map[string]struct{ env, name, at string }{
		cors + "app.use(cors({ origin: process.env.CLIENT_URL, credentials: true }))\n":         {"CLIENT_URL=http://localhost:3000\n", "CLIENT_URL", ".env:2"},
		cors + "app.use(cors({ origin: process.env.CLIENT_URL || 'http://localhost:3000' }))\n": {"", "", "server.js:5"},
		cors + "import config from './config.js'\napp.use(cors({ origin: config.url }))\n":      {"CLIENT_URL=http://localhost:3000\n", "CLIENT_URL", ".env:2"},
		cors + "app.use(cors({ origin: 'http://localhost:3000' }))\n":                           {"CLIENT_URL=http://localhost:3000\n", "", ""},
		cors + "app.use(cors())\n": {"CLIENT_URL=http://localhost:3000\n", "", ""},
		"import fastifyCors from '@fastify/cors'\napp.register(fastifyCors, { origin: process.env.CLIENT_URL })\n": {"# CLIENT_URL=no\nCLIENT_URL=http://localhost:3000\n", "CLIENT_URL", ".env:3"},
	} {
		f := lookedAt(t, map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env server.js"},"dependencies":{"express":"5","cors":"2","stream-chat":"9"}}`,
			"config.js":    "export default { url: process.env.CLIENT_URL }\n",
			"server.js": "import express from 'express'\nimport { StreamChat } from 'stream-chat'\nconst app = express()\n" + code +
				"app.get('/token', (q, r) => r.json({ token: StreamChat.getInstance('" + actionKey + "', process.env.STREAM_API_SECRET).createToken(q.query.user_id) }))\napp.listen(4600)\n",
			".env": "STREAM_API_SECRET=" + actionSecret + "\n" + x.env,
		})
		name, at := "", ""
		if from := f.Server.CORSFrom; from != nil {
			name, at = from.Name, from.File+":"+string(rune('0'+from.Line))
		}
		if name != x.name || at != x.at {
			t.Errorf("%s got %q at %s, want %q at %s", code, name, at, x.name, x.at)
		}
	}
}
