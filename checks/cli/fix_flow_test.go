package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// Two causes at the same time: each run fixes the first that is left, or the one that is
// named, and the exit status is that of the check afterwards; a project without any
// is left alone.
func TestFixOneAfterAnother(t *testing.T) {
	const key = "kq7w2m9xt4bn"
	dir := project(t, map[string]string{
		"server/.env":      "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=\"" + invented + " \"\n",
		"web/package.json": `{"dependencies":{"stream-chat":"9"},"devDependencies":{"vite":"7"}}`,
		"web/.env":         "VITE_STREAM_API_KEY=zz7w2m9xt4bn\n",
		"web/src/chat.js":  "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n",
	})
	env, web := filepath.Join(dir, "server", ".env"), filepath.Join(dir, "web", ".env")
	flags := []string{"--static", "--offline", "--dir", dir, "--api-key", key, "--secret-file", secretFile(t, invented)}
	run := func(more ...string) ran {
		return process{}.run(t, append(append([]string{"fix"}, more...), flags...)...)
	}
	before := read(t, env) + read(t, web)
	if r := run("--dry-run", "--yes"); r.code != 1 || !strings.Contains(r.out, "+++ b/") || read(t, env)+read(t, web) != before {
		t.Errorf("--dry-run with --yes: %+v", r)
	}
	if r := run("no-cause", "--yes"); r.code != 2 || !strings.Contains(r.err, "no-cause") {
		t.Errorf("no such cause: %+v", r)
	}
	if r := run("secret-case", "--yes"); r.code != 1 || !strings.Contains(r.out, "isn't among the problems") || read(t, env)+read(t, web) != before {
		t.Errorf("a cause that isn't there: %+v", r)
	}
	if r := run("secret-whitespace", "key-mismatch", "--yes"); r.code != 2 {
		t.Errorf("two causes: %+v", r)
	}
	if r := (process{stdin: "y\n"}).run(t, append([]string{"fix"}, flags...)...); r.code != 2 || read(t, env)+read(t, web) != before {
		t.Errorf("y from a pipe: %+v", r)
	}
	if r := run("key-mismatch", "--yes"); r.code != 1 || !strings.Contains(r.out, "Changed web/.env.") || read(t, web) != "VITE_STREAM_API_KEY="+key+"\n" {
		t.Errorf("the second cause: %+v", r)
	}
	r := run("--yes")
	if !strings.Contains(r.out, "Changed server/.env.") || read(t, env) != "STREAM_API_KEY="+key+"\nSTREAM_API_SECRET=\""+invented+"\"\n" {
		t.Errorf("the first that is left: %+v", r)
	}
	check := process{}.run(t, append([]string{"check"}, flags...)...)
	if check.code != r.code || check.code == 1 {
		t.Errorf("fix ended with %d, check with %d", r.code, check.code)
	}
	if again := run("--yes"); again.code != check.code || strings.Contains(again.out, "Changed") {
		t.Errorf("nothing is left: %+v", again)
	}
	if again := run(); again.code != 2 {
		t.Errorf("without a terminal, and nothing is wrong: %+v", again)
	}
}
