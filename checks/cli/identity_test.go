package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"badsig/checks/watching"
)

// check looks at the user that the console was used with in this project, says so, and can forget it.
func TestCheckUsesTheConsolesUser(t *testing.T) {
	dir, state := project(t, nil), t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	watching.OpenMemory("", dir).Keep("jane", "Jane Roe")
	s := process{dir: t.TempDir(), env: []string{"XDG_STATE_HOME=" + state}}
	user := func(args ...string) (id, name, note string) {
		t.Helper()
		r := s.run(t, append([]string{"check", "--json", "--static", "--offline", "--dir", dir}, args...)...)
		var doc struct {
			Target struct{ UserID, UserName string }
		}
		if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
			t.Fatalf("%v: %+v", err, r)
		}
		return doc.Target.UserID, doc.Target.UserName, r.err
	}
	if id, name, note := user(); id != "jane" || name != "Jane Roe" || !strings.Contains(note, "jane") || !strings.Contains(note, "--forget") {
		t.Errorf("%q %q, and it says %q", id, name, note)
	}
	if id, _, note := user("--user-id", "joe"); id != "joe" || note != "" {
		t.Errorf("with --user-id: %q, and it says %q", id, note)
	}
	if id, _, note := user("--forget"); id != "test123" || !strings.Contains(note, "forgot") {
		t.Errorf("with --forget: %q, and it says %q", id, note)
	}
	if id, _, note := user(); id != "test123" || note != "" {
		t.Errorf("after --forget: %q, and it says %q", id, note)
	}
}

// The key that the browser sends, which Stream's error quotes, counts no matter what the front end's files say.
func TestCheckWithTheBrowsersKey(t *testing.T) {
	const own, other = "h7w2k3m4n5p6", "zz9yk3m4n5p6"
	front := map[string]string{
		"server/.env":      "STREAM_API_KEY=" + own + "\nSTREAM_API_SECRET=" + invented + "\n",
		"web/package.json": `{"dependencies":{"stream-chat":"9"}}`,
		"web/config.js":    "export const STREAM_API_KEY = '" + own + "';\n",
		"web/main.js": "import { StreamChat } from 'stream-chat';\nimport { STREAM_API_KEY } from './config.js';\n" +
			"const r = await fetch('http://localhost:3001/api/stream/token', { method: 'POST' });\nStreamChat.getInstance(STREAM_API_KEY).connectUser({ id: 'jane' }, (await r.json()).token);\n",
	}
	noFront := map[string]string{"server/.env": front["server/.env"]}
	for _, c := range []struct {
		name  string
		files map[string]string
		key   string
		code  int
		says  []string
	}{
		{"the files' own", front, own, 3, []string{"✓ pass    same API key everywhere"}},
		{"a page from before", front, other, 1, []string{"1. The browser uses an old API key", "reload the page: it still has " + other + ", and web/config.js line 1 already has " + own}},
		{"a front end that isn't here", noFront, other, 1, []string{"1. Front end and backend use different Stream apps", "The browser uses API key " + other, "In the front end that this browser loads, set the API key to " + own}},
		{"no key", front, "nonsense!", 2, []string{"--browser-key isn't an API key"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := process{dir: project(t, c.files)}.run(t, "check", "--static", "--offline", "--browser-key", c.key)
			for _, say := range c.says {
				if r.code != c.code || !strings.Contains(r.out+r.err, say) {
					t.Errorf("exit %d, without %q:\n%s%s", r.code, say, r.out, r.err)
				}
			}
		})
	}
}
