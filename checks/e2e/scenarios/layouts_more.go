package scenarios

// Jose is a workspace: TypeScript front end, ES modules, Express 5, jose, the .env in the root reached by a URL.
var Jose = Layout{
	Name: "jose", Env: ".env", SecretVar: "GETSTREAM_API_SECRET", KeyVar: "GETSTREAM_API_KEY",
	Front: "apps/web/src/stream.ts", ModDir: "apps/api", Path: "/api/stream/token",
	Packages: []string{"express", "cors", "dotenv", "jose"},
	Procs:    []Proc{{Name: "server", Dir: "apps/api", Cmd: []string{"node", "src/main.mjs"}}},
	Files: Files{
		"package.json":          `{ "name": "mono", "private": true, "workspaces": ["apps/*"] }` + "\n",
		"apps/api/package.json": `{ "name": "@mono/api", "type": "module", "scripts": { "dev": "node --watch src/main.mjs", "start": "node src/main.mjs" }, "dependencies": { "express": "^5.0.0", "cors": "^2.8.5", "dotenv": "^17.0.0", "jose": "^5.0.0" } }` + "\n",
		".env": `# shared by api and web
GETSTREAM_API_KEY="{{K1}}"
GETSTREAM_API_SECRET="{{S1}}"
`,
		"apps/api/src/env.mjs": `import { config } from 'dotenv'
import { fileURLToPath } from 'node:url'

config({ path: fileURLToPath(new URL('../../../.env', import.meta.url)), quiet: true })

export const env = {
  port: 'API_PORT' in process.env ? +process.env.API_PORT : {{PORT}},
  apiKey: process.env.GETSTREAM_API_KEY,
  apiSecret: process.env.GETSTREAM_API_SECRET,
}
`,
		"apps/api/src/tokens.mjs": `import { SignJWT } from 'jose'
import { env } from './env.mjs'

export class TokenService {
  #key = new TextEncoder().encode(env.apiSecret)

  issue(userId) {
    return new SignJWT({ user_id: userId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(this.#key)
  }
}
`,
		"apps/api/src/main.mjs": `import express, { Router } from 'express'
import cors from 'cors'
import { env } from './env.mjs'
import { TokenService } from './tokens.mjs'

const service = new TokenService()
const router = Router()
router.route('/token').post(async (req, res, next) => {
  try {
    const { userId } = req.body
    if (typeof userId !== 'string') return res.status(400).json({ error: 'userId' })
    res.set('Cache-Control', 'no-store').json({ token: await service.issue(userId), userId })
  } catch (error) {
    next(error)
  }
})

const app = express()
app.use(cors({ origin: ['http://localhost:5173', 'http://127.0.0.1:5173'], credentials: true }), express.json())
app.use('/api/stream', router)
app.listen(env.port)
`,
		"apps/web/package.json": `{ "name": "@mono/web", "private": true, "type": "module", "scripts": { "dev": "vite --port 5173" }, "dependencies": { "stream-chat-react": "^13.0.0" }, "devDependencies": { "vite": "^6.0.0", "typescript": "^5.0.0" } }` + "\n",
		"apps/web/src/stream.ts": `import { StreamChat, type TokenOrProvider } from 'stream-chat';

const config = {
  apiKey: '{{K1}}' as const,
  tokenUrl: 'http://localhost:{{PORT}}/api/stream/token',
};

const tokenProvider = (userId: string): TokenOrProvider => async () => {
  const res: Response = await fetch(config.tokenUrl, {
    method: 'POST',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  return (await res.json()).token;
};

export const connect = (userId: string) => StreamChat.getInstance(config.apiKey).connectUser({ id: userId }, tokenProvider(userId));
`,
	},
}

// Next is a Next.js front end with Express 5 beside it, both on .env.local.
var Next = Layout{
	Name: "next", Env: ".env.local", SecretVar: "STREAM_SECRET_KEY", KeyVar: "NEXT_PUBLIC_STREAM_API_KEY",
	Front: ".env.local", ModDir: ".", Path: "/api/stream/token",
	Packages: []string{"express", "cors", "dotenv", "stream-chat"},
	Procs:    []Proc{{Name: "server", Dir: ".", Cmd: []string{"node", "token-server/index.cjs"}}},
	Files: join(nextFront, Files{
		"package.json": `{ "name": "next-chat", "private": true, "scripts": { "dev": "next dev", "tokens": "node token-server/index.cjs" },
  "dependencies": { "next": "15.0.0", "react": "19.0.0", "stream-chat": "^9.0.0", "express": "^5.0.0", "cors": "^2.8.5", "dotenv": "^17.0.0" } }
`,
		".env.local": `NEXT_PUBLIC_STREAM_API_KEY={{K1}}
STREAM_SECRET_KEY={{S1}}
`,
		"token-server/index.cjs": `require('dotenv').config({ path: ['.env.local', '.env'], quiet: true })
const express = require('express')
const cors = require('cors')
const { StreamChat } = require('stream-chat')

const serverClient = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY, process.env.STREAM_SECRET_KEY)
const app = express()
app.use(cors({ origin: 'http://localhost:3000' }))
app.use(express.json())

app.post('/api/stream/token', async (req, res) => {
  const { userId } = req.body || {}
  if (!userId) { res.status(400).json({ error: 'user_id required' }); return }
  const exp = Math.floor(Date.now() / 1000) + 60 * 60
  const iat = Math.floor(Date.now() / 1000) - 60
  res.json({ chatToken: serverClient.createToken(userId, exp, iat), apiKey: process.env.NEXT_PUBLIC_STREAM_API_KEY, userId })
})

app.listen({{PORT}}, '127.0.0.1')
`,
	}),
}

// Python is a backend that is not Node: http.server and hmac, a .env read by hand.
var Python = Layout{
	Name: "python", Env: "server/.env", SecretVar: "STREAM_API_SECRET", KeyVar: "STREAM_API_KEY",
	Front: "stream/src/config/streamConfig.js", Path: "/api/stream/token",
	Procs: []Proc{{Name: "server", Dir: "server", Cmd: []string{"python3", "app.py"}}},
	Files: join(craFront, Files{
		"server/.env": "STREAM_API_KEY={{K1}}\nSTREAM_API_SECRET={{S1}}\n",
		"server/app.py": `import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

for line in (Path(__file__).parent / ".env").read_text().splitlines():
    name, sep, value = line.partition("=")
    if sep and not name.startswith("#"):
        os.environ.setdefault(name.strip(), value)

SECRET = os.environ["STREAM_API_SECRET"]


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_token(user_id):
    now = int(time.time())
    head = b64(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = b64(json.dumps({"user_id": user_id, "iat": now - 5, "exp": now + 3600}).encode())
    mac = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{b64(mac)}"


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, value=None):
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "http://localhost:3000")
        self.send_header("Access-Control-Allow-Headers", "content-type")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_OPTIONS(self):
        self.answer(204)

    def do_POST(self):
        if self.path != "/api/stream/token":
            return self.answer(404, {"error": "not found"})
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if not body.get("userId"):
            return self.answer(400, {"error": "userId is required"})
        self.answer(200, {"token": make_token(body["userId"]), "userId": body["userId"]})

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", {{PORT}}), Handler).serve_forever()
`,
	}),
}

// Golang is the other backend that is not Node, for machines without Python.
var Golang = Layout{
	Name: "go", Env: "server/.env", SecretVar: "STREAM_API_SECRET", KeyVar: "STREAM_API_KEY",
	Front: "stream/src/config/streamConfig.js", Path: "/api/stream/token",
	Procs: []Proc{{Name: "server", Dir: "server", Cmd: []string{"go", "run", "main.go"}}},
	Files: join(craFront, Files{
		"server/go.mod": "module server\n\ngo 1.21\n",
		"server/.env":   "STREAM_API_KEY={{K1}}\nSTREAM_API_SECRET={{S1}}\n",
		"server/main.go": `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"
)

func env(name string) string {
	data, _ := os.ReadFile(".env")
	for _, line := range strings.Split(string(data), "\n") {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			return v
		}
	}
	return os.Getenv(name)
}

func main() {
	secret := []byte(env("STREAM_API_SECRET"))
	enc := base64.RawURLEncoding.EncodeToString
	http.HandleFunc("/api/stream/token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "http://localhost:3000")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		var in struct{ UserID string ` + "`json:\"userId\"`" + ` }
		if json.NewDecoder(r.Body).Decode(&in) != nil || in.UserID == "" {
			http.Error(w, "userId is required", http.StatusBadRequest)
			return
		}
		claims, _ := json.Marshal(map[string]string{"user_id": in.UserID})
		text := enc([]byte(` + "`{\"alg\":\"HS256\",\"typ\":\"JWT\"}`" + `)) + "." + enc(claims)
		h := hmac.New(sha256.New, secret)
		h.Write([]byte(text))
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"token": text + "." + enc(h.Sum(nil))})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:{{PORT}}", nil))
}
`,
	}),
}

// Layouts are all of them.
var Layouts = []Layout{Express5, Express4, EnvFlag, Jose, Next, Python, Golang}
