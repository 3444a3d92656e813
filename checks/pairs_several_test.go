package checks_test

import (
	"strings"
	"testing"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/tokens"
)

// twoProducts is a Next project whose chat and video tokens are made by two
// server actions, each with variables of its own.
func twoProducts(env string) map[string]string {
	action := func(class, from, call, key, secret string) string {
		return "'use server'\nimport { " + class + " } from '" + from + "'\nimport { auth } from '@clerk/nextjs/server'\n" +
			"const client = new " + class + "(process.env." + key + "!, process.env." + secret + "!)\n" +
			"export async function mint() {\n  const { userId } = await auth()\n  return client." + call + "\n}\n"
	}
	return map[string]string{
		"package.json":     `{"name":"rooms","scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9","@stream-io/node-sdk":"0.7","@stream-io/video-react-sdk":"1"}}`,
		".env.local":       env,
		"actions/chat.ts":  action("StreamChat", "stream-chat", "createToken(userId)", "NEXT_PUBLIC_CHAT_KEY", "STREAM_CHAT_SECRET"),
		"actions/video.ts": action("StreamClient", "@stream-io/node-sdk", "generateUserToken({ user_id: userId })", "NEXT_PUBLIC_VIDEO_KEY", "STREAM_VIDEO_SECRET"),
		"app/page.tsx":     "import { Chat } from './chat'\nimport { Room } from './room'\nexport default function Page() { return <><Chat /><Room /></> }\n",
		"app/chat.tsx":     "'use client'\nimport { useCreateChatClient } from 'stream-chat-react'\nimport { mint } from '../actions/chat'\nexport function Chat() {\n  const client = useCreateChatClient({ apiKey: process.env.NEXT_PUBLIC_CHAT_KEY!, tokenOrProvider: mint, userData: { id: 'x' } })\n  return null\n}\n",
		"app/room.tsx":     "'use client'\nimport { StreamVideoClient } from '@stream-io/video-react-sdk'\nimport { mint } from '../actions/video'\nconst client = new StreamVideoClient({ apiKey: process.env.NEXT_PUBLIC_VIDEO_KEY!, user: { id: 'x' }, tokenProvider: mint })\nexport function Room() { return null }\n",
	}
}

// static judges files alone, with a stand-in for Stream that knows both apps.
func static(t *testing.T, files map[string]string) *checks.Report {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, []byte(text))
	}
	stream := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{
		keyOne: {Secret: tokens.NewSecret([]byte(secretOne))}, keyTwo: {Secret: tokens.NewSecret([]byte(secretTwo))},
	}})
	url, stop, err := stream.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for e := range checks.Run(t.Context(), facts.Target{Dir: dir, Timeout: hostileTimeout, StreamURL: url, Static: true}, checks.Options{}) {
		if e.Kind == checks.Done {
			return e.Report
		}
	}
	t.Fatal("no report")
	return nil
}

// Two products with a pair each are two pairs: neither is held against the
// other, and what is wrong with either is told at its own line.
func TestEachPairOfAProgramIsJudged(t *testing.T) {
	chat := func(key, secret string) string {
		return "NEXT_PUBLIC_CHAT_KEY=" + key + "\nSTREAM_CHAT_SECRET=" + secret + "\n"
	}
	video := func(key, secret string) string {
		return "NEXT_PUBLIC_VIDEO_KEY=" + key + "\nSTREAM_VIDEO_SECRET=" + secret + "\n"
	}
	for _, c := range []struct{ name, env, first, at string }{
		{"two apps, both right", chat(keyOne, secretOne) + video(keyTwo, secretTwo), "", ""},
		{"one app, both right", chat(keyOne, secretOne) + video(keyOne, secretOne), "", ""},
		{"a space in chat's", chat(keyOne, `"`+secretOne+` "`) + video(keyTwo, secretTwo), "secret-whitespace", ".env.local:2"},
		{"a space in video's", chat(keyOne, secretOne) + video(keyTwo, `"`+secretTwo+` "`), "secret-whitespace", ".env.local:4"},
		{"a placeholder in chat's, one app", chat(keyOne, "your_api_secret") + video(keyOne, secretOne), "secret-placeholder", ".env.local:2"},
		{"chat's is cut, one app", chat(keyOne, secretOne[:57]) + video(keyOne, secretOne), "secret-truncated", ".env.local:2"},
		{"video's is cut, one app", chat(keyOne, secretOne) + video(keyOne, secretOne[:57]), "secret-truncated", ".env.local:4"},
		{"chat's is video's", chat(keyOne, secretTwo) + video(keyTwo, secretTwo), "secret-other-app|key-secret-mismatch|secret-shadowed", ".env.local:2"},
		{"chat's is left out", strings.Replace(chat(keyOne, secretOne), "STREAM_CHAT_SECRET", "STREAM_CHAT_SECERT", 1) + video(keyTwo, secretTwo), "secret-missing", ".env.local:2"},
		{"a key of the other app", chat(keyTwo, secretOne) + video(keyTwo, secretTwo), "secret-other-app|key-secret-mismatch|key-mismatch|secret-shadowed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, at, text := told(static(t, twoProducts(c.env)))
			if !strings.Contains("|"+c.first+"|", "|"+id+"|") || c.at != "" && at != c.at {
				t.Errorf("first is %q at %q, want %q at %q\n%s", id, at, c.first, c.at, text)
			}
			if strings.Contains(text, secretOne) || strings.Contains(text, secretTwo) {
				t.Errorf("a secret is shown:\n%s", text)
			}
		})
	}
}

// A copy of the right secret is Stream's under any variable's name: what is wrong with the copy is told, not that the code reads it.
func TestCorruptedCopyBesideTheSecret(t *testing.T) {
	express := func(name string) map[string]string {
		return map[string]string{"server/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","dotenv":"16","stream-chat":"9"}}`,
			"server/index.js": "require('dotenv').config()\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env." + name + ")\nconst app = require('express')()\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(4000)\n"}
	}
	for name, files := range map[string]map[string]string{"STEAM_API_SECRET": express("STEAM_API_SECRET"), "SECRET": express("SECRET"), "CHAT_SECRET": express("CHAT_SECRET")} {
		for value, want := range map[string]string{secretOne: "", "\"" + secretOne + " \"": "secret-whitespace", "'\"" + secretOne + "\"'": "secret-quoted", secretOne[:63]: "secret-truncated"} {
			files["server/.env"] = "STREAM_KEY=" + keyOne + "\nSTREAM_API_SECRET=" + secretOne + "\n" + name + "=" + value + "\n"
			if id, at, text := told(static(t, files)); id != want || want != "" && at != "server/.env:3" {
				t.Errorf("%s: %q at %q, want %q\n%s", name, id, at, want, text)
			}
		}
	}
}

// Two servers of one project, each with the pair of an app of its own: the front
// end's key for the one isn't held against the other.
func TestEachServerHasAnAppOfItsOwn(t *testing.T) {
	api := func(port, path string) string {
		return "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.use(cors(), express.json())\n" +
			"app.post('" + path + "', (req, res) => res.json({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(" + port + ")\n"
	}
	const pack = `{"type":"module","scripts":{"start":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","jsonwebtoken":"9"}}`
	env := func(key, secret string) string {
		return "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n"
	}
	for _, c := range []struct{ name, chat, video, first, at string }{
		{"each right", keyOne, keyTwo, "", ""},
		{"both of the other app", keyTwo, keyTwo, "key-mismatch", "apps/web/.env:1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, at, text := told(static(t, map[string]string{
				"apps/chat/package.json": pack, "apps/chat/.env": env(keyOne, secretOne), "apps/chat/index.js": api("7001", "/chat-token"),
				"apps/video/package.json": pack, "apps/video/.env": env(keyTwo, secretTwo), "apps/video/index.js": api("7002", "/video-token"),
				"apps/web/package.json": `{"dependencies":{"react":"19","vite":"7","stream-chat":"9","@stream-io/video-react-sdk":"1"}}`,
				"apps/web/.env":         "VITE_CHAT_KEY=" + c.chat + "\nVITE_VIDEO_KEY=" + c.video + "\n",
				"apps/web/src/main.jsx": "import { StreamChat } from 'stream-chat'\nimport { StreamVideoClient } from '@stream-io/video-react-sdk'\n" +
					"const post = (url, body) => fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((r) => r.json())\nconst me = { id: 'ann' }\n" +
					"const { token } = await post('http://localhost:7001/chat-token', { userId: me.id })\nawait StreamChat.getInstance(import.meta.env.VITE_CHAT_KEY).connectUser(me, token)\n" +
					"export const video = new StreamVideoClient({ apiKey: import.meta.env.VITE_VIDEO_KEY, user: me, tokenProvider: async () => (await post('http://localhost:7002/video-token', { userId: me.id })).token })\n",
			}))
			if id != c.first || at != c.at {
				t.Errorf("first is %q at %q, want %q at %q\n%s", id, at, c.first, c.at, text)
			}
		})
	}
}
