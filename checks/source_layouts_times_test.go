package checks

import "testing"

// Times that are worked out from constants, helpers and the present time in the ways in which people write
// them, and calls and arguments whose names only the project knows.
func TestLayoutsOfTimes(t *testing.T) {
	const line = "    exp: now() + HOUR,"
	at := func(is, cause, where string) fault { return fault{"src/token.mjs", line, is, cause, where} }
	iat := func(is, cause string) fault {
		return fault{"src/token.mjs", "    iat: now(),", "    iat: " + is + ",", cause, "src/token.mjs:9"}
	}
	swapped := fault{"src/lib/chat.js", "(apiKey, apiSecret)", "(apiSecret, apiKey)", "key-secret-swapped", "src/lib/chat.js:6"}
	tryLayouts(t, map[string]layout{
		"a module of claims": {map[string]string{
			"package.json": `{"type":"module","scripts":{"start":"node --env-file=.env src/server.mjs"},"dependencies":{"express":"5","jsonwebtoken":"9"}}`,
			".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"src/token.mjs": "import jwt from 'jsonwebtoken';\nimport dayjs from 'dayjs';\nimport { HOUR } from './units.mjs';\nconst DAY = 24 * HOUR;\n" +
				"const now = () => Math.floor(Date.now() / 1000);\nexport function issue(uid, ttl) {\n  const claims = {\n    user_id: uid,\n    iat: now(),\n" + line + "\n  };\n" +
				"  return jwt.sign(claims, process.env.STREAM_API_SECRET);\n}\n",
			"src/units.mjs":  "export const HOUR = 60 * 60;\n",
			"src/server.mjs": "import express from 'express';\nimport { issue } from './token.mjs';\nconst app = express();\napp.get('/stream', (req, res) => res.json({ token: issue(req.query.uid, req.query.ttl) }));\napp.listen(4000);\n",
		}, []fault{
			at("    exp: HOUR,", "exp-relative", "src/token.mjs:10"),
			at("    exp: DAY,", "exp-relative", "src/token.mjs:10"),
			at("    exp: now() - HOUR,", "token-expired", "src/token.mjs:10"),
			at("    exp: 1767225600 + DAY,", "token-expired", "src/token.mjs:10"),
			at("    exp: Date.now() / 1000 + HOUR,", "claim-type", "src/token.mjs:10"),
			at("    exp: Date.now() + ttl,", "exp-milliseconds", "src/token.mjs:10"),
			at("    exp: Math.floor(+new Date() / 1e3) + HOUR,", "", ""),
			at("    exp: ~~((Date.now() + HOUR * 1000) / 1000),", "", ""),
			at("    exp: (new Date(Date.now() + DAY * 1000).getTime() / 1000) | 0,", "", ""),
			at("    exp: dayjs().unix() + ttl,", "", ""),
			at("    exp: getUnixTime(new Date()) + HOUR,", "", ""),
			at("    exp: Number(String(Date.now()).slice(0, -3)) + HOUR,", "", ""),
			at("    exp: 4102444800,", "", ""),
			iat("now() + HOUR", "iat-future"), iat("dayjs().unix() + 60", "iat-future"), iat("new Date().getTime()", "iat-milliseconds"), iat("Date.now() / 1000", "claim-type"),
			iat("Math.trunc(new Date().valueOf() / 1000) - HOUR", ""), iat("clock.now()", ""),
		}},
		"variables that no one knows as Stream's, in the wrong places": {map[string]string{
			"package.json":    `{"type":"module","scripts":{"start":"node src/server.js"},"dependencies":{"express":"5","stream-chat":"9","dotenv":"16"}}`,
			".env":            "STEAM_API_KEY=" + actionKey + "\nSTEAM_API_SECRET=" + actionSecret + "\n",
			"src/lib/chat.js": "import { StreamChat } from 'stream-chat';\nimport 'dotenv/config';\nconst apiKey = process.env.STEAM_API_KEY;\nconst apiSecret = process.env.STEAM_API_SECRET;\n\nexport const chat = StreamChat.getInstance(apiKey, apiSecret);\n",
			"src/server.js":   "import express from 'express';\nimport { chat } from './lib/chat.js';\nconst app = express();\napp.get('/stream', (req, res) => res.json({ token: chat.createToken(req.query.uid) }));\napp.listen(4000);\n",
		}, []fault{swapped}},
	})
}
