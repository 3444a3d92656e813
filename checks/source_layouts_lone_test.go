package checks

import "testing"

// Functions without a front end or a server beside them: the platform's local server loads .env for them.
func TestLayoutsOfLoneFunctions(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const pkg = `{"dependencies":{"stream-chat":"9"}}`
	const handler = "const { StreamChat } = require('stream-chat')\nmodule.exports = async (req, res) => {\n  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n  res.json({ token: chat.createToken(req.body.userId) })\n}\n"
	faults := func(file string) []fault {
		return []fault{
			{file, "STREAM_API_SECRET=", "STREAM_SECRET=", "secret-missing", file + ":2"},
		}
	}
	tryLayouts(t, map[string]layout{
		"Vercel without a file of its own": {map[string]string{"package.json": pkg, ".env": env, "api/token.js": handler}, faults(".env")},
		"Vercel, started by a script": {map[string]string{
			"package.json": `{"scripts":{"start":"vercel dev"},"dependencies":{"stream-chat":"9"},"devDependencies":{"vercel":"37"}}`,
			".env.local":   env, "api/token.js": handler,
		}, faults(".env.local")},
		"Vercel, of a method": {map[string]string{
			"package.json": `{"dependencies":{"@stream-io/node-sdk":"0.4"}}`, ".env": env,
			"api/token.ts": "import { StreamClient } from '@stream-io/node-sdk'\nexport async function POST(request: Request) {\n  const client = new StreamClient(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  const { userId } = await request.json()\n  return Response.json({ token: client.generateUserToken({ user_id: userId }) })\n}\n",
		}, faults(".env")},
		"Netlify, in a folder of its own": {map[string]string{
			"package.json": pkg, ".env": env, "netlify.toml": "[functions]\n  directory = \"fns\"\n",
			"fns/token.mjs": "import { StreamChat } from 'stream-chat'\nexport default async (req) => {\n  const { userId } = await req.json()\n  const chat = StreamChat.getInstance(Netlify.env.get('STREAM_API_KEY'), Netlify.env.get('STREAM_API_SECRET'))\n  return Response.json({ token: chat.createToken(userId) })\n}\nexport const config = { path: '/token' }\n",
		}, faults(".env")},
		"a task of Deno": {map[string]string{
			"deno.json": `{"tasks":{"dev":"deno run -A --env-file main.ts"}}`, ".env": env,
			"main.ts": "import { StreamChat } from 'npm:stream-chat'\nconst chat = StreamChat.getInstance(Deno.env.get('STREAM_API_KEY'), Deno.env.get('STREAM_API_SECRET'))\nDeno.serve({ port: 3001 }, async (req) => {\n  const { userId } = await req.json()\n  return Response.json({ token: chat.createToken(userId) })\n})\n",
		}, append(faults(".env"), fault{"deno.json", " --env-file", " --env-file=.env", "", ""})},
		"a secret of Firebase's emulator": {map[string]string{
			"firebase.json": `{"functions":[{"source":"functions"}]}`, "functions/.env": "STREAM_API_KEY=" + actionKey + "\n", "functions/.secret.local": "STREAM_API_SECRET=" + actionSecret + "\n",
			"functions/package.json": `{"main":"index.js","dependencies":{"stream-chat":"9","firebase-functions":"5","firebase-admin":"12"}}`,
			"functions/index.js": "const { onRequest } = require('firebase-functions/v2/https')\nconst { defineSecret, defineString } = require('firebase-functions/params')\nconst { StreamChat } = require('stream-chat')\nconst key = defineString('STREAM_API_KEY')\nconst secret = defineSecret('STREAM_API_SECRET')\n" +
				"exports.token = onRequest({ secrets: [secret] }, (req, res) => {\n  const chat = StreamChat.getInstance(key.value(), secret.value())\n  res.json({ token: chat.createToken(req.body.userId) })\n})\n",
		}, []fault{
			{"functions/.secret.local", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "functions/.secret.local:1"},
			{"functions/.secret.local", "STREAM_API_SECRET=" + actionSecret, "OTHER=1", "", ""},
		}},
		"a handler of another platform": {map[string]string{
			"package.json": pkg, ".env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
			"api/token.js": handler, "Dockerfile": "FROM functions-runtime\nCOPY . .\n",
		}, nil},
	})
}
