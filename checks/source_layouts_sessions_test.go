package checks

import "testing"

// Backends that have the user from a session, and pages that have him from the same.
func TestLayoutsOfSessions(t *testing.T) {
	const env = "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	const mismatch = "user-id-mismatch"
	page := "'use client'\nimport { useUser } from '@clerk/nextjs'\nimport { StreamChat } from 'stream-chat'\nexport function Talk() {\n  const { user } = useUser()\n  const start = async () => {\n    const r = await fetch('/api/token')\n    const { token } = await r.json()\n" +
		"    await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user?.id || '', name: user?.fullName }, token)\n  }\n  return <button onClick={start}>chat</button>\n}\n"
	own := "require('dotenv').config()\nconst express = require('express')\nconst jwt = require('jsonwebtoken')\nconst { StreamChat } = require('stream-chat')\nconst User = require('./user')\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\nconst app = express()\n" +
		"const guard = async (req, res, next) => {\n  const { id } = jwt.verify(req.headers.authorization, process.env.JWT_KEY)\n  req.user = await User.findById(id)\n  if (!req.user) return res.status(401).end()\n  next()\n}\n" +
		"app.get('/token', guard, (req, res) => {\n  res.json({ token: chat.createToken(req.user.id) })\n})\napp.listen(4000)\n"
	tryLayouts(t, map[string]layout{
		"Clerk": {map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9","@clerk/nextjs":"5"}}`, ".env.local": env, "components/talk.jsx": page, "app/page.jsx": "import { Talk } from '../components/talk'\nexport default function Page() { return <Talk /> }\n",
			"app/api/token/route.js": "import { currentUser } from '@clerk/nextjs/server'\nimport { StreamChat } from 'stream-chat'\nexport async function GET() {\n  const user = await currentUser()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  return Response.json({ token: chat.createToken(user.id) })\n}\n",
		}, []fault{
			{"app/api/token/route.js", "createToken(user.id)", "createToken(user.username)", mismatch, "app/api/token/route.js:6"},
			{"components/talk.jsx", "id: user?.id || ''", "id: user?.username", mismatch, "components/talk.jsx:9"},
			{"components/talk.jsx", "id: user?.id || ''", "id: user.externalId", "", ""},
			{"app/api/token/route.js", "await currentUser()", "currentUser()", "user-id-missing", "app/api/token/route.js:4"},
			{"app/api/token/route.js", "const user = await currentUser()", "const signed = currentUser()\n  const user = await signed", "", ""},
			{"app/api/token/route.js", "const user = await currentUser()", "const [user] = await Promise.all([currentUser()])", "", ""},
		}},
		"a server action": {map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9"}}`, ".env.local": env,
			"app/token.js": "'use server'\nimport { StreamChat } from 'stream-chat'\nexport async function createToken(userId) {\n  return StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET).createToken(userId)\n}\n",
			"app/page.jsx": "'use client'\nimport { StreamChat } from 'stream-chat'\nimport { createToken } from './token'\nexport default function Page({ user }) {\n  const start = () => StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user.id }, () => createToken(user.id))\n  return <button onClick={start}>chat</button>\n}\n",
		}, []fault{
			{"app/token.js", "createToken(userId)\n", "createToken('userId')\n", mismatch, "app/token.js:4"},
		}},
		"NextAuth, through a function": {map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9","next-auth":"4"}}`, ".env.local": env,
			"lib/auth.js":         "import { getServerSession } from 'next-auth'\nexport function getSession() {\n  return getServerSession({})\n}\n",
			"lib/token.js":        "'use server'\nimport { getSession } from './auth'\nimport { StreamChat } from 'stream-chat'\nexport async function generateToken() {\n  const session = await getSession()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  return chat.createToken(session.user.id)\n}\n",
			"app/page.jsx":        "import { Talk } from '../components/talk'\nexport default function Page() { return <Talk /> }\n",
			"components/talk.jsx": "'use client'\nimport { useSession } from 'next-auth/react'\nimport { StreamChat } from 'stream-chat'\nimport { generateToken } from '../lib/token'\nexport function Talk() {\n  const session = useSession()\n  const start = async () => {\n    const userId = session.data.user.id\n    await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: userId }, () => generateToken())\n  }\n  return <button onClick={start}>chat</button>\n}\n",
		}, []fault{
			{"lib/token.js", "session.user.id", "session.user.email", mismatch, "lib/token.js:7"},
			{"components/talk.jsx", "data.user.id", "data.user.email", mismatch, "components/talk.jsx:8"},
		}},
		"Supabase": {map[string]string{
			"package.json": `{"dependencies":{"expo":"51","stream-chat-expo":"5","stream-chat":"8","@supabase/supabase-js":"2"}}`, "supabase/functions/.env": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
			"supabase/functions/chat-token/index.ts": "import { StreamChat } from 'npm:stream-chat'\nimport { createClient } from 'jsr:@supabase/supabase-js@2'\nDeno.serve(async (req) => {\n  const supabase = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_ANON_KEY')!)\n  const { data } = await supabase.auth.getUser(req.headers.get('Authorization')!)\n" +
				"  const chat = StreamChat.getInstance(Deno.env.get('STREAM_KEY')!, Deno.env.get('STREAM_SECRET')!)\n  return new Response(JSON.stringify({ token: chat.createToken(data.user.id) }))\n})\n",
			"app/supabase.ts": "import { createClient } from '@supabase/supabase-js'\nexport const supabase = createClient('https://abcdefgh.supabase.co', 'anon')\n",
			"app/chat.ts":     "import { StreamChat } from 'stream-chat'\nimport { supabase } from './supabase'\nexport async function connect(user) {\n  const { data } = await supabase.functions.invoke('chat-token')\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, data.token)\n}\n",
		}, []fault{
			{"supabase/functions/chat-token/index.ts", "data.user.id", "`${data.id}`", "user-id-placeholder", "supabase/functions/chat-token/index.ts:7"},
			{"supabase/functions/chat-token/index.ts", "data.user.id", "data.user.email", mismatch, "supabase/functions/chat-token/index.ts:7"},
		}},
		"a session of its own": {map[string]string{
			"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","jsonwebtoken":"9","dotenv":"16","stream-chat":"9","mongoose":"8"}}`, "api/.env": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\nJWT_KEY=abcdefgh\n", "api/index.js": own,
			"api/user.js":      "const mongoose = require('mongoose')\nmodule.exports = mongoose.model('User', new mongoose.Schema({ email: String, name: String }))\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.jsx": ours + "export async function connect(user, jwt) {\n  const r = await fetch('http://localhost:4000/token', { headers: { Authorization: jwt } })\n  const { token } = await r.json()\n  await client.connectUser({ id: user._id }, token)\n}\n",
		}, []fault{
			{"api/index.js", "createToken(req.user.id)", "createToken(req.user.email)", mismatch, "api/index.js:15"},
			{"api/index.js", "createToken(req.user.id)", "createToken(req.user.name)", "", ""},
			{"web/src/chat.jsx", "id: user._id", "id: user.email", mismatch, "web/src/chat.jsx:6"},
			{"web/src/chat.jsx", "id: user._id", "id: user.handle", "", ""},
			{"web/src/chat.jsx", "id: user._id", "id: user.full_name", mismatch, "web/src/chat.jsx:6"},
			{"api/index.js", "createToken(req.user.id)", "createToken(req.user.clerkId)", mismatch, "api/index.js:15"},
			{"web/src/chat.jsx", "id: user._id", "id: user.clerkId", "", ""}, // which of the two the session has as its id isn't known
			{"api/index.js", "createToken(req.user.id)", "createToken(String(req.user._id))", "", ""},
			{"web/src/chat.jsx", "  await client.connectUser({ id: user._id }", "  const me = user.email\n  await client.connectUser({ id: me }", mismatch, "web/src/chat.jsx:6"},
			{"web/src/chat.jsx", "  await client.connectUser({ id: user._id }", "  const name = user._id\n  await client.connectUser({ id: name }", "", ""},
		}},
	})
}
