package fix

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// change is one line of a file and what a wrong edit, or a right one, makes of it.
type change struct {
	file, old, put string
}

// edit replaces all of a line of the project; the line is found by what it has.
func (c change) edit(t *testing.T, files map[string]string) []finding.Edit {
	t.Helper()
	for i, l := range strings.Split(files[c.file], "\n") {
		if l == c.old {
			e := finding.Edit{File: c.file, Line: i + 1, From: 1, To: len([]rune(l)) + 1, Insert: c.put}
			if before, after, is := strings.Cut(c.put, secret); is { // an edit holds no secret
				at := strings.Index(l, secret)
				if at < 0 {
					t.Fatalf("%s: no secret on %q", c.file, l)
				}
				tail := e
				e.Insert, e.InsertFrom = before, &finding.EditFrom{File: c.file, Line: i + 1, From: len([]rune(l[:at])) + 1, To: len([]rune(l[:at])) + 1 + len(secret)}
				tail.From, tail.Insert = tail.To, after
				return []finding.Edit{e, tail}
			}
			return []finding.Edit{e}
		}
	}
	t.Fatalf("%s has no line %q", c.file, c.old)
	return nil
}

// languages are small backends; each reads STREAM_API_SECRET and signs with it.
func goFiles(line string) map[string]string {
	return map[string]string{
		"go.mod": "module example.com/t\n\ngo 1.26\n\nrequire github.com/golang-jwt/jwt/v5 v5.3.0\n",
		".env":   "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n",
		"main.go": `package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"github.com/golang-jwt/jwt/v5"
	"github.com/joho/godotenv"
)

func main() {
	godotenv.Load()
	http.HandleFunc("POST /api/stream/token", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			UserID string ` + "`json:\"userId\"`" + `
		}
		json.NewDecoder(r.Body).Decode(&in)
		secret := os.Getenv("STREAM_API_SECRET")
` + line + `
		json.NewEncoder(w).Encode(map[string]string{"token": strings.TrimSpace(token)})
	})
	http.ListenAndServe(":3999", nil)
}
`,
	}
}

func pyFiles(line string) map[string]string {
	return map[string]string{
		"requirements.txt": "flask\npyjwt\npython-dotenv\n",
		".env":             "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n",
		"app.py": `import os
import jwt
from dotenv import load_dotenv
from flask import Flask, jsonify, request

load_dotenv()
app = Flask(__name__)


@app.post("/api/stream/token")
def token():
    user_id = request.json["userId"]
    if user_id:
` + line + `
    return jsonify(token="")


if __name__ == "__main__":
    app.run(port=3999)
`,
	}
}

const (
	goSign = `		token, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"user_id": in.UserID}).SignedString([]byte(strings.ToUpper(secret)))`
	pySign = `        return jsonify(token=jwt.encode({"user_id": user_id}, os.environ["STREAM_API_SECRET"].upper(), algorithm="HS256"))`
)

// An edit of Go or Python is rejected where the program can't be compiled or started after it.
func TestMutantsOfOtherLanguages(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		at    change // where the cause is
		more  []change
		right bool
	}{
		{"Go: the call goes", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)", "secret", 1)}, nil, true},
		{"Go: a bracket is missing", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)))", "secret)", 1)}, nil, false},
		{"Go: a bracket too many", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)", "secret)", 1)}, nil, false},
		{"Go: a quote is left open", goFiles(goSign), change{"main.go", goSign, strings.Replace(strings.Replace(goSign, "strings.ToUpper(secret)", "secret", 1), `"user_id"`, `"user_id`, 1)}, nil, false},
		{"Go: a variable is used no more", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)", `os.Getenv("STREAM_API_SECRET")`, 1)}, nil, false},
		{"Go: an import is used no more", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)", "secret", 1)},
			[]change{{"main.go", `		json.NewEncoder(w).Encode(map[string]string{"token": strings.TrimSpace(token)})`, `		json.NewEncoder(w).Encode(map[string]string{"token": token})`}}, false},
		{"Go: a package that isn't imported", goFiles(goSign), change{"main.go", goSign, strings.Replace(goSign, "strings.ToUpper(secret)", "bytes.TrimSpace([]byte(secret))", 1)}, nil, false},
		{"Python: the call goes", pyFiles(pySign), change{"app.py", pySign, strings.Replace(pySign, ".upper()", "", 1)}, nil, true},
		{"Python: a bracket is missing", pyFiles(pySign), change{"app.py", pySign, strings.Replace(strings.Replace(pySign, ".upper()", "", 1), "HS256\"))", "HS256\")", 1)}, nil, false},
		{"Python: a quote is left open", pyFiles(pySign), change{"app.py", pySign, strings.Replace(strings.Replace(pySign, ".upper()", "", 1), `"user_id"`, `"user_id`, 1)}, nil, false},
		{"Python: no longer in its block", pyFiles(pySign), change{"app.py", pySign, strings.TrimPrefix(strings.Replace(pySign, ".upper()", "", 1), "    ")}, nil, false},
		{"Python: deeper than its block", pyFiles(pySign), change{"app.py", `    user_id = request.json["userId"]`, `        user_id = request.json["userId"]`},
			[]change{{"app.py", pySign, strings.Replace(pySign, ".upper()", "", 1)}}, false},
		{"Python: a module that isn't imported", pyFiles(pySign), change{"app.py", pySign, strings.Replace(pySign, `os.environ["STREAM_API_SECRET"].upper()`, `settings.environ["STREAM_API_SECRET"]`, 1)}, nil, false},
	} {
		dir := project(t, c.files)
		r, w := judged(t, dir)
		all := c.at.edit(t, c.files)
		line := all[0].Line
		for _, m := range c.more {
			all = append(all, m.edit(t, c.files)...)
		}
		cause := &finding.Cause{ID: causes.SecretCase, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: c.at.file, Line: line}}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: all}); ok != c.right {
			t.Errorf("%s: accepted %t, want %t", c.name, ok, c.right)
		}
	}
}

// Edits that put the right thing in the wrong place are rejected: a file that nothing
// reads, one of two servers, another variable.
func TestMutantsOfPlaces(t *testing.T) {
	bad := strings.ToUpper(secret)
	server := text(t, project(t, nil), "index.js")
	second := map[string]string{
		"admin/package.json": `{ "name": "admin", "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }`,
		"admin/index.js":     strings.ReplaceAll(server, "/api/stream/token", "/api/admin/token"),
		"admin/.env":         "PORT=3998\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + bad + "\n",
	}
	chat := "import { StreamChat } from 'stream-chat'\nconst client = new StreamChat('" + key + " ')\nexport const open = (user, token) => client.connectUser(user, token)\n"
	web := map[string]string{"web/package.json": `{ "name": "web", "type": "module", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`, "web/src/chat.js": chat}
	spaced := map[string]string{".env": "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=\"" + secret + " \"\n", ".env.example": "PORT=3999\nSTREAM_API_KEY=\nSTREAM_API_SECRET=\"" + secret + " \"\n"}
	missing := func(more string) map[string]string {
		return map[string]string{".env": "PORT=3999\nSTREAM_API_KEY=" + key + "\n" + more}
	}
	with := func(m map[string]string, more ...map[string]string) map[string]string {
		out := map[string]string{"index.js": server}
		for _, add := range append([]map[string]string{m}, more...) {
			for n, x := range add {
				out[n] = x
			}
		}
		return out
	}
	space := "STREAM_API_SECRET=\"" + secret + " \""
	other := strings.Repeat("9d3f7c", 10) + "ab12"
	for _, c := range []struct {
		name  string
		files map[string]string
		cause causes.ID
		at    change // the finding's line, and what becomes of it
		leave bool   // the finding's line stays as it is
		more  []change
		right bool
	}{
		{"the file that is loaded", with(spaced), causes.SecretWhitespace, change{".env", space, "STREAM_API_SECRET=" + secret}, false, nil, true},
		{"an example file", with(spaced), causes.SecretWhitespace, change{".env", space, ""}, true, []change{{".env.example", space, "STREAM_API_SECRET=" + secret}}, false},
		{"the finding is in the example file", with(spaced), causes.SecretWhitespace, change{".env.example", space, "STREAM_API_SECRET=" + secret}, false, nil, false},
		{"a file that nothing reads", with(map[string]string{".env": spaced[".env"], "backup/old.env": spaced[".env"]}), causes.SecretWhitespace, change{"backup/old.env", space, "STREAM_API_SECRET=" + secret}, false, nil, false},
		{"one of two servers", with(second, map[string]string{".env": "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + bad + "\n"}), causes.SecretCase,
			change{"admin/.env", "STREAM_API_SECRET=" + bad, "STREAM_API_SECRET=" + bad[:63]}, false, nil, false},
		{"the misspelled variable", with(missing("STREAM_API_SECERT=" + secret + "\nSESSION_SECRET=" + other + "\n")), causes.SecretMissing, change{".env", "STREAM_API_SECERT=" + secret, "STREAM_API_SECRET=" + secret}, false, nil, true},
		{"another variable is renamed", with(missing("STREAM_API_SECERT=" + secret + "\nSESSION_SECRET=" + other + "\n")), causes.SecretMissing, change{".env", "SESSION_SECRET=" + other, "STREAM_API_SECRET=" + other}, false, nil, false},
		{"a variable that other code reads is renamed", with(missing("CHAT_SECRET="+secret+"\n"), map[string]string{"worker.js": "import 'dotenv/config'\nconsole.log(process.env.CHAT_SECRET)\n"}), causes.SecretMissing,
			change{".env", "CHAT_SECRET=" + secret, "STREAM_API_SECRET=" + secret}, false, nil, false},
		{"another variable changes with it", with(spaced), causes.SecretWhitespace, change{".env", space, "STREAM_API_SECRET=" + secret}, false, []change{{".env", "STREAM_API_KEY=" + key, "STREAM_API_KEY=" + key + "x"}}, false},
		{"the front end's key", with(web), causes.KeyMalformed, change{"web/src/chat.js", "const client = new StreamChat('" + key + " ')", "const client = new StreamChat('" + key + "')"}, false, nil, true},
		{"the front end's client goes", with(web), causes.KeyMalformed, change{"web/src/chat.js", "const client = new StreamChat('" + key + " ')", "const client = '" + key + "'"}, false, nil, false},
		{"the front end's client gets another key", with(web), causes.KeyMalformed, change{"web/src/chat.js", "const client = new StreamChat('" + key + " ')", "const client = new StreamChat('zz7w2m9xt4bn')"}, false, nil, false},
		{"a quote of the front end is left open", with(web), causes.KeyMalformed, change{"web/src/chat.js", "const client = new StreamChat('" + key + " ')", "const client = new StreamChat('" + key + ")"}, false, nil, false},
	} {
		dir := project(t, c.files)
		r, w := judged(t, dir)
		at := c.at.edit(t, c.files)
		var all []finding.Edit
		if !c.leave {
			all = append(all, at...)
		}
		for _, m := range c.more {
			all = append(all, m.edit(t, c.files)...)
		}
		cause := &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: path.Clean(c.at.file), Line: at[0].Line}}
		if i := slices.IndexFunc(r.Causes, func(x finding.Cause) bool { return x.ID == c.cause }); i >= 0 && c.cause != causes.KeyMalformed {
			cause.Certainty = r.Causes[i].Certainty
		}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: all}); ok != c.right {
			t.Errorf("%s: accepted %t, want %t (causes %v)", c.name, ok, c.right, ids(r.Causes))
		}
	}
}

func ids(all []finding.Cause) (out []string) {
	for _, c := range all {
		out = append(out, string(c.ID))
	}
	return out
}
