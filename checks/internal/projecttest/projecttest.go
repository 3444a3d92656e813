// Package projecttest writes invented projects into folders for tests.
package projecttest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Invented values of the real shapes.
const (
	K1 = "jx3vk8n2qzp3"
	K2 = "mm7prw4hdt5y"
	S1 = "m4x8c2v9b5n7q3w6e2r8t5y9u4p7a3s6d2f8g5h9j4k7z3x6c2v8b5n9m4q7w3e6"
	S2 = "z9y8x7w6v5u4t3s2r9q8p7n6m5k4j3h2g9f8e7d6c5b4a3z2y9x8w7v6u5t4s3r2"
)

// Write writes files into a new folder and returns it. $K1 and its like are
// replaced by the invented values.
func Write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(FillText(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var fillIn = strings.NewReplacer("$K1", K1, "$K2", K2, "$S1", S1, "$S2", S2)

func FillText(s string) string { return fillIn.Replace(s) }

var Express = map[string]string{
	"server/package.json": `{"name":"server","type":"module","scripts":{"dev":"nodemon index.js","start":"node index.js"},"dependencies":{"express":"^5","dotenv":"^16","jsonwebtoken":"9","cors":"2"}}`,
	"server/.env":         "PORT=3001\nSTREAM_API_KEY=$K1\nSTREAM_API_SECRET=\"$S1 \"\n",
	"server/index.js": `import 'dotenv/config'
import express from 'express'
import cors from 'cors'
import streamRoutes from './routes/stream.js'
const app = express()
app.use(cors({ origin: 'http://localhost:3000' }))
app.use(express.json())
app.use('/api/stream', streamRoutes)
app.listen(process.env.PORT || 4000, () => console.log('up'))
`,
	"server/routes/stream.js": `import { Router } from 'express'
import jwt from 'jsonwebtoken'
const router = Router()
router.post('/token', (req, res) => {
  const { userId, userName } = req.body
  if (!userId) return res.status(400).json({ error: 'userId is required' })
  const now = Math.floor(Date.now() / 1000)
  const token = jwt.sign({ user_id: userId, iat: now, exp: now + 3600 }, process.env.STREAM_API_SECRET, { algorithm: 'HS256' })
  res.json({ token, userId })
})
export default router
`,
	"stream/package.json":               `{"name":"web","scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat-react":"12","stream-chat":"9"}}`,
	"stream/src/config/streamConfig.js": "// STREAM_API_KEY = '$K2'\nexport const STREAM_API_KEY = '$K1'\nexport const TOKEN_URL = 'http://localhost:3001/api/stream/token'\n",
	"stream/src/Chat.jsx": `import { useCreateChatClient } from 'stream-chat-react'
import { STREAM_API_KEY, TOKEN_URL } from './config/streamConfig'
const fetchToken = async (userId, userName) => {
  const r = await fetch(TOKEN_URL, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId, userName }) })
  return (await r.json()).token
}
export function Chat({ user }) {
  const client = useCreateChatClient({ apiKey: STREAM_API_KEY, tokenOrProvider: () => fetchToken(user.id, user.name), userData: user })
  return null
}
`,
	"server/.env.example": "STREAM_API_KEY=your_api_key\nSTREAM_API_SECRET=your_api_secret\n",
	"README.md":           "STREAM_API_SECRET=$S2\n",
}
