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
