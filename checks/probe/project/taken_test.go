package project

import (
	"testing"

	"badsig/checks/probe/modules"
)

// TestWhatTheFrontEndTakes: one field with a token's name, or none that is known.
func TestWhatTheFrontEndTakes(t *testing.T) {
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
		m := modules.NewModule("a.js", []byte("first()\n"+c.code))
		field, trims := m.Taken(2)
		if field != c.field || trims != c.trims {
			t.Errorf("%q: %q %v, want %q %v", c.code, field, trims, c.field, c.trims)
		}
	}
	if field, _ := modules.NewModule("a.js", []byte("x")).Taken(99); field != "" {
		t.Error(field)
	}
}

func TestOtherFormsOfSettings(t *testing.T) {
	runCases(t, []projectCase{
		{"ini, toml and properties", map[string]string{
			"config.ini":                      "\ufeff[stream]\r\n; secret = $S2\r\napi_key = $K1\r\napi_secret = \"$S1\"\r\n[aws]\r\nsecret = other-secret-of-aws\r\n",
			"settings.toml":                   "[tool.x]\nkey = \"value\"\n[getstream]\nsecret = '$S2' # staging\nkey = \"$K2\"\n",
			"src/main/resources/a.properties": "stream.api-secret=$S1\nstream.api-key: $K1\nport=8080\n",
			"Cargo.toml":                      "[dependencies]\nfutures-stream = \"0.1\"\n",
		}, nil, nil, []string{
			"value key stream_api_key=K1 config server config.ini:3", "value secret stream_api_secret=S1* config server config.ini:4", "value secret stream_secret=S2 config server config.ini:2 comment",
			"value secret getstream_secret=S2 config server settings.toml:4", "value key getstream_key=K2 config server settings.toml:5",
			"value secret stream.api-secret=S1 config server src/main/resources/a.properties:1", "value key stream.api-key=K1 config server src/main/resources/a.properties:2",
			"-value key value", "-value key futures",
		}},
	})
}
