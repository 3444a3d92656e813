package project

import (
	"maps"
	"testing"

	"badsig/checks/facts"
)

// TestTheNodeThatRunsSaysHowItReads: a value is what the version in use makes
// of its line, and unknown where versions differ and no one says which it is.
func TestTheNodeThatRunsSaysHowItReads(t *testing.T) {
	base := map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env index.js"},"dependencies":{"express":"5","jsonwebtoken":"9"}}`,
		"index.js":     "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.post('/token', (q, s) => s.json({ token: jwt.sign({ user_id: 'a' }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}
	with := func(files ...string) map[string]string {
		m := maps.Clone(base)
		for i := 0; i < len(files); i += 2 {
			m[files[i]] = files[i+1]
		}
		return m
	}
	runs := func(version string) *facts.Listener {
		return &facts.Listener{Port: 3001, Dir: ".", Command: []string{"node", "--env-file=.env", "index.js"}, EnvKnown: true, Node: version}
	}
	const tab, junk, plain = "A=1\nSTREAM_API_SECRET=\t$S1\n", "my secrets\nSTREAM_API_SECRET=$S1\n", "STREAM_API_SECRET='$S1' # mine\n"
	runCases(t, []projectCase{
		{"Node 20 keeps a tab", with(".env", tab), runs("20.20.2"), nil, []string{"secret S1* .env:2 known true"}},
		{"Node 24 trims it", with(".env", tab), runs("24.11.0"), nil, []string{"secret S1 .env:2 known true"}},
		{"the process, not .nvmrc", with(".env", tab, ".nvmrc", "20\n"), runs("24.11.0"), nil, []string{"secret S1 .env:2 known true"}},
		{"no one knows which version", with(".env", tab), runs(""), nil, []string{"secret S1* .env:2 known false"}},
		{"a version between", with(".env", tab), runs("22.4.0"), nil, []string{"secret S1 .env:2 known false"}},
		{".nvmrc says", with(".env", tab, ".nvmrc", "v22.21.0\n"), runs(""), nil, []string{"secret S1 .env:2 known true"}},
		{".tool-versions says", with(".env", tab, ".tool-versions", "ruby 3.3.0\nnodejs 24.1.0\n"), runs(""), nil, []string{"secret S1 .env:2 known true"}},
		{"a codename", with(".env", tab, ".nvmrc", "lts/Jod\n"), runs(""), nil, []string{"secret S1 .env:2 known true"}},
		{"engines say", with(".env", tab, "package.json", `{"type":"module","engines":{"node":"24.x"},"dependencies":{"express":"5"}}`), runs(""), nil, []string{"secret S1 .env:2 known true"}},
		{"engines leave it open", with(".env", tab, "package.json", `{"type":"module","engines":{"node":">=20"},"dependencies":{"express":"5"}}`), runs(""), nil, []string{"secret S1* .env:2 known false"}},
		{"all versions read this alike", with(".env", "STREAM_API_SECRET='$S1'\n"), runs(""), nil, []string{"secret S1 .env:1 known true"}},
		{"Node 20 reads a line without = as part of the next name", with(".env", junk), runs("20.20.2"), nil, []string{"secret none known true"}},
		{"Node 24 does not", with(".env", junk), runs("24.11.0"), nil, []string{"secret S1 .env:2 known true"}},
		{"no one knows whether it is set", with(".env", junk), runs("21.7.3"), nil, []string{"secret none known false"}},
		{"a comment after the value, versions between keep it", with(".env", plain), runs("22.15.0"), nil, []string{"secret S1 .env:1 known false"}},
		{"a comment after the value", with(".env", plain), runs("24.11.0"), nil, []string{"secret S1 .env:1 known true"}},
	})
}
