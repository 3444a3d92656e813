package confread

import (
	"fmt"
	"slices"
	"testing"
)

// TestRead reads each kind of file to paths, values and lines.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             []string
	}{
		{"compose, map and list", "compose.yml", "services:\n  api:\n    environment:\n      STREAM_API_KEY: abc # note\n      # STREAM_API_SECRET: old\n      STREAM_API_SECRET: \"x y \"\n    env_file: [ .env, api.env ]\n  web:\n    environment:\n      - A=1\n",
			[]string{"services.api.environment.STREAM_API_KEY=abc:4", "services.api.environment.STREAM_API_SECRET=x y :6", "services.api.env_file.0=.env:7", "services.api.env_file.1=api.env:7", "services.web.environment.0=A=1:10"}},
		{"anchors", "a.yaml", "x: &d\n  K: v\ny:\n  <<: *d\n  L: w\n", []string{"x.K=v:2", "y.K=v:2", "y.L=w:5"}},
		{"two documents", "k8s.yaml", "kind: A\n---\nkind: B\nstringData:\n  S: v\n", []string{"kind=A:1", "kind=B:3", "stringData.S=v:5"}},
		{"toml", "wrangler.toml", "name = \"x\" # STREAM = \"no\"\n[vars]\nSTREAM_API_KEY = 'abc'\n# S = \"old\"\ninline = { a = \"b\" }\n[[d]]\nk = \"v\"\n", []string{"name=x:1", "vars.STREAM_API_KEY=abc:3", "vars.inline.a=b:5", "d.0.k=v:7"}},
		{"json with comments", "appsettings.json", "{\n  // \"Secret\": \"old\",\n  \"Stream\": { \"Secret\": \"a//b\", /* x */ \"N\": 1, },\n  \"L\": [\"p\", \"q\"]\n}\n", []string{"Stream.Secret=a//b:3", "Stream.N=1:3", "L.0=p:4", "L.1=q:4"}},
		{"properties", "application.properties", "# stream.secret=old\nstream.api.secret = a b \\\n   c\nserver.port:8081\n", []string{"stream.api.secret=a b c:2", "server.port=8081:4"}},
		{"hocon", "application.conf", "ktor {\n  deployment { port = 8080\n    port = ${?PORT} }\n}\n# stream.secret = \"old\"\nstream.secret = \"x=y\" // note\nstream { key: abc }\n", []string{"ktor.deployment.port=8080:2", "ktor.deployment.port=${?PORT}:3", "stream.secret=x=y:6", "stream.key=abc:7"}},
	} {
		list, err := Read(c.file, []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for _, e := range list {
			got = append(got, fmt.Sprintf("%s=%s:%d", e.Path(), e.Value, e.Line))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// TestHostile reads what is none of these files, without end or panic.
func TestHostile(t *testing.T) {
	deep := make([]byte, 0, 1<<17)
	for range 50_000 {
		deep = append(deep, '[')
	}
	bomb := []byte("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n")
	for _, name := range []string{"a.yaml", "a.toml", "a.json", "a.properties", "a.conf"} {
		for _, data := range [][]byte{deep, bomb, []byte("{{{{"), []byte("\x00\xff="), nil, []byte("a = [[[")} {
			if list, _ := Read(name, data); len(list) > maxEntries+1 {
				t.Errorf("%s: %d entries", name, len(list))
			}
		}
	}
}
