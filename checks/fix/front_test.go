package fix

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// front is a project whose front end has lines of its own.
func front(t *testing.T, chat string, more map[string]string) string {
	t.Helper()
	files := map[string]string{"web/package.json": `{ "name": "web", "type": "module", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`, "web/src/chat.js": chat}
	for name, text := range more {
		files[name] = text
	}
	return project(t, files)
}

// A secret in the front end's code goes where nothing else needs its constant, and
// out of the call that has no use for it; where another module has the name, it stays.
func TestSecretInTheFrontEnd(t *testing.T) {
	head := "import { StreamChat } from 'stream-chat'\n"
	use := "export const client = StreamChat.getInstance('" + key + "')\n"
	for _, c := range []struct {
		name, chat, want string
		more             map[string]string
	}{
		{"a constant that nothing uses", head + "const SECRET = '" + secret + "'\n" + use, head + use, nil},
		{"one that is exported, and imported nowhere", head + use + "export const STREAM_SECRET = '" + secret + "';\n", head + use, nil},
		{"an argument", head + strings.Replace(use, "')", "', '"+secret+"')", 1), head + use, nil},
		{"a constant that the call gets", head + "const SECRET = '" + secret + "'\n" + strings.Replace(use, "')", "', SECRET)", 1), head + use, nil},
		{"one that another module imports", head + use + "export const STREAM_SECRET = '" + secret + "'\n", "", map[string]string{"web/src/other.js": "import { STREAM_SECRET } from './chat.js'\nconsole.log(STREAM_SECRET)\n"}},
		{"one whose name the backend reads from the environment", head + use + "export const STREAM_API_SECRET = '" + secret + "'\n", head + use, nil},
		{"a constant that is used twice", head + "const SECRET = '" + secret + "'\n" + use + "console.log(SECRET, SECRET)\n", "", nil},
	} {
		dir := front(t, c.chat, c.more)
		r, w := judged(t, dir)
		Offer(context.Background(), r, w)
		var found *finding.Cause
		for i := range r.Causes {
			if r.Causes[i].ID == "secret-exposed" {
				found = &r.Causes[i]
			}
		}
		if found == nil {
			t.Errorf("%s: not found", c.name)
			continue
		}
		f, err := Open(r, w, found)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: an edit is offered: %s", c.name, f.Text())
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d := f.Diff(); strings.Contains(d, secret[:12]) {
			t.Errorf("%s: the diff shows a secret:\n%s", c.name, d)
		}
		if _, err := f.Apply(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if now := text(t, dir, "web/src/chat.js"); now != c.want {
			t.Errorf("%s: the file is now\n%s", c.name, strings.ReplaceAll(now, secret, "…"))
		}
	}
}

// An export that goes with an edit is one that no other module has a name for.
func TestMutantsOfExports(t *testing.T) {
	chat := "import { StreamChat } from 'stream-chat'\nexport const STREAM_SECRET = '" + secret + "'\nexport const name = 'x'\nexport const client = StreamChat.getInstance('" + key + "')\n"
	dir := front(t, chat, map[string]string{"web/src/other.js": "import { name } from './chat.js'\nconsole.log(name)\n"})
	r, w := judged(t, dir)
	cause := &finding.Cause{ID: "secret-exposed", Certainty: finding.Proven, Location: &finding.Location{File: "web/src/chat.js", Line: 2}}
	b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
	for want, edit := range map[bool]finding.Edit{
		true:  {File: "web/src/chat.js", Line: 2, From: 1, ToLine: 3, To: 1},
		false: {File: "web/src/chat.js", Line: 2, From: 1, ToLine: 4, To: 1},
	} {
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: []finding.Edit{edit}}); ok != want {
			t.Errorf("%+v: accepted %t", edit, ok)
		}
	}
}

// An env file whose name or path keeps it from being loaded: the code loads it from
// where it is, or its variables are copied to where the code looks.
func TestFileThatIsNotLoaded(t *testing.T) {
	code := text(t, project(t, nil), "index.js")
	env := "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n"
	for name, files := range map[string]map[string]string{
		"another folder": {"index.js": strings.Replace(code, "import 'dotenv/config'", "import dotenv from 'dotenv'\ndotenv.config({ path: './config/.env' })", 1)},
		"one level off":  {"src/index.js": strings.Replace(code, "import 'dotenv/config'", "import dotenv from 'dotenv'\nimport { join } from 'node:path'\ndotenv.config({ path: join(import.meta.dirname, 'config', 'local.env') })", 1), "config/local.env": env, ".env": "", "index.js": "import './src/index.js'\n"},
		"a template":     {".env.template": env, ".env": ""},
	} {
		dir := project(t, files)
		if files[".env"] == "" && name != "another folder" {
			if err := os.Remove(filepath.Join(dir, ".env")); err != nil {
				t.Fatal(err)
			}
		}
		r, w := judged(t, dir)
		Offer(context.Background(), r, w)
		f, err := Open(r, w, r.Root())
		if err != nil {
			t.Errorf("%s: %v %+v", name, err, r.Root())
			continue
		}
		if d := f.Diff(); strings.Contains(d, secret[:12]) {
			t.Errorf("%s: the diff shows a secret", name)
		}
		if _, err := f.Apply(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, _ := judged(t, dir); again.Root() != nil {
			t.Errorf("%s: after the edit: %s", name, again.Root().ID)
		}
	}
}
