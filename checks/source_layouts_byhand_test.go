package checks

import (
	"maps"
	"testing"

	"badsig/checks/causes"
)

// byHand makes the token without a library: the encoder is a function of its own.
var byHand = withPage(map[string]string{
	"api/package.json": `{"type":"module","scripts":{"start":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17"}}`,
	"api/index.js":     "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport { makeToken } from './jwt.js'\nconst app = express()\napp.use(cors(), express.json())\napp.post('/token', (req, res) => {\n  const now = Math.floor(Date.now() / 1000)\n  res.json({ token: makeToken({ user_id: req.body.userId, exp: now + 3600 }) })\n})\napp.listen(4100)\n",
	"api/jwt.js":       "import crypto from 'node:crypto'\nconst encode = (x) => Buffer.from(JSON.stringify(x)).toString('base64url')\nexport function makeToken(claims) {\n  const head = encode({ alg: 'HS256', typ: 'JWT' })\n  const body = encode(claims)\n  const input = `${head}.${body}`\n  const signature = crypto\n    .createHmac('sha256', process.env.STREAM_SECRET)\n    .update(input)\n    .digest('base64url')\n  return input + '.' + signature\n}\n",
	"api/.env":         "STREAM_SECRET=" + actionSecret + "\n",
})

// What a token made by hand has wrong in its segments, its hash and its claims is told on its line.
func TestTokensMadeByHand(t *testing.T) {
	const jwt, index = "api/jwt.js", "api/index.js"
	judgePlanted(t, byHand, []planted{
		{jwt, "toString('base64url')", "toString('base64')", causes.TokenEncoding, "const encode"},
		{jwt, "digest('base64url')", "digest('hex')", causes.TokenEncoding, "digest('hex')"},
		{jwt, "digest('base64url')", "digest('base64')", causes.TokenEncoding, "digest('base64')"},
		{jwt, "digest('base64url')", "digest('base64').replace(/=+$/, '').replace(/\\+/g, '-').replace(/\\//g, '_')", "", ""},
		{jwt, "digest('base64url')", "digest('hex').replace(/\\+/g, '-').replace(/=/g, '')", causes.TokenEncoding, "digest('hex')"},
		{jwt, "return input + '.' + signature", "return [head, body, signature].join('.')", "", ""},
		{jwt, "'sha256'", "'sha512'", causes.TokenAlgorithm, ".createHmac"},
		{jwt, "'HS256'", "'HS512'", causes.TokenAlgorithm, "const head"},
		{index, "user_id: req.body.userId", "sub: req.body.userId", causes.UserIDMissing, "  res.json"},
		{index, "now + 3600", "now + 5", causes.EXPTooShort, "  res.json"},
	})
	files := maps.Clone(byHand) // the whole token is rewritten afterwards, and a webhook is verified with the secret
	files[index] += "app.post('/hook', (req, res) => {\n  const id = { userId: req.body.user.id, at: Date.now() }\n  const mine = crypto.createHmac('sha256', process.env.STREAM_SECRET).update(req.rawBody).digest('hex')\n  res.json({ ok: mine === req.headers['x-signature'], id })\n})\n"
	judgePlanted(t, files, []planted{
		{index, "listen(4100)", "listen(4100) ", "", ""},
		{jwt, "return input + '.' + signature", "const token = input + '.' + Buffer.from(signature).toString('base64')\n  return token.replace(/=/g, '')", "", ""},
	})
}
