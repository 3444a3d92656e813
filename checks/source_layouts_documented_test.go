package checks

import (
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/tokens"
)

// The layout that the advice everywhere is written for: the signer's secret is a fallback in code, the key another one,
// nodemon runs the server, and the front end's address comes from functions.
func TestLayoutsOfTheDocumentedServer(t *testing.T) {
	const read = "process.env.STREAM_API_SECRET || '" + actionSecret + "'"
	const signer = "import jwt from 'jsonwebtoken';\n\nconst SECRET = " + read + ";\n\nexport function generateStreamToken(userId, userName) {\n  const now = Math.floor(Date.now() / 1000);\n" +
		"  const payload = {\n    user_id: userId,\n    iat: now,\n    exp: now + (60 * 60),\n  };\n  return jwt.sign(payload, SECRET, {\n    algorithm: 'HS256',\n  });\n}\n"
	const server = "import express from 'express';\nimport cors from 'cors';\nimport { generateStreamToken } from './streamToken.js';\nconst app = express();\napp.use(cors());\napp.use(express.json());\n" +
		"app.post('/api/stream/token', (req, res) => {\n  const { userId, userName } = req.body;\n  if (!userId || !userName) {\n    return res.status(400).json({ error: 'userId and userName are required' });\n  }\n" +
		"  const token = generateStreamToken(userId, userName);\n  res.json({ token });\n});\nconst PORT = process.env.PORT || 3001;\napp.listen(PORT);\n"
	const app = "import { useEffect, useState } from 'react';\nimport { endpoints } from './config/apiConfig';\nimport Call from './Call';\nexport default function App({ userId, userName }) {\n  const [userToken, setUserToken] = useState(null);\n" +
		"  useEffect(() => {\n    const load = async () => {\n      const response = await fetch(endpoints.streamToken(), {\n        method: 'POST',\n        headers: { 'Content-Type': 'application/json' },\n        body: JSON.stringify({ userId, userName }),\n      });\n" +
		"      const data = await response.json();\n      setUserToken(data.token);\n    };\n    load();\n  }, [userId]);\n  return <Call userId={userId} userName={userName} userToken={userToken} />;\n}\n"
	const call = "import { StreamVideoClient } from '@stream-io/video-react-sdk';\nimport { STREAM_API_KEY } from './config/streamConfig';\nexport default function Call({ userId, userName, userToken }) {\n  const start = async () => {\n" +
		"    const client = new StreamVideoClient({ apiKey: STREAM_API_KEY });\n    await client.connectUser(\n      {\n        id: userId,\n        name: userName,\n      },\n      userToken\n    );\n  };\n  return <button onClick={start} />;\n}\n"
	project := map[string]string{
		"server/package.json":               `{"type":"module","scripts":{"dev":"nodemon server.js","start":"node server.js"},"dependencies":{"express":"4","cors":"2","jsonwebtoken":"9"}}`,
		"server/nodemon.json":               `{"watch":["server.js"],"env":{"NODE_ENV":"development"},"exec":"node server.js"}`,
		"server/streamToken.js":             signer,
		"server/server.js":                  server,
		"stream/package.json":               `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","@stream-io/video-react-sdk":"1"}}`,
		"stream/src/config/streamConfig.js": "export const STREAM_API_KEY = import.meta.env.VITE_STREAM_API_KEY || '" + actionKey + "';\n",
		"stream/src/config/apiConfig.js": "const getApiUrl = () => {\n  if (import.meta.env.VITE_API_URL) {\n    return import.meta.env.VITE_API_URL;\n  }\n  return 'http://localhost:3001';\n};\nexport const API_URL = getApiUrl();\n" +
			"export const endpoints = {\n  streamToken: () => `${API_URL}/api/stream/token`,\n};\n",
		"stream/src/App.jsx":  app,
		"stream/src/Call.jsx": call,
	}
	const sign = "server/streamToken.js"
	with := func(file, text string, more ...string) map[string]string {
		p := map[string]string{file: text}
		for name, was := range project {
			if p[name] == "" {
				p[name] = was
			}
		}
		for i := 0; i+1 < len(more); i += 2 {
			p[more[i]] = more[i+1]
		}
		return p
	}
	env := "STREAM_API_SECRET=" + actionSecret + "\n"
	bare := "import jwt from 'jsonwebtoken';\nexport const generateStreamToken = (userId) => jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET);\n"
	placeholder := "import jwt from 'jsonwebtoken';\nconst SECRET = process.env.STREAM_API_SECRET || 'your_api_secret_here';\nexport const generateStreamToken = (userId) => jwt.sign({ user_id: userId }, SECRET);\n"
	tryLayouts(t, map[string]layout{
		"as documented": {project, []fault{
			{sign, "user_id: userId", "userId: userId", "user-id-missing", sign + ":8"},
			{sign, "user_id: userId", "user_id: userName", "user-id-mismatch", sign + ":8"},
			{"stream/src/Call.jsx", "id: userId", "id: userName", "user-id-mismatch", "stream/src/Call.jsx:8"},
			{"stream/src/App.jsx", "<Call userId={userId}", "<Call userId={userName}", "user-id-mismatch", "stream/src/Call.jsx:8"},
			{"stream/src/Call.jsx", "name: userName", "name: userId", "", ""},
			{"stream/src/config/apiConfig.js", "/api/stream/token", "/api/stream-token", "endpoint-not-found", "stream/src/config/apiConfig.js:9"},
		}},
		"a loader of its own": {with(sign, placeholder, "server/.env", env, "server/server.js", "import './env.js';\n"+server,
			"server/env.js", "import { readFileSync } from 'fs';\nfor (const line of readFileSync('.env', 'utf8').split('\\n')) {\n  const i = line.indexOf('=');\n  if (i > 0) process.env[line.slice(0, i)] ??= line.slice(i + 1);\n}\n"), nil},
		"a loader that assigns": {with(sign, placeholder, "server/.env", env, "server/server.js", "import './env.js';\n"+server,
			"server/env.js", "import { readFileSync } from 'fs';\nimport { parseEnv } from 'util';\nObject.assign(process.env, parseEnv(readFileSync('.env', 'utf8')));\n"), nil},
		"nodemon's exec": {with("server/nodemon.json", `{"exec":"node --env-file=.env server.js"}`, "server/.env", env, sign, bare), []fault{
			{"server/.env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "server/.env:1"},
		}},
		"nodemon's exec in package.json": {without("server/nodemon.json", with("server/.env", env, sign, bare,
			"server/package.json", `{"type":"module","scripts":{"dev":"nodemon"},"nodemonConfig":{"exec":"node --env-file=.env server.js"},"dependencies":{"express":"4","cors":"2","jsonwebtoken":"9"}}`)), []fault{
			{"server/.env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "server/.env:1"},
		}},
	})
	for is, cause := range map[string]string{
		actionSecret:             "",
		actionSecret + " ":       "secret-whitespace",
		actionSecret + "abc":     "secret-padded",
		actionSecret[:60]:        "secret-truncated",
		actionKey:                "secret-is-key",
		"your_api_secret_here":   "secret-fallback",
		strings.Repeat("q7", 32): "secret-fallback",
	} {
		files := with(sign, strings.Replace(signer, actionSecret, is, 1))
		f := lookedAt(t, files, func(x *facts.Target) {
			x.Static, x.APIKey, x.Secret = true, actionKey, tokens.NewSecret([]byte(actionSecret))
		})
		found, at := "", ""
		if r := Judge(f); len(r.Causes) > 0 && r.Causes[0].Severity == "error" {
			found, at = string(r.Causes[0].ID), r.Causes[0].Location.String()
		}
		if found != cause || cause != "" && at != sign+":3" {
			t.Errorf("a fallback of %d characters: %s at %s, want %s at %s:3", len(is), found, at, cause, sign)
		}
	}
}

func without(file string, files map[string]string) map[string]string {
	delete(files, file)
	return files
}
