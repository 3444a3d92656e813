package fix

import (
	"context"
	"strings"
	"testing"

	"badsig/checks/finding"
)

// Where code and file have two names for one variable, one of them is wrong: which one, the build tool's prefix tells,
// other readers, a template, the spelling. A secret never gets a public name.
func TestWhichNameIsWrong(t *testing.T) {
	for _, tool := range []struct{ name, dep, prefix, read string }{
		{"next", "next", "NEXT_PUBLIC_", "process.env."}, {"nuxt", "nuxt", "NUXT_PUBLIC_", "process.env."},
		{"vite", "vite", "VITE_", "import.meta.env."}, {"expo", "expo", "EXPO_PUBLIC_", "process.env."},
		{"cra", "react-scripts", "REACT_APP_", "process.env."}, {"vue", "@vue/cli-service", "VUE_APP_", "process.env."},
		{"gatsby", "gatsby", "GATSBY_", "process.env."},
	} {
		other := "VITE_"
		if tool.prefix == other {
			other = "REACT_APP_"
		}
		page, env := "web/src/chat.js", "web/.env"
		if tool.name == "gatsby" {
			env = "web/.env.development"
		}
		if tool.name == "next" {
			page = "web/app/page.js"
		}
		for _, c := range []struct{ name, reads, env, at, code, file string }{
			{"a bare name in the code", "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key, page, tool.prefix + "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key},
			{"another tool's prefix in the code", other + "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key, page, tool.prefix + "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key},
			{"a typo in the code", tool.prefix + "STREM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key, page, tool.prefix + "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key},
			{"a typo in the file", tool.prefix + "STREAM_API_KEY", tool.prefix + "STREM_API_KEY=" + key, env, tool.prefix + "STREAM_API_KEY", tool.prefix + "STREAM_API_KEY=" + key},
			{"the secret under a key's name", tool.prefix + "STREAM_KEY", "STREAM_KEY=" + secret, page, tool.prefix + "STREAM_KEY", "STREAM_KEY=" + secret},
		} {
			dir := project(t, map[string]string{
				"web/package.json": `{ "name": "web", "type": "module", "dependencies": { "stream-chat": "^9.0.0", "` + tool.dep + `": "^5.0.0" } }`,
				page:               "'use client'\nimport { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance(" + tool.read + c.reads + ")\n",
				env:                c.env + "\n",
			})
			r, w := judged(t, dir)
			Offer(context.Background(), r, w)
			found := causeOf(r.Causes, "key-missing")
			if found == nil {
				t.Errorf("%s, %s: not found: %v", tool.name, c.name, ids(r.Causes))
				continue
			}
			if found.Location.File != c.at && (c.file != "STREAM_KEY="+secret) {
				t.Errorf("%s, %s: told at %s", tool.name, c.name, found.Location)
			}
			for _, s := range found.Fix {
				if strings.Contains(s.Text, "rename STREAM_KEY") || strings.Contains(s.Text, " to STREAM_API_KEY:") {
					t.Errorf("%s, %s: %s", tool.name, c.name, s.Text)
				}
			}
			if f, err := Open(r, w, found); err != nil {
				t.Errorf("%s, %s: %v", tool.name, c.name, err)
			} else if _, err := f.Apply(); err != nil {
				t.Errorf("%s, %s: %v", tool.name, c.name, err)
			}
			if now := text(t, dir, page); !strings.Contains(now, tool.read+c.code+")") {
				t.Errorf("%s, %s: the code is now\n%s", tool.name, c.name, now)
			}
			if now := text(t, dir, env); !strings.Contains(now, c.file+"\n") || strings.Contains(now, "PUBLIC_STREAM_KEY="+secret) {
				t.Errorf("%s, %s: the file is now\n%s", tool.name, c.name, strings.ReplaceAll(now, secret, "…"))
			}
		}
	}
}

// A backend that reads its secret from a public name, or from the key's, is what is edited.
func TestSecretGetsNoPublicName(t *testing.T) {
	for _, c := range []struct{ reads, env, example, want string }{
		{"VITE_STREAM_API_SECRET", "STREAM_API_SECRET", "", "STREAM_API_SECRET"},
		{"NEXT_PUBLIC_STREAM_API_KEY", "STREAM_API_SECRET", "", "STREAM_API_SECRET"},
		{"STREM_API_SECRET", "STREAM_API_SECRET", "", "STREAM_API_SECRET"},
		{"STREAM_SECRET", "STREAM_API_SECRET", "STREAM_API_SECRET=\n", "STREAM_API_SECRET"},
		{"STREAM_SECRET", "STREAM_API_SECRET", "STREAM_SECRET=\n", "STREAM_SECRET"},
		{"STREAM_API_SECRET", "VITE_STREAM_API_SECRET", "", "STREAM_API_SECRET"},
	} {
		files := map[string]string{
			"package.json": `{ "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "dotenv": "^17.0.0", "express": "^5.0.0", "stream-chat": "^9.0.0" } }`,
			"index.js": "import 'dotenv/config'\nimport express from 'express'\nimport { StreamChat } from 'stream-chat'\nconst app = express()\napp.use(express.json())\n" +
				"app.post('/token', (req, res) => {\n  const c = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env." + c.reads + ")\n  res.json({ token: c.createToken(req.body.userId) })\n})\napp.listen(3001)\n",
			".env": "STREAM_API_KEY=" + key + "\n" + c.env + "=" + secret + "\n",
		}
		if c.example != "" {
			files[".env.example"] = "STREAM_API_KEY=\n" + c.example
		}
		dir := project(t, files)
		r, w := judged(t, dir)
		Offer(context.Background(), r, w)
		found := causeOf(r.Causes, "secret-missing")
		if found == nil {
			t.Errorf("%s, %s: not found: %v", c.reads, c.env, ids(r.Causes))
			continue
		}
		if f, err := Open(r, w, found); err != nil {
			t.Logf("%s, %s: %v", c.reads, c.env, err)
			if !strings.Contains(found.Fix[0].Text, "read "+c.want+" instead of "+c.reads) {
				t.Errorf("%s, %s: %s", c.reads, c.env, found.Fix[0].Text)
			}
			continue
		} else if _, err := f.Apply(); err != nil {
			t.Errorf("%s, %s: %v", c.reads, c.env, err)
		}
		code, env := text(t, dir, "index.js"), text(t, dir, ".env")
		if !strings.Contains(code, ", process.env."+c.want+")") || !strings.Contains(env, "\n"+c.want+"="+secret) {
			t.Errorf("%s, %s: now\n%s\n%s", c.reads, c.env, code, strings.ReplaceAll(env, secret, "…"))
		}
	}
}

func causeOf(all []finding.Cause, id string) *finding.Cause {
	for i := range all {
		if string(all[i].ID) == id {
			return &all[i]
		}
	}
	return nil
}
