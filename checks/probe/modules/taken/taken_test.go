package taken

import (
	"os"
	"path/filepath"
	"testing"

	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
)

// TestTheFieldTheFrontEndReads: one field with a token's name, or none that is known.
func TestTheFieldTheFrontEndReads(t *testing.T) {
	for _, c := range []struct {
		code  string
		field string
		trims bool
	}{
		{"const r = await fetch(u)\nconst { token } = await r.json()\nreturn token", "token", false},
		{"const r = await fetch(u)\nconst { user, chatToken: t } = await r.json()", "chatToken", false},
		{"const r = await fetch(u)\nreturn (await r.json()).streamToken", "streamToken", false},
		{"const { data } = await axios.post(u)\nreturn data.token", "token", false},
		{"axios.post(u).then((res) => res.data.userToken)", "userToken", false},
		{"const { data: { chatToken, userId } } = await axios.post(u, { nick })", "chatToken", false},
		{"const { streamToken } = await fetch(u, {\n  method: 'POST', body: JSON.stringify({ id }),\n}).then((r) => r.json())", "streamToken", false},
		{"const { csrfToken } = useForm({ load: async () => { const r = await fetch(u); return r.json() } })", "", false},         // another thing's
		{"const r = await fetch(u)\nconst d = await r.json()\nreturn { session: d.accessToken, chat: d.streamToken }", "", false}, // two: which is Stream's is not said
		{"const r = await fetch(u)\nreturn await r.text()", "", false},
		{"const r = await fetch(u)\nreturn (await r.text()).trim()", "", true},
		{"return fetch(u).then((r) => r.text()).then((t) => t.trim())", "", true},
		{"const name = input.value.trim()\nconst r = await fetch(u)", "", false},
		{"const r = await fetch(u)\nconst { id } = await r.json()", "", false},
		{"const r = await fetch(u)\n// const { token } = await r.json()\nconst { chatToken } = await r.json() // was data.token", "chatToken", false}, // comments don't count
		{"const r = await fetch(u)\nlog('the answer is data.token, or res.trim()')", "", false},
		{"fetch(u)\n}\nfunction other() {\n  const { token } = await r.json()", "", false}, // another function's
	} {
		field, trims := Field(read(t, "first()\n"+c.code), 2)
		if field != c.field || trims != c.trims {
			t.Errorf("%q: %q %v, want %q %v", c.code, field, trims, c.field, c.trims)
		}
	}
	if field, _ := Field(read(t, "x"), 99); field != "" {
		t.Error(field)
	}
}

// read reads a module of a project that is that file alone.
func read(t *testing.T, src string) *modules.Module {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.js"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	g := modules.NewGraph(t.Context(), &files.Tree{Root: dir, Code: map[string][]string{"": {"a.js"}}})
	g.ReadPackages()
	m := g.Module("a.js")
	if m == nil {
		t.Fatal("the module wasn't read")
	}
	return m
}
