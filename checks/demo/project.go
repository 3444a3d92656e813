package demo

import (
	"crypto/rand"
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/fakestream"
	"badsig/tokens"
)

// alphabet is that of every Stream key and secret seen so far: a-z and
// 0-9 without 0, 1, i, l and o.
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"

// invent makes a random text of n characters.
func invent(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// healthy is a project in which nothing is wrong: an Express server in server/,
// a Vite front end in stream/, one Stream app.
func healthy(port int) *setup {
	s := &setup{
		files: map[string]string{}, later: map[string]string{},
		key: invent(12), secret: invent(64), key2: invent(12), secret2: invent(64),
		port: port, userID: "test123", apps: map[string]fakestream.App{},
	}
	s.apps[s.key] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret)), Name: "Demo App"}
	s.apps[s.key2] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret2)), ID: 2, Name: "Other App"}
	s.addrs = both(port)
	s.files["package.json"] = `{
  "name": "chat-demo",
  "private": true,
  "workspaces": ["server", "stream"]
}
`
	s.files[".gitignore"] = "node_modules\n.env\n"
	s.files["server/package.json"] = `{
  "name": "chat-demo-server",
  "private": true,
  "type": "module",
  "main": "server.js",
  "scripts": { "dev": "node server.js" },
  "dependencies": { "cors": "^2.8.5", "dotenv": "^17.2.3", "express": "^5.1.0", "jsonwebtoken": "^9.0.2" }
}
`
	s.env2(s.key, s.secret)
	s.files["server/server.js"] = serverJS
	s.files["server/streamToken.js"] = tokenJS
	s.files["stream/package.json"] = `{
  "name": "chat-demo-front",
  "private": true,
  "type": "module",
  "scripts": { "dev": "vite --port 3000" },
  "dependencies": { "react": "^19.2.0", "stream-chat": "^9.25.0", "stream-chat-react": "^13.10.0" },
  "devDependencies": { "vite": "^7.1.12" }
}
`
	s.files["stream/vite.config.js"] = "import { defineConfig } from 'vite';\n\nexport default defineConfig({ server: { port: 3000 } });\n"
	s.config(s.key)
	s.files["stream/src/App.jsx"] = appJSX
	return s
}

// both returns the addresses of both loopback families, which a Node server
// without a host listens on.
func both(port int) []string {
	return []string{fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("[::1]:%d", port)}
}

// env2 writes server/.env with a key and a secret, unquoted.
//
//go:noinline
func (s *setup) env2(key, secret string) {
	s.files["server/.env"] = "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + fmt.Sprintf("\nPORT=%d\n", s.port)
}

// config writes the front end's configuration.
func (s *setup) config(key string) {
	s.files["stream/src/config/streamConfig.js"] = fmt.Sprintf(`// What the browser needs to know. The key is public; the secret never belongs here.
export const STREAM_API_KEY = '%s';
export const TOKEN_URL = 'http://localhost:%d/api/stream/token';
`, key, s.port)
}

// edit replaces a string in a file; a row whose text is not there is a mistake in the row.
func (s *setup) edit(file, old, new string) {
	text, ok := s.files[file]
	if !ok || !affix.Contains(text, old) {
		panic("faults: " + file + " does not hold: " + old)
	}
	s.files[file] = strings.Replace(text, old, new, 1)
}

const serverJS = `import 'dotenv/config';
import express from 'express';
import cors from 'cors';
import { createToken } from './streamToken.js';

const app = express();
const PORT = process.env.PORT || 3001;

app.use(cors({ origin: 'http://localhost:3000' }));
app.use(express.json());

app.post('/api/stream/token', (req, res) => {
  const { userId, userName } = req.body;
  if (!userId) return res.status(400).json({ error: 'userId is required' });
  const token = createToken(userId);
  console.log('Generated token for user: ' + userId + ' (' + userName + ')');
  res.set('Cache-Control', 'no-store');
  res.json({ token, userId });
});

app.listen(PORT, () => console.log('Token server on ' + PORT));
`

const tokenJS = `import jwt from 'jsonwebtoken';

export function createToken(userId) {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { user_id: userId, iat, exp: iat + 3600 };
  return jwt.sign(payload, process.env.STREAM_API_SECRET, { algorithm: 'HS256' });
}
`

const appJSX = `import { useEffect, useState } from 'react';
import { StreamChat } from 'stream-chat';
import { STREAM_API_KEY, TOKEN_URL } from './config/streamConfig.js';

async function fetchToken(userId, userName) {
  const res = await fetch(TOKEN_URL, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId, userName }),
  });
  const { token } = await res.json();
  return token;
}

export function App({ user }) {
  const [client, setClient] = useState(null);
  useEffect(() => {
    const chat = StreamChat.getInstance(STREAM_API_KEY);
    chat.connectUser({ id: user.id, name: user.name }, () => fetchToken(user.id, user.name)).then(() => setClient(chat));
    return () => chat.disconnectUser();
  }, [user.id, user.name]);
  return client ? 'connected' : 'connecting';
}
`
