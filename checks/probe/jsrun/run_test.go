package jsrun

import (
	"testing"

	"badsig/checks/probe/jsread"
)

func TestRun(t *testing.T) {
	names := func(path string) (Value, bool) {
		switch path {
		case "import.meta.env.VITE_API_URL", "RAW":
			return Value{"http://localhost:4000/", Text}, true
		case "UNSET":
			return Value{}, true
		case "window.location.hostname":
			return Value{"localhost", Text}, true
		}
		return Value{}, false
	}
	calls := func(name string, args []Value) (Value, bool) {
		return Value{"<" + args[0].Text + ">", Text}, name == "wrap"
	}
	for code, want := range map[string]string{
		"(url) { return url.replace(/\\/+$/, '') }": "http://a:1/x",
		"(url: string): string { const t = (url || '').trim(); if (!t) return 'none'; return t.replace(/\\/+$/, ''); }":               "http://a:1/x",
		"(url) => (url.endsWith('/') ? url.slice(0, -1) : url)":                                                                       "http://a:1/x/",
		"(url) { let u = url\n while (u.endsWith('/')) u = u.slice(0, -1)\n if (!/^https?:/.test(u)) u = 'https://' + u\n return u }": "http://a:1/x",
		"(url) { const u = url.replace(/\\/$/, ''); return u.endsWith('/api') ? u : `${u}/api` }":                                     "http://a:1/x//api",
		"(url) { try { return new URL(url).origin } catch { return 'x' } }":                                                           "http://a:1",
		"(url, path = 'token') { return `${url.replace(/\\/+$/g, \"\")}/${path.startsWith('/') ? path.slice(1) : path}?a=1` }":        "http://a:1/x/token?a=1",
		"url => { if (typeof url !== 'string') { throw new Error('no') } return wrap(url) }":                                          "<http://a:1/x//>",
		"() { return UNSET || RAW }":                                                                          "http://localhost:4000/",
		"() { return (UNSET ?? 'http://b')!.split('://')[1] as string }":                                      "b",
		"() { if (window.location.hostname === 'localhost') { return 'dev' } else { return other.thing() } }": "dev",
		"() { return import.meta.env.VITE_API_URL.trim() + 'x' }":                                             "http://localhost:4000/x",
		"(url) { return url.length > 3 && url.includes(':') ? url.substring(0, url.length - 2) : '' }":        "http://a:1/x",
		"(url) { return Platform.OS === 'ios' ? url : '' }":                                                   "?",
		"(url) { for (const c of url) { } return url }":                                                       "?",
		"(url) { return url.replace(/(?<=a)b/, '') }":                                                         "?",
		"(url) { while (true) { url = url + 'x' } }":                                                          "?",
		"({ url }) { return url }":                                                                            "?",
		"(url":                                                                                                "?",
	} {
		v, ok := Run(jsread.Words("a.ts", []byte("function f "+code))[2:], []Value{{"http://a:1/x//", Text}}, names, calls)
		got := v.Text
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
