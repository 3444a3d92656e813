package probe

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/tokens"
)

func TestClassifyName(t *testing.T) {
	for name, want := range map[string]string{
		"STREAM_API_SECRET": "secret", "STREAM_SECRET": "secret", "STREAM_SECRET_KEY": "secret", "GETSTREAM_API_SECRET": "secret", "GET_STREAM_SECRET": "secret", "STREAM_IO_SECRET": "secret",
		"STREAM_CHAT_API_SECRET": "secret", "STREAM_VIDEO_SECRET_KEY": "secret", "streamApiSecret": "secret", "stream-api-secret": "secret", "VITE_STREAM_SECRET": "secret VITE_", "NEXT_PUBLIC_GET_STREAM_API_SECRET": "secret NEXT_PUBLIC_",
		"STREAM_API_SECRET_DEV": "secret", "STREAM_API_SECRET_2": "secret", "STREAM_CHAT_SECRET": "secret",
		"STREAM_API_KEY": "key", "STREAM_KEY": "key", "STREAM_ACCESS_KEY": "key", "NEXT_PUBLIC_STREAM_VIDEO_API_KEY": "key NEXT_PUBLIC_", "REACT_APP_STREAM_KEY": "key REACT_APP_", "EXPO_PUBLIC_STREAM_API_KEY": "key EXPO_PUBLIC_", "STREAM_APIKEY": "key", "streamKey": "key", "STREAM_API_KEY_PROD": "key",
		"apiKey": "key bare", "API_KEY": "key bare", "API_SECRET": "secret bare", "apiSecret": "secret bare", "secret": "secret bare", "VITE_API_KEY": "key bare VITE_", "CHAT_API_KEY": "key bare",
		"JWT_SECRET": "other bare", "SESSION_SECRET": "other bare", "NEXTAUTH_SECRET": "other bare", "ACCESS_TOKEN_SECRET": "other bare", "jwtSecret": "other bare", "CLERK_SECRET_KEY": "other bare", "SECRET_KEY": "secret bare",
		"STREAM_URL": "url", "STREAM_APP_ID": "", "STREAM_API_URL": "", "STREAM_TOKEN": "", "GOOGLE_MAPS_API_KEY": "", "FIREBASE_API_KEY": "", "PORT": "", "STREAM_PRIVATE_KEY": "", "MUX_STREAM_KEY": "", "primaryKey": "", "key": "key bare", "onKeyDown": "", "UPSTREAM_SECRET": "other bare", "STREAM_USER_TOKEN": "", "DATABASE_URL": "", "": "",
	} {
		c := classifyName(name)
		got := c.What
		if c.URL {
			got = "url"
		}
		if c.Bare {
			got += " bare"
		}
		if c.Prefix != "" && got != "" {
			got += " " + c.Prefix
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	yes := []string{"your_api_secret", "your-api-key", "YOUR_API_SECRET", "YOUR_API_SECRET_HERE", "<your-secret>", "<secret>", "changeme", "change_me", "xxx", "xxxxxxxxxxxx", "undefined", "null", "[object Object]", "REPLACE_ME", "replace_with_your_secret",
		"insert_api_secret_here", "stream_api_secret", "your_stream_api_secret", "todo", "secret", "dev-secret", "****", "{{ secret }}", "yourapikey", "paste-your-secret-here", "example", "..."}
	no := []string{s1, k1, "", "mysessionsecret99", "yourk3ym8x4c2v9b5n7", "hunter2secret", strings.Repeat("a", 64), "b7f2c4", "your" + k1}
	for _, s := range yes {
		if is, _ := placeholder(s); !is {
			t.Errorf("%q is taken for a value", s)
		}
	}
	for _, s := range no {
		if is, _ := placeholder(s); is {
			t.Errorf("a text of %d characters is taken for a placeholder: %.6s", len(s), s)
		}
	}
}

func TestBlemishes(t *testing.T) {
	for _, c := range []struct {
		raw, what string
		want      string
		clean     bool // what is left is the value itself
	}{
		{"$S1", WhatSecret, "", true}, {"$K1", WhatKey, "", true},
		{"$S1 ", WhatSecret, "trailing-space", true}, {" $S1", WhatSecret, "leading-space", true}, {"$S1\n", WhatSecret, "newline", true}, {"$S1\r", WhatSecret, "carriage-return", true}, {"\t$S1", WhatSecret, "tab", true},
		{"\"$S1\"", WhatSecret, "quotes", true}, {"'$S1'", WhatSecret, "quotes", true}, {"\"$S1", WhatSecret, "quotes", true}, {"`$S1`", WhatSecret, "backticks", true}, {"“$S1”", WhatSecret, "smart-quotes", true},
		{"$S1\u00a0", WhatSecret, "nbsp", true}, {"\ufeff$S1", WhatSecret, "bom", true}, {"$S1\u200b", WhatSecret, "zero-width", true}, {"$S1\u3000", WhatSecret, "nbsp", true}, {"$S1\x00", WhatSecret, "control", true}, {"$S1\u2066", WhatSecret, "zero-width", true}, {"$S1;", WhatSecret, "semicolon", true}, {"$S1,", WhatSecret, "comma", true},
		{"STREAM_API_SECRET=$S1", WhatSecret, "own-name", true}, {"STREAM_API_SECRET=\"$S1 \"", WhatSecret, "quotes own-name trailing-space", true}, {"\" $S1\" ", WhatSecret, "trailing-space quotes leading-space", true},
		{strings.ToUpper(s1), WhatSecret, "upper-case", true}, {s1[:32] + " " + s1[32:], WhatSecret, "inner-space", true}, {s1[:63], WhatSecret, "not-64", false}, {"$S1$S1", WhatSecret, "doubled", true},
		{"\"$K1\"", WhatKey, "quotes", true}, {"$K1 ", WhatKey, "trailing-space", true}, {"abc", WhatKey, "not-key-shape", false},
		{"any Old_Secret!", WhatOther, "", true}, {"old ", WhatOther, "trailing-space", false}, {"your_api_secret", WhatSecret, "", true},
	} {
		raw := fillText(c.raw)
		v := Value{What: c.what}
		clean := describe(&v, []byte(raw))
		if got := strings.Join(v.Blemishes, " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.raw, got, c.want)
		}
		if c.clean && c.want != "" && !slices.Contains([]string{s1, k1}, string(clean)) {
			t.Errorf("%q is cleaned to something else", c.raw)
		}
		if c.clean && c.want == "" && string(clean) != raw {
			t.Errorf("%q has no blemish and was changed", c.raw)
		}
		if v.Length != len(raw) || v.Fingerprint != tokens.NewSecret([]byte(raw)).Fingerprint() {
			t.Errorf("%q: length %d fingerprint %s", c.raw, v.Length, v.Fingerprint)
		}
	}
}

func TestOnlyKeysAreShown(t *testing.T) {
	for _, c := range []struct{ what, raw, want string }{
		{WhatKey, k1, k1}, {WhatKey, s1, ""}, {WhatSecret, s1, ""}, {WhatSecret, k1, ""}, {WhatOther, k1, ""}, {WhatKey, "\"" + k1 + "\"", "\"" + k1 + "\""}, {WhatKey, k1 + " ", k1 + "␠"}, {WhatKey, k1 + "\n", k1 + "␊"},
		{WhatKey, "your_api_key", "your_api_key"}, {WhatSecret, "your_api_secret", "your_api_secret"}, {WhatSecret, "dev-secret", ""}, {WhatKey, "undefined", "undefined"}, {WhatKey, "", ""}, {WhatKey, "AIzaSyD-1234567890", ""},
	} {
		v := Value{What: c.what}
		describe(&v, []byte(c.raw))
		if v.Key != c.want {
			t.Errorf("a %s of %d bytes is shown as %q, want %q", c.what, len(c.raw), v.Key, c.want)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain text": "plain text", "é漢👍🏽": "é漢👍🏽", "a\nb": "a␊b", "\x1b[31mred": "␛[31mred", "\x00": "␀", "\x7f": "␡", "a\u202eb": "a<U+202E>b", "a\u200bb": "a<U+200B>b", "a\u00a0b": "a<U+00A0>b", "\xff": "<FF>",
		"\u0085": "<U+0085>", "a\u2028b": "a<U+2028>b", "": "", "👨\u200d👩": "👨\u200d👩",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestSwappedPairShowsNoSecret(t *testing.T) {
	dir := layout(t, map[string]string{
		"server/package.json": pkgCJS, "server/.env": "STREAM_API_KEY=$S1\nSTREAM_API_SECRET=$K1\n",
		"web/package.json": pkgVite, "web/src/main.jsx": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('" + s1[:28] + "')\nconst d = new StreamChat('$S1')\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\nconst short = process.env.JWT_SECRET || '" + s1[:28] + "'\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	})
	w := New(Target{Dir: dir, Secret: tokens.NewSecret([]byte(s1)), APIKey: k1})
	p, err := probeProject(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	if err := probeServer(w, p); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(w.Snapshot())
	if strings.Contains(string(b), s1[:28]) {
		t.Errorf("a secret stands in the facts: %s", b)
	}
	if !strings.Contains(string(b), k1) {
		t.Error("the key is not told")
	}
}

func TestGitIndex(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	for _, version := range []string{"2", "3", "4"} {
		t.Run("version "+version, func(t *testing.T) {
			dir := layout(t, map[string]string{"app/.env": envPair, "app/local/.env": envPair, "other/x.js": "1", "app/src/a.js": "1"})
			git := func(args ...string) {
				t.Helper()
				cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.email=a@b", "-c", "user.name=a"}, args...)...)
				cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("git %v: %s", args, out)
				}
			}
			git("init", "-q")
			git("add", "app/.env", "app/src/a.js", "other/x.js")
			git("update-index", "--index-version", version)
			if version == "3" {
				git("add", "-N", "app/local/.env") // an extended flag
			}
			for _, c := range []struct{ root, rel string }{{dir, "app/.env"}, {filepath.Join(dir, "app"), ".env"}, {filepath.Join(dir, "app"), "src/a.js"}} {
				if f := readGit(c.root); f == nil || !f(c.rel) {
					t.Errorf("%s is not known as tracked", c.rel)
				}
			}
			if f := readGit(dir); version != "3" && f("app/local/.env") || f("nowhere") {
				t.Error("an untracked file is taken for a tracked one")
			}
		})
	}
	if f := readGit(t.TempDir()); f != nil {
		t.Error("a folder without git knows something")
	}
	dir := layout(t, map[string]string{".git/index": "DIRC\x00\x00\x00\x02\x00\x00\x00\x05broken"})
	if f := readGit(dir); f != nil {
		t.Error("a broken index is taken for one")
	}
}

func TestSecretInABundle(t *testing.T) {
	dir := layout(t, map[string]string{
		"web/package.json": pkgVite, "web/.env": "VITE_STREAM_SECRET=$S1\n", "web/dist/assets/index.js": "var a='$S1';", "web/dist/assets/other.js": "var b=1", "server/package.json": pkgCJS, "server/dist/a.js": "var c='$S1'",
	})
	w := New(Target{Dir: dir})
	if _, err := probeProject(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range w.Snapshot().Values {
		if v.Role == RoleBuild {
			got = append(got, v.File)
			if !v.Public || v.What != WhatSecret {
				t.Errorf("%+v", v)
			}
		}
	}
	if !slices.Equal(got, []string{"web/dist/assets/index.js"}) {
		t.Errorf("found in %q", got)
	}
}

// TestChangedFile is about the time that a restart is compared with: that of
// the file that holds the secret, not of a file touched beside it.
func TestChangedFile(t *testing.T) {
	dir := layout(t, express)
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, n := range []string{"server/.env", "server/index.js"} {
		if err := os.Chtimes(filepath.Join(dir, n), old, old); err != nil {
			t.Fatal(err)
		}
	}
	w := New(Target{Dir: dir})
	p, _ := probeProject(context.Background(), w)
	_ = probeServer(w, p)
	s := w.Snapshot().Server
	if !s.Changed.Equal(old) || s.ChangedFile != "server/.env" {
		t.Errorf("changed %v in %s, want %v in server/.env", s.Changed, s.ChangedFile, old)
	}
}
