package demo

import (
	"encoding/base64"
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/fakestream"
	"badsig/tokens"
)

// written changes how the secret is written in server/.env.
func written(change func(secret string) string) func(*setup) {
	return func(s *setup) {
		s.env2(s.key, change(s.secret))
		s.pair = true
	}
}

// secretRows: what the backend signs with.
var secretRows = []row{
	{id: causes.SecretMissing, says: "server/.env sets STREAM_SECRET, and the code reads STREAM_API_SECRET",
		plan: func(s *setup) { s.edit("server/.env", "STREAM_API_SECRET", "STREAM_SECRET") }},
	{id: causes.SecretPlaceholder, says: "the secret is still the example's placeholder",
		plan: written(func(string) string { return "your_api_secret" })},
	{id: causes.SecretWhitespace, says: "the secret in server/.env has a trailing space inside its quotes",
		plan: written(func(s string) string { return `"` + s + ` "` })},
	{id: causes.SecretInvisible, says: "a zero-width space was copied with the secret",
		plan: written(func(s string) string { return s + "\u200b" })},
	{id: causes.SecretQuoted, says: "the secret is in typographic quotes, which no loader strips",
		plan: written(func(s string) string { return "“" + s + "”" })},
	{id: causes.SecretEncoding, says: "the code decodes the secret as base64 before signing",
		plan: func(s *setup) {
			s.edit("server/streamToken.js", "process.env.STREAM_API_SECRET", "Buffer.from(process.env.STREAM_API_SECRET, 'base64')")
			s.pair = true
		},
		secret: func(s []byte) []byte { b, _ := base64.StdEncoding.DecodeString(string(s)); return b }},
	{id: causes.SecretCase, says: "the secret is in uppercase",
		plan: written(strings.ToUpper)},
	{id: causes.SecretTruncated, says: "the secret's last character is missing",
		plan: written(func(s string) string { return s[:len(s)-1] })},
	{id: causes.SecretPadded, says: "the variable's name was pasted with the secret",
		plan: written(func(s string) string { return "STREAM_API_SECRET=" + s })},
	{id: causes.SecretTypo, says: "one character of the secret is wrong",
		plan: written(func(s string) string {
			other := "x"
			if s[17] == 'x' {
				other = "k"
			}
			return s[:17] + other + s[18:]
		})},
	{id: causes.SecretIsKey, says: "the API key is in the secret's variable",
		plan: func(s *setup) { s.env2(s.key, s.key) }},
	{id: causes.KeySecretSwapped, says: "key and secret are swapped",
		plan: func(s *setup) { s.env2(s.secret, s.key) }},
	{id: causes.SecretFallback, says: "the code falls back to 'dev-secret', because it reads a different name than server/.env sets",
		plan: func(s *setup) {
			s.edit("server/streamToken.js", "process.env.STREAM_API_SECRET", "process.env.STREAM_SECRET || 'dev-secret'")
		},
		secret: func([]byte) []byte { return []byte("dev-secret") }},
	{id: causes.SecretShadowed, says: "the shell exports another STREAM_API_SECRET, and dotenv doesn't override it",
		plan: func(s *setup) {
			s.env = append(s.env, "STREAM_API_SECRET="+s.secret2)
			delete(s.apps, s.key2)
			s.pair = true
		}},
	{id: causes.SecretOtherApp, says: "the secret belongs to the staging app",
		plan: func(s *setup) {
			s.files["server/.env.staging"] = fmt.Sprintf("STREAM_API_KEY=%s\nSTREAM_API_SECRET=%s\n", s.key2, s.secret2)
			s.env2(s.key, s.secret2)
		}},
	{id: causes.SecretVaries, says: "every second token is signed with a secret generated at startup",
		plan: func(s *setup) {
			s.edit("server/streamToken.js", "import jwt from 'jsonwebtoken';", "import jwt from 'jsonwebtoken';\nimport { randomBytes } from 'node:crypto';\nimport cluster from 'node:cluster';\n\nconst secret = cluster.worker?.id % 2 ? process.env.STREAM_API_SECRET : randomBytes(32).toString('hex');")
			s.edit("server/streamToken.js", "jwt.sign(payload, process.env.STREAM_API_SECRET,", "jwt.sign(payload, secret,")
			s.pair = true
		},
		varies: true},
	{id: causes.SecretUnknown, says: "the secret comes from a vault and isn't in the project",
		plan: func(s *setup) {
			s.edit("server/streamToken.js", "export function createToken", "const secret = await vault.read('stream/secret');\n\nexport function createToken")
			s.edit("server/streamToken.js", "process.env.STREAM_API_SECRET", "secret")
			s.told = invent(64)
			s.pair = true
		}},
}

// keyRows: the API key.
var keyRows = []row{
	{id: causes.KeyMissing, says: "the front end reads a variable without Vite's prefix, so the key is undefined",
		plan: func(s *setup) {
			s.edit("stream/src/config/streamConfig.js", "'"+s.key+"'", "import.meta.env.STREAM_API_KEY")
			s.files["stream/.env"] = "STREAM_API_KEY=" + s.key + "\n"
		}},
	{id: causes.KeyMalformed, says: "the front end's key has a trailing space",
		plan: func(s *setup) { s.config(s.key + " ") }},
	{id: causes.KeyMismatch, says: "front end and backend use keys of different apps",
		plan: func(s *setup) { s.config(s.key2) }},
	{id: causes.KeyUnknown, says: "Stream doesn't recognize the key",
		plan: func(s *setup) { delete(s.apps, s.key) }},
	{id: causes.KeySecretMismatch, says: "the secret doesn't belong to the key, and nothing shows where it's from",
		plan: func(s *setup) {
			s.apps[s.key] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret2)), Name: "Demo App"}
			delete(s.apps, s.key2)
		}},
	{id: causes.SecretExposed, says: "the front end's .env exposes the secret to every browser",
		plan: func(s *setup) {
			s.files["stream/.env"] = "VITE_STREAM_API_SECRET=" + s.secret + "\n"
		}},
	{id: causes.SecretInSource, says: "the secret is hard-coded in a file that git tracks",
		plan: func(s *setup) {
			s.edit("server/streamToken.js", "process.env.STREAM_API_SECRET", "'"+s.secret+"'")
			s.track = true
		}},
}

// streamRows: Stream itself.
var streamRows = []row{
	{id: causes.AppSuspended, says: "the app is suspended",
		plan: func(s *setup) {
			s.apps[s.key] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret)), Name: "Demo App", Suspended: true}
		}},
	{id: causes.AuthChecksDisabled, says: "the app accepts any signature",
		plan: func(s *setup) {
			s.apps[s.key] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret)), Name: "Demo App", AuthDisabled: true}
		}},
	{id: causes.StreamUnreachable, says: "Stream can't be reached",
		plan: func(s *setup) { s.silent = true }},
}
