package scenarios

import "maps"

// The layouts: styles in which people write the same token server.

// clone gives a copy whose files may be changed.
func (l Layout) clone() Layout { l.Files = maps.Clone(l.Files); return l }

// craFront is the documented front end: a config module, a fetch, a React component.
var craFront = Files{
	"stream/package.json": `{
  "name": "stream",
  "private": true,
  "dependencies": { "react": "^18.2.0", "react-dom": "^18.2.0", "react-scripts": "5.0.1", "stream-chat": "^9.0.0", "stream-chat-react": "^13.0.0" },
  "scripts": { "start": "react-scripts start", "build": "react-scripts build" }
}
`,
	"stream/src/config/streamConfig.js": `// Stream configuration
export const STREAM_API_KEY = '{{K1}}';
export const TOKEN_ENDPOINT = 'http://localhost:{{PORT}}/api/stream/token';
`,
	"stream/src/services/tokenService.js": `import { TOKEN_ENDPOINT } from '../config/streamConfig';

export async function fetchToken(userId, userName) {
  const response = await fetch(TOKEN_ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId, userName }),
  });
  if (!response.ok) throw new Error('token request failed: ' + response.status);
  const { token } = await response.json();
  return token;
}
`,
	"stream/src/App.jsx": `import { useEffect, useState } from 'react';
import { StreamChat } from 'stream-chat';
import { Chat } from 'stream-chat-react';
import { STREAM_API_KEY } from './config/streamConfig';
import { fetchToken } from './services/tokenService';

export default function App({ user }) {
  const [client, setClient] = useState(null);
  useEffect(() => {
    const chat = StreamChat.getInstance(STREAM_API_KEY);
    chat.connectUser({ id: user.id, name: user.name }, () => fetchToken(user.id, user.name)).then(() => setClient(chat));
    return () => { chat.disconnectUser(); };
  }, [user.id, user.name]);
  return client ? <Chat client={client}>…</Chat> : <p>Loading</p>;
}
`,
}

// viteFront reads key and URL from Vite's environment.
var viteFront = Files{
	"client/package.json": `{ "name": "client", "private": true, "type": "module", "scripts": { "dev": "vite" },
  "dependencies": { "react": "^19.0.0", "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^6.0.0", "@vitejs/plugin-react": "^4.0.0" } }
`,
	"client/vite.config.js": `import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
export default defineConfig({ plugins: [react()], server: { port: 5173 } })
`,
	"client/.env": `VITE_STREAM_API_KEY={{K1}}
VITE_TOKEN_URL=http://localhost:{{PORT}}{{PATH}}
`,
	"client/src/chat.js": `import { StreamChat } from 'stream-chat'

const key = import.meta.env.VITE_STREAM_API_KEY

export async function connect(user) {
  const client = StreamChat.getInstance(key)
  const res = await fetch(import.meta.env.VITE_TOKEN_URL, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId: user.id, userName: user.name }),
  })
  const data = await res.json()
  await client.connectUser(user, data.token)
  return client
}
`,
}

// nextFront is a Next.js front end with a token server beside it; Next itself does not run.
var nextFront = Files{
	"next.config.mjs": "export default { reactStrictMode: true }\n",
	"app/chat/page.tsx": `'use client'
import { useEffect, useState } from 'react'
import { StreamChat } from 'stream-chat'

const apiKey = process.env.NEXT_PUBLIC_STREAM_API_KEY!

export default function ChatPage({ userId, userName }: { userId: string; userName: string }) {
  const [client, setClient] = useState<StreamChat | null>(null)
  useEffect(() => {
    const c = StreamChat.getInstance(apiKey)
    const provider = async () => {
      const r = await fetch('http://localhost:{{PORT}}/api/stream/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userId, userName }),
      })
      return (await r.json()).chatToken as string
    }
    c.connectUser({ id: userId }, provider).then(() => setClient(c))
  }, [userId])
  return client ? <main>connected</main> : <p>…</p>
}
`,
}

func join(parts ...Files) Files {
	out := Files{}
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// Express5 is the documented project: ES modules, Express 5, jsonwebtoken, dotenv from server/.
var Express5 = Layout{
	Name: "express5", Env: "server/.env", SecretVar: "STREAM_API_SECRET", KeyVar: "STREAM_API_KEY",
	Front: "stream/src/config/streamConfig.js", ModDir: "server", Path: "/api/stream/token",
	Packages: []string{"express", "cors", "dotenv", "jsonwebtoken"},
	Procs:    []Proc{{Name: "server", Dir: "server", Cmd: []string{"node", "index.js"}}},
	Files: join(craFront, Files{
		"server/package.json": `{
  "name": "server",
  "type": "module",
  "scripts": { "start": "node index.js", "dev": "node --watch index.js" },
  "dependencies": { "cors": "^2.8.5", "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0" }
}
`,
		"server/.env": `PORT={{PORT}}
STREAM_API_KEY={{K1}}
STREAM_API_SECRET={{S1}}
`,
		"server/streamToken.js": `import jwt from 'jsonwebtoken'

export function makeToken(userId) {
  return jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { algorithm: 'HS256', expiresIn: '1h' })
}
`,
		"server/index.js": `import 'dotenv/config'
import express from 'express'
import cors from 'cors'
import { makeToken } from './streamToken.js'

const app = express()
const PORT = process.env.PORT || {{PORT}}

app.use(cors({ origin: 'http://localhost:3000' }))
app.use(express.json())

app.get('/', (_req, res) => res.json({ ok: true }))

app.post('/api/stream/token', (req, res) => {
  const { userId, userName } = req.body ?? {}
  if (!userId) return res.status(400).json({ error: 'userId is required' })
  const token = makeToken(userId)
  console.log(` + "`Generated token for user: ${userId} (${userName})`" + `)
  console.log(` + "`Token preview: ${token.substring(0, 20)}...`" + `)
  res.json({ token, userId })
})

app.listen(PORT, () => console.log('token server on ' + PORT))
`,
	}),
}

// Express4 is CommonJS with routers, Express 4 and stream-chat as issuer, started from the root.
var Express4 = Layout{
	Name: "express4", Env: "backend/.env", SecretVar: "STREAM_SECRET", KeyVar: "STREAM_KEY",
	Front: "client/.env", ModDir: "backend", Path: "/chat/token",
	Packages: []string{"express4", "cors", "dotenv", "stream-chat"},
	Procs:    []Proc{{Name: "server", Dir: ".", Cmd: []string{"node", "backend/src/server.js"}}},
	Files: join(viteFront, Files{
		"package.json":         `{ "name": "app", "private": true, "scripts": { "server": "node backend/src/server.js", "client": "npm --prefix client run dev" } }` + "\n",
		"backend/package.json": `{ "name": "backend", "main": "src/server.js", "dependencies": { "cors": "^2.8.5", "dotenv": "^16.0.0", "express": "^4.19.0", "stream-chat": "^9.0.0" } }` + "\n",
		"backend/.env": `# Stream
STREAM_KEY={{K1}}
STREAM_SECRET={{S1}}
`,
		"backend/src/config.js": `const path = require('path');
require('dotenv').config({ path: path.join(__dirname, '..', '.env') });

module.exports = {
  port: Number(process.env.PORT) || {{PORT}},
  stream: { key: process.env.STREAM_KEY, secret: process.env.STREAM_SECRET },
};
`,
		"backend/src/streamClient.js": `const { StreamChat } = require('stream-chat');
const { stream } = require('./config');

module.exports = StreamChat.getInstance(stream.key, stream.secret);
`,
		"backend/src/routes/chat.js": `const { Router } = require('express');
const client = require('../streamClient');

const router = Router();

router.post('/token', (req, res) => {
  const { userId } = req.body;
  if (!userId) {
    return res.status(400).json({ message: 'userId missing' });
  }
  return res.json({ token: client.createToken(userId), userId });
});

module.exports = router;
`,
		"backend/src/server.js": `const express = require('express');
const cors = require('cors');
const { port } = require('./config');

const app = express();
app.use(cors());
app.use(express.json());
app.use('/chat', require('./routes/chat'));

app.listen(port, function () {
  console.log('listening on', port);
});
`,
	}),
}

// EnvFlag is plain node:http with node --env-file and @stream-io/node-sdk, one .env in the root.
var EnvFlag = Layout{
	Name: "envflag", Env: ".env", SecretVar: "STREAM_API_SECRET", KeyVar: "STREAM_API_KEY",
	Front: "web/config.js", ModDir: ".", Path: "/token",
	Packages: []string{"@stream-io/node-sdk"},
	Procs:    []Proc{{Name: "server", Dir: ".", Cmd: []string{"node", "--env-file=.env", "server.mjs"}}},
	Files: Files{
		"package.json": `{ "name": "envflag", "type": "module", "scripts": { "dev": "node --env-file=.env server.mjs" }, "dependencies": { "@stream-io/node-sdk": "^0.7.0" } }` + "\n",
		".env": `PORT={{PORT}}
STREAM_API_KEY={{K1}}
STREAM_API_SECRET={{S1}}
`,
		"server.mjs": `import { createServer } from 'node:http'
import { StreamClient } from '@stream-io/node-sdk'

const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Content-Type',
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
}

createServer(async (req, res) => {
  const send = (status, value) => {
    res.writeHead(status, { ...cors, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    res.end(JSON.stringify(value))
  }
  if (req.method === 'OPTIONS') { res.writeHead(204, cors); return res.end() }
  const { pathname } = new URL(req.url, 'http://localhost')
  if (pathname !== '/token' || req.method !== 'POST') return send(404, { error: 'no such route' })
  let text = ''
  for await (const chunk of req) text += chunk
  let body = {}
  try { body = JSON.parse(text || '{}') } catch { return send(400, { error: 'bad JSON' }) }
  if (!body.userId) return send(400, { error: 'userId missing' })
  try {
    const token = client.generateUserToken({ user_id: body.userId, validity_in_seconds: 3600 })
    send(200, { token, apiKey: process.env.STREAM_API_KEY })
  } catch (err) {
    send(500, { error: err.message })
  }
}).listen(Number(process.env.PORT ?? {{PORT}}))
`,
		"web/index.html": `<!doctype html><script type="module" src="./main.js"></script>` + "\n",
		"web/config.js":  "export default { apiKey: \"{{K1}}\", tokenUrl: \"http://localhost:{{PORT}}/token\" }\n",
		"web/main.js": `import config from './config.js'
import { StreamChat } from 'https://esm.sh/stream-chat'

const client = new StreamChat(config.apiKey)
const user = { id: localStorage.getItem('user') ?? 'test123' }
const answer = await fetch(config.tokenUrl, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })
await client.connectUser(user, (await answer.json()).token)
`,
	},
}
