package fix

import (
	"context"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// Edits of the lines that a response has shown are rejected where they put
// something else there that is wrong, too, or that can't be read.
func TestMutantsOfResponses(t *testing.T) {
	server := text(t, project(t, nil), "index.js")
	const page = "http://localhost:5173"
	use := "app.use(cors({ origin: 'http://localhost:4000' }))"
	withCORS := strings.Replace(server, "app.use(express.json())", use+"\napp.use(express.json())", 1)
	withCORS = strings.Replace(withCORS, "import jwt", "import cors from 'cors'\nimport jwt", 1)
	cached := "  res.set('Cache-Control', 'public, max-age=600')"
	withCache := strings.Replace(server, "  const { userId } = req.body", "  const { userId } = req.body\n"+cached, 1)
	hs512 := strings.Replace(server, "{ expiresIn: '1h' }", "{ algorithm: 'HS512' }", 1)
	signs := strings.Replace(signing, "{ expiresIn: '1h' }", "{ algorithm: 'HS512' }", 1)
	for _, c := range []struct {
		name, code string
		cause      causes.ID
		old, put   string
		right      bool
	}{
		{"the page's origin", withCORS, causes.CORSBlocked, use, "app.use(cors({ origin: ['http://localhost:4000', '" + page + "'] }))", true},
		{"another origin", withCORS, causes.CORSBlocked, use, "app.use(cors({ origin: ['http://localhost:4000', 'http://localhost:5174'] }))", false},
		{"the page's origin with a path", withCORS, causes.CORSBlocked, use, "app.use(cors({ origin: ['http://localhost:4000', '" + page + "/'] }))", false},
		{"the page's origin in a comment", withCORS, causes.CORSBlocked, use, use + " // '" + page + "'", false},
		{"no cors()", withCORS, causes.CORSBlocked, use, "// '" + page + "'", false},
		{"no-store", withCache, causes.TokenCacheable, cached, "  res.set('Cache-Control', 'no-store')", true},
		{"another header", withCache, causes.TokenCacheable, cached, "  res.set('Cache-Control', 'private, max-age=600')", false},
		{"no header at all", withCache, causes.TokenCacheable, cached, "", false},
		{"HS256", hs512, causes.TokenAlgorithm, signs, strings.Replace(signs, "HS512", "HS256", 1), true},
		{"HS384", hs512, causes.TokenAlgorithm, signs, strings.Replace(signs, "HS512", "HS384", 1), false},
		{"an algorithm that can't be read", hs512, causes.TokenAlgorithm, signs, strings.Replace(signs, "'HS512'", "process.env.ALGORITHM", 1), false},
		{"a misspelled algorithm", hs512, causes.TokenAlgorithm, signs, strings.Replace(signs, "HS512", "HS 256", 1), false},
	} {
		dir := project(t, map[string]string{"index.js": c.code,
			"package.json":     `{ "name": "server", "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "cors": "^2.8.0", "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }`,
			"web/package.json": `{ "name": "web", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`,
			"web/chat.js":      "export const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json())\n"})
		r, w := judged(t, dir)
		r.Facts.Target.Origin = page
		r.Facts.Backend = &facts.Backend{
			Preflight: &facts.Answer{Status: 204, Header: map[string]string{"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Origin": "http://localhost:4000"}},
			Posts:     []facts.Answer{{Status: 200, Header: map[string]string{"Access-Control-Allow-Origin": "http://localhost:4000", "Cache-Control": "public, max-age=600"}}},
		}
		e := change{"index.js", c.old, c.put}.edit(t, map[string]string{"index.js": c.code})
		cause := &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: "index.js", Line: e[0].Line}}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: e}); ok != c.right {
			t.Errorf("%s: accepted %t, want %t", c.name, ok, c.right)
		}
	}
}

// A file of YAML, TOML or JSON that can't be read after an edit is rejected, and so
// is one that only some of its readers understand.
func TestMutantsOfConfiguration(t *testing.T) {
	compose := "services:\n  api:\n    command: node index.js\n    environment:\n      STREAM_API_KEY: " + key + "\n      STREAM_API_SECRET: \"" + secret + " \"\n"
	line := "      STREAM_API_SECRET: \"" + secret + " \""
	files := map[string]string{"compose.yaml": compose, ".env": "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=\"" + secret + " \"\n"}
	env := "STREAM_API_SECRET=\"" + secret + " \""
	for _, c := range []struct {
		name  string
		more  change
		right bool
	}{
		{"both are right", change{"compose.yaml", line, "      STREAM_API_SECRET: \"" + secret + "\""}, true},
		{"a quote is left open", change{"compose.yaml", line, "      STREAM_API_SECRET: \"" + secret}, false},
		{"an indentation that isn't one", change{"compose.yaml", line, "\tSTREAM_API_SECRET: \"" + secret + "\""}, false},
		{"a colon too many", change{"compose.yaml", line, "      STREAM_API_SECRET: " + secret + ": x"}, false},
	} {
		dir := project(t, files)
		r, w := judged(t, dir)
		e := change{".env", env, "STREAM_API_SECRET=" + secret}.edit(t, files)
		cause := &finding.Cause{ID: causes.SecretWhitespace, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: ".env", Line: e[0].Line}}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: append(e, c.more.edit(t, files)...)}); ok != c.right {
			t.Errorf("%s: accepted %t, want %t", c.name, ok, c.right)
		}
	}
}
