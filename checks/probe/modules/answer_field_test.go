package modules

import "testing"

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
		m := read("a.js", []byte("first()\n"+c.code))
		field, trims := m.Taken(2)
		if field != c.field || trims != c.trims {
			t.Errorf("%q: %q %v, want %q %v", c.code, field, trims, c.field, c.trims)
		}
	}
	if field, _ := read("a.js", []byte("x")).Taken(99); field != "" {
		t.Error(field)
	}
}

func read(rel string, src []byte) *Module {
	return &Module{Module: readModule(rel, src), Rel: rel, src: src}
}
