package fix

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// plainProject is a project of just these files.
func plainProject(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	gemfile  = "source 'https://rubygems.org'\ngem 'sinatra'\ngem 'dotenv'\ngem 'stream-chat-ruby'\n"
	goModule = "module example.com/chat\n\ngo 1.22\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgithub.com/golang-jwt/jwt/v5 v5.2.1\n\tgithub.com/joho/godotenv v1.5.1\n)\n"
)

func rubyApp(client string) string {
	return "require 'sinatra'\nrequire 'json'\nrequire 'dotenv/load'\nrequire 'stream-chat'\n\nCLIENT = StreamChat::Client.new(" + client +
		")\n\npost '/token' do\n  data = JSON.parse(request.body.read)\n  { token: CLIENT.create_token(data['userId']) }.to_json\nend\n"
}

func goApp(imports, read, claim string) string {
	return "package main\n\nimport (\n" + imports + "\n\t\"github.com/gin-gonic/gin\"\n\t\"github.com/golang-jwt/jwt/v5\"\n\t\"github.com/joho/godotenv\"\n)\n\nfunc main() {\n\t_ = godotenv.Load()\n\tsecret := " + read +
		"\n\tr := gin.Default()\n\tr.POST(\"/token\", func(c *gin.Context) {\n\t\tvar in struct {\n\t\t\tUserID string `json:\"userId\"`\n\t\t}\n\t\tif err := c.BindJSON(&in); err != nil {\n\t\t\treturn\n\t\t}\n" +
		"\t\tclaims := jwt.MapClaims{\"" + claim + "\": in.UserID}\n\t\tsigned, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))\n\t\tif err != nil {\n\t\t\treturn\n\t\t}\n\t\tc.JSON(200, gin.H{\"token\": signed})\n\t})\n\t_ = r.Run()\n}\n"
}

// Projects that are written in other ways than ours: what is edited is right, to the character.
func TestEditsInOtherStyles(t *testing.T) {
	env := "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n"
	both := "ENV.fetch('STREAM_API_KEY'), ENV.fetch('STREAM_API_SECRET')"
	laravel := func(config, client string) map[string]string {
		return map[string]string{".env": env, "artisan": "#!/usr/bin/env php\n", "composer.json": `{ "require": { "laravel/framework": "^11.0", "get-stream/stream-chat": "^3.0" } }`,
			"config/services.php": "<?php\n\nreturn [\n    'stream' => [\n        'key' => env('STREAM_API_KEY'),\n        'secret' => " + config + ",\n    ],\n];\n",
			"routes/api.php":      "<?php\n\nuse App\\Http\\Controllers\\StreamController;\nuse Illuminate\\Support\\Facades\\Route;\n\nRoute::post('/stream/token', [StreamController::class, 'token']);\n",
			"app/Http/Controllers/StreamController.php": "<?php\n\nnamespace App\\Http\\Controllers;\n\nuse GetStream\\StreamChat\\Client;\nuse Illuminate\\Http\\Request;\n\nclass StreamController extends Controller\n{\n    public function token(Request $request)\n    {\n        $client = new Client(" + client +
				");\n        return response()->json(['token' => $client->createToken($request->input('userId'))]);\n    }\n}\n"}
	}
	for name, c := range map[string]struct {
		was        map[string]string
		file, want string
	}{
		"Ruby, exchanged": {map[string]string{"Gemfile": gemfile, ".env": env, "app.rb": rubyApp("ENV.fetch('STREAM_API_SECRET'), ENV.fetch('STREAM_API_KEY')")}, "app.rb", rubyApp(both)},
		"Laravel, exchanged": {laravel("env('STREAM_API_SECRET')", "config('services.stream.secret'), config('services.stream.key')"),
			"app/Http/Controllers/StreamController.php", laravel("", "config('services.stream.key'), config('services.stream.secret')")["app/Http/Controllers/StreamController.php"]},
		"Go, a claim": {map[string]string{"go.mod": goModule, ".env": env, "main.go": goApp("\t\"os\"\n", `os.Getenv("STREAM_API_SECRET")`, "userId")}, "main.go", goApp("\t\"os\"\n", `os.Getenv("STREAM_API_SECRET")`, "user_id")},
		"Go, an import that isn't needed any more": {map[string]string{"go.mod": goModule, ".env": env, "main.go": goApp("\t\"os\"\n\t\"strings\"\n", `strings.ToUpper(os.Getenv("STREAM_API_SECRET"))`, "user_id")},
			"main.go", goApp("\t\"os\"\n", `os.Getenv("STREAM_API_SECRET")`, "user_id")},
	} {
		t.Run(name, func(t *testing.T) {
			dir := plainProject(t, c.was)
			r, w := judged(t, dir)
			Offer(context.Background(), r, w)
			f, err := Open(r, w, r.Root())
			if err != nil {
				t.Fatalf("%v: %+v", err, r.Root())
			}
			if strings.Contains(f.Diff(), secret) {
				t.Error("the secret is shown")
			}
			if _, err := f.Apply(); err != nil {
				t.Fatal(err)
			}
			for file, was := range c.was {
				now, _ := os.ReadFile(filepath.Join(dir, file))
				if file == c.file {
					was = c.want
				}
				if string(now) != was {
					t.Errorf("%s is now:\n%s", file, now)
				}
			}
		})
	}
}

// A Go file that reads the environment for the first time imports what that needs.
func TestGoImports(t *testing.T) {
	r, w := judged(t, plainProject(t, map[string]string{"go.mod": goModule, "main.go": goApp("\t\"net/http\"\n", `"x"`, "user_id"), "one.go": "package main\n\nimport \"fmt\"\n\nvar x = \"x\"\n\nfunc f() { fmt.Println(x) }\n"}))
	view := cures.NewView(r.Facts, w)
	for file, want := range map[string]string{"main.go": "\t\"os\"\n", "one.go": "import \"os\"\n"} {
		line, from := 13, 12
		if file == "one.go" {
			line, from = 5, 9
		}
		got := cures.Imports(view, []finding.Edit{{File: file, Line: line, From: from, To: from + 3, Insert: `os.Getenv("X")`}})
		if len(got) != 1 || got[0].Insert != want {
			t.Errorf("%s: %+v", file, got)
		}
	}
}

// What is before the dot of base64.b64decode(secret), hex.DecodeString(secret) and JSON.stringify(token) isn't what is decoded.
func TestAModuleIsNoValue(t *testing.T) {
	for file, text := range map[string]string{
		"a.py":  "import base64\nSECRET = 'x'\nkey = sign(base64.b64decode(SECRET), 'y')\n",
		"b.js":  "import helper from './helper.js'\nconst x = 1\nsend(200, { token: JSON.stringify({ token }), more: helper.wrap(other) })\n",
		"c.mjs": "const coding = require('./coding')\nconst x = 1\nsend(200, { token: coding.wrap(value), a: 1 })\n",
	} {
		r, w := judged(t, plainProject(t, map[string]string{file: text, "package.json": "{}"}))
		cause := &finding.Cause{ID: causes.TokenWrapped, Certainty: finding.Proven, Location: &finding.Location{File: file, Line: 3}}
		for _, p := range cures.NewView(r.Facts, w).Of(cause) {
			for _, wrong := range []string{"pass base64 ", "pass JSON ", "pass helper ", "pass coding "} {
				if strings.Contains(p.Text, wrong) {
					t.Errorf("%s: %s", file, p.Text)
				}
			}
		}
	}
}
