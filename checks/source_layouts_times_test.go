package checks

import (
	"maps"
	"strings"
	"testing"

	"badsig/checks/causes"
)

// planted is one edit of a project, the cause that is to be named first, and a piece of the line that is named.
type planted struct {
	file, from, to string
	want           causes.ID // "" for a healthy look-alike
	at             string    // FILE > a piece of the line; only the piece where it's in the edited file
}

// judgePlanted judges a project with each edit.
func judgePlanted(t *testing.T, files map[string]string, all []planted) {
	t.Helper()
	for _, c := range all {
		edited := maps.Clone(files)
		if strings.Count(edited[c.file], c.from) != 1 {
			t.Errorf("%s has %q %d times", c.file, c.from, strings.Count(edited[c.file], c.from))
			continue
		}
		edited[c.file] = strings.Replace(edited[c.file], c.from, c.to, 1)
		r := judgedFiles(t, edited, true, 200)
		if c.want == "" {
			if len(r.Causes) > 0 {
				t.Errorf("%q: accused of %s: %s", c.to, r.Causes[0].ID, r.Causes[0].Summary)
			}
			continue
		}
		file, piece, other := strings.Cut(c.at, " > ")
		if !other {
			file, piece = c.file, c.at
		}
		line := 1 + strings.Count(edited[file][:max(0, strings.Index(edited[file], piece))], "\n")
		if rootID(r) != c.want {
			t.Errorf("%q: first is %q, want %s", c.to, rootID(r), c.want)
		} else if l := r.Causes[0].Location; l == nil || l.File != file || l.Line != line {
			t.Errorf("%q: %s is at %v, want %s:%d", c.to, c.want, l, file, line)
		}
	}
}

// page is a front end that requests /token with a user's ID, and connects with the token.
var page = map[string]string{
	"web/package.json": `{"scripts":{"dev":"vite"},"dependencies":{"react":"19","stream-chat":"9"},"devDependencies":{"vite":"6"}}`,
	"web/index.html":   `<script type="module" src="/src/main.js"></script>`,
	"web/src/main.js":  "import { StreamChat } from 'stream-chat'\nexport async function start(id) {\n  const res = await fetch('http://localhost:4100/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: id }) })\n  const { token } = await res.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id }, token)\n}\n",
}

// withPage is a server's files beside the page's.
func withPage(server map[string]string) map[string]string {
	all := maps.Clone(page)
	maps.Copy(all, server)
	return all
}

// byLibrary signs with jsonwebtoken, in a module of its own.
var byLibrary = withPage(map[string]string{
	"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","jsonwebtoken":"9"}}`,
	"api/index.js":     "require('dotenv').config()\nconst express = require('express')\nconst { signToken } = require('./sign')\nconst app = express()\napp.use(require('cors')())\napp.use(express.json())\napp.post('/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: signToken(userId) })\n})\napp.listen(4100)\n",
	"api/sign.js":      "const jwt = require('jsonwebtoken')\nconst secret = process.env.STREAM_SECRET\nconst LIFE = 60 * 60 * 24\nexports.signToken = (userId) => {\n  const now = Math.floor(Date.now() / 1000)\n  const payload = {\n    user_id: userId,\n    iat: now - 60,\n    exp: now + LIFE,\n  }\n  return jwt.sign(\n    payload,\n    secret,\n    { algorithm: 'HS256' },\n  )\n}\n",
	"api/.env":         "STREAM_SECRET=" + actionSecret + "\n",
})

// A time is worked out through names, modules and variables, and the line is that of the part that is wrong.
func TestTimesBySource(t *testing.T) {
	const sign = "api/sign.js"
	judgePlanted(t, byLibrary, []planted{
		{sign, "LIFE = 60 * 60 * 24", "LIFE = 20", causes.EXPTooShort, "const LIFE"},
		{sign, "LIFE = 60 * 60 * 24", "LIFE = Number(process.env.LIFE)", "", ""},
		{sign, "LIFE = 60 * 60 * 24", "LIFE = -3600", causes.TokenExpired, "const LIFE"},
		{sign, "now + LIFE", "now - LIFE", causes.TokenExpired, "exp: now"},
		{sign, "now + LIFE", "now + 10", causes.EXPTooShort, "exp: now"},
		{sign, "now + LIFE", "now", causes.TokenExpired, "exp: now"},
		{sign, "now + LIFE", "LIFE", causes.EXPRelative, "exp: LIFE"},
		{sign, "now + LIFE", "Math.floor(new Date('2024-01-01').getTime() / 1000)", causes.TokenExpired, "exp: Math"},
		{sign, "now + LIFE", "Math.floor((Date.now() + LIFE * 1000) / 1000)", "", ""},
		{sign, "now + LIFE", "Math.floor((Date.now() + LIFE) / 1000)", "", ""}, // 86 seconds
		{sign, "now + LIFE", "Math.floor((Date.now() + 3600) / 1000)", causes.EXPTooShort, "exp: Math"},
		{sign, "Math.floor(Date.now() / 1000)", "Date.now()", causes.IATMilliseconds, "const now"},
		{sign, "iat: now - 60", "iat: now + 60", causes.IATFuture, "iat: now"},
	})
	files := maps.Clone(byLibrary)
	files[sign] = strings.Replace(strings.Replace(files[sign], "    exp: now + LIFE,\n", "", 1), "{ algorithm: 'HS256' }", "{ expiresIn: '1d' }", 1)
	files["api/.env"] += "TTL=3600\nLIFE=10s\n"
	judgePlanted(t, files, []planted{
		{sign, "'1d'", "'10s'", causes.EXPTooShort, "expiresIn"},
		{sign, "'1d'", "45", causes.EXPTooShort, "expiresIn"},
		{sign, "'1d'", "'-1h'", causes.TokenExpired, "expiresIn"},
		{sign, "'1d'", "'2 days'", "", ""},
		{sign, "'1d'", "process.env.TTL", causes.EXPTooShort, "expiresIn"},
		{sign, "'1d'", "Number(process.env.TTL)", "", ""},
		{sign, "'1d'", "process.env.LIFE", causes.EXPTooShort, "api/.env > LIFE"},
		{sign, "'1d'", "'1d', notBefore: '1h'", causes.NBFFuture, "notBefore"},
		{sign, "'1d'", "'1d', notBefore: '-1m'", "", ""},
		{sign, "'1d'", "'1d', notBefore: 0", "", ""},
		{sign, "user_id: userId,", "user_id: userId,\n    expiresIn: '1s',", "", ""}, // a claim that means nothing
	})
}

// jose counts a string from now on, and makes seconds of a Date.
func TestJoseTimes(t *testing.T) {
	files := maps.Clone(byLibrary)
	files["api/package.json"] = strings.Replace(files["api/package.json"], "jsonwebtoken", "jose", 1)
	files["api/sign.js"] = "const { SignJWT } = require('jose')\nconst key = new TextEncoder().encode(process.env.STREAM_SECRET)\nexports.signToken = (userId) =>\n  new SignJWT({ user_id: userId })\n    .setProtectedHeader({ alg: 'HS256' })\n    .setIssuedAt()\n    .setExpirationTime('2h')\n    .sign(key)\n"
	files["api/index.js"] = strings.Replace(strings.Replace(files["api/index.js"], "(req, res)", "async (req, res)", 1), "signToken(userId) })", "await signToken(userId) })", 1)
	const sign = "api/sign.js"
	judgePlanted(t, files, []planted{
		{sign, "'2h'", "'10s'", causes.EXPTooShort, ".setExpirationTime"},
		{sign, "'2h'", "'1 hour ago'", causes.TokenExpired, ".setExpirationTime"},
		{sign, "'2h'", "7200", causes.EXPRelative, ".setExpirationTime"},
		{sign, "'2h'", "new Date(Date.now() + 3600000)", "", ""},
		{sign, "setIssuedAt()", "setIssuedAt('1h')", causes.IATFuture, ".setIssuedAt"},
		{sign, "setIssuedAt()", "setIssuedAt(new Date())", "", ""},
		{sign, "setIssuedAt()", "setNotBefore('1h')", causes.NBFFuture, ".setNotBefore"},
		{sign, "setIssuedAt()", "setNotBefore('30 seconds ago')", "", ""},
		{sign, "'HS256'", "'HS384'", causes.TokenAlgorithm, "HS384"},
	})
}

// What Nest's JwtService gets in one object is its secret and its options.
func TestNestJwtOptions(t *testing.T) {
	files := withPage(map[string]string{
		"api/package.json":            `{"scripts":{"start:dev":"nest start --watch"},"dependencies":{"@nestjs/common":"11","@nestjs/core":"11","@nestjs/config":"4","@nestjs/jwt":"11"}}`,
		"api/src/main.ts":             "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule)\n  app.enableCors()\n  await app.listen(4100)\n}\nbootstrap()\n",
		"api/src/app.module.ts":       "import { Module } from '@nestjs/common'\nimport { ConfigModule } from '@nestjs/config'\nimport { JwtModule } from '@nestjs/jwt'\nimport { TokenController } from './token.controller'\n@Module({ imports: [ConfigModule.forRoot({ isGlobal: true }), JwtModule.register({})], controllers: [TokenController] })\nexport class AppModule {}\n",
		"api/src/token.controller.ts": "import { Body, Controller, Post } from '@nestjs/common'\nimport { ConfigService } from '@nestjs/config'\nimport { JwtService } from '@nestjs/jwt'\n@Controller()\nexport class TokenController {\n  constructor(private readonly jwt: JwtService, private readonly config: ConfigService) {}\n  @Post('token')\n  async create(@Body() body: { userId: string }) {\n    const token = await this.jwt.signAsync(\n      { user_id: body.userId },\n      {\n        secret: this.config.get<string>('STREAM_SECRET'),\n        expiresIn: '2h',\n      },\n    )\n    return { token }\n  }\n}\n",
		"api/.env":                    "STREAM_SECRET=" + actionSecret + "\n",
	})
	const c = "api/src/token.controller.ts"
	judgePlanted(t, files, []planted{
		{c, "'2h'", "'3h'", "", ""},
		{c, "'2h'", "'5s'", causes.EXPTooShort, "expiresIn"},
		{c, "expiresIn", "algorithm: 'HS512', expiresIn", causes.TokenAlgorithm, "algorithm"},
		{c, "user_id:", "sub:", causes.UserIDMissing, "sub:"},
		{c, "this.config.get<string>('STREAM_SECRET')", "Buffer.from(this.config.get<string>('STREAM_SECRET'), 'base64')", causes.SecretEncoding, "secret:"},
	})
}
