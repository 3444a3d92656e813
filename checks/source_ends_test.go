package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// settingsModules are modules that hand the environment on, each with the expression that reads the secret of it.
var settingsModules = map[string][2]string{
	"export const ENV = { KEY: process.env.STREAM_API_KEY, SECRET: process.env.STREAM_API_SECRET }\n":              {"import { ENV } from './settings.js'\n", "ENV.SECRET"},
	"const env = { SECRET: process.env.STREAM_API_SECRET, KEY: process.env.STREAM_API_KEY }\nexport default env\n": {"import env from './settings.js'\n", "env.SECRET"},
	"export const KEY = process.env.STREAM_API_KEY\nexport const SECRET = process.env.STREAM_API_SECRET\n":         {"import { SECRET } from './settings.js'\n", "SECRET"},
}

// Stream's SDK for Node signs a token for the server as its client is made: without a secret, that ends the program.
func TestEndsWhereTheClientIsMade(t *testing.T) {
	for name, x := range map[string]struct {
		code string
		want causes.ID
	}{
		"at the module's top":        {"const secret = process.env.STREAM_API_SECRET\nexport const client = new StreamClient(process.env.STREAM_API_KEY, secret)\n", causes.SecretMissing},
		"with the variable itself":   {"export const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET!)\n", causes.SecretMissing},
		"of a settings object":       {"import { env } from './env.js'\nexport const client = new StreamClient(env.KEY, env.SECRET)\n", causes.SecretMissing},
		"when it is first requested": {"let made\nexport const client = { generateUserToken: (p) => (made ??= new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)).generateUserToken(p) }\n", causes.ServerDown},
	} {
		files := map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env server.js"},"dependencies":{"fastify":"5","@stream-io/node-sdk":"0.7"}}`,
			"env.js":       "export const env = { KEY: process.env.STREAM_API_KEY, SECRET: process.env.STREAM_API_SECRET }\n",
			"stream.ts":    "import { StreamClient } from '@stream-io/node-sdk'\n" + x.code,
			"server.js":    "import Fastify from 'fastify'\nimport { client } from './stream.ts'\nconst app = Fastify()\napp.get('/video/token/:id', async (q) => ({ token: client.generateUserToken({ user_id: q.params.id }) }))\nawait app.listen({ port: 4600 })\n",
			".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRT=" + actionSecret + "\n",
		}
		f := lookedAt(t, files)
		f.Target.URL, f.Target.URLSource = "http://localhost:4600/video/token/ann", "server.js:4"
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
		if r := Judge(f); rootID(r) != x.want {
			t.Errorf("%s: got %q %v, want %s", name, rootID(r), r.Causes, x.want)
		}
	}
}

// A backend that ends at its start because a settings module has no secret isn't merely down.
func TestEndsWithoutWhatAnotherModuleReads(t *testing.T) {
	for settings, use := range settingsModules {
		files := map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env server.js"},"dependencies":{"express":"5","stream-chat":"9"}}`,
			"settings.js":  settings,
			"server.js": "import express from 'express'\nimport { StreamChat } from 'stream-chat'\n" + use[0] + "const secret = " + use[1] + "\nif (!secret) {\n  throw new Error('no secret')\n}\n" +
				"const chat = StreamChat.getInstance('" + actionKey + "', secret)\nconst app = express()\napp.get('/chat/token/:id', (q, r) => r.json({ token: chat.createToken(q.params.id) }))\napp.listen(4600)\n",
			".env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRT=" + actionSecret + "\n",
		}
		f := lookedAt(t, files)
		f.Target.URL, f.Target.URLSource = "http://localhost:4600/chat/token/ann", "server.js:10"
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
		r := Judge(f)
		if rootID(r) != causes.SecretMissing || r.Causes[0].Location == nil || !strings.HasSuffix(r.Causes[0].Location.File, ".env") {
			t.Errorf("%q: got %q at %v, want secret-missing in .env", settings, rootID(r), r.Causes)
		}
	}
}

// A line that sets the secret to nothing ends such a program as a missing line does; one that only warns goes on running.
func TestEndsWhereTheSecretIsSetToNothing(t *testing.T) {
	for does, want := range map[string]causes.ID{"process.exit(1)": causes.SecretMissing, "console.warn('no secret')": causes.ServerDown} {
		f := lookedAt(t, map[string]string{
			"package.json": `{"scripts":{"start":"node --env-file=.env index.js"},"dependencies":{"express":"4","stream-chat":"8"}}`,
			"index.js": "const express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst key = process.env.STREAM_API_KEY, secret = process.env.STREAM_API_SECRET\nif (!key || !secret) {\n  " + does + "\n}\n" +
				"const app = express()\napp.get('/token', (q, r) => r.json({ token: StreamChat.getInstance(key, secret).createToken(q.query.user_id) }))\napp.listen(4600)\n",
			".env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=\n",
		})
		f.Target.URL, f.Target.URLSource = "http://localhost:4600/token", "index.js:8"
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
		if r := Judge(f); rootID(r) != want {
			t.Errorf("%s: got %q, want %s", does, rootID(r), want)
		}
	}
}

// Where no front end names an address, the port that the process was started with is as good as the source's own.
func TestOnAnotherPortThatNoFrontEndNames(t *testing.T) {
	f := lookedAt(t, map[string]string{
		"package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","stream-chat":"8"}}`,
		"index.js":     "const app = require('express')()\nconst { StreamChat } = require('stream-chat')\napp.get('/token', (q, r) => r.json({ token: StreamChat.getInstance(process.env.K, process.env.S).createToken(q.query.user_id) }))\napp.listen(process.env.PORT || 4600)\n",
	})
	f.Target.URL, f.Target.URLSource = "http://localhost:4600/token", "index.js:3"
	f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
	f.Process = &facts.Listeners{Known: true, Port: 4600, Others: []facts.Listener{{Port: 4123, Address: "::", PID: 7, Dir: ".", Command: []string{"node", "index.js"}}}}
	if r := Judge(f); rootID(r) != "" || r.Verdict == Rejected {
		t.Errorf("got %q %s, want none", rootID(r), r.Verdict)
	}
}

// A program that ends without its key has no fault while it runs: its shell set the key then.
func TestEndsWithoutItsKey(t *testing.T) {
	for env, want := range map[string]causes.ID{"": causes.KeyMissing, "STREAM_API_KEY=\n": causes.KeyMissing, "STREAM_KEY=" + actionKey + "\n": causes.KeyMissing, "STREAM_API_KEY=" + actionKey + "\n": ""} {
		for _, static := range []bool{true, false} {
			f := lookedAt(t, map[string]string{
				"package.json": `{"scripts":{"start":"node --env-file=.env index.js"},"dependencies":{"express":"4","stream-chat":"8"}}`,
				"index.js": "const express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst key = process.env.STREAM_API_KEY, secret = process.env.STREAM_API_SECRET\nif (!key || !secret) process.exit(1)\n" +
					"const app = express()\napp.get('/token', (q, r) => r.json({ token: StreamChat.getInstance(key, secret).createToken(q.query.user_id) }))\napp.listen(4600)\n",
				".env": env + "STREAM_API_SECRET=" + actionSecret + "\n",
			}, func(x *facts.Target) { x.Static = static })
			want := want
			if !static {
				f.Target.URL, f.Target.URLSource = "http://localhost:4600/token", "index.js:6"
				f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
				if want == "" {
					want = causes.ServerDown
				}
			}
			if r := Judge(f); rootID(r) != want || want == causes.KeyMissing && r.Causes[0].Location.File != ".env" {
				t.Errorf("%q, static %v: got %q, want %q", env, static, rootID(r), want)
			}
			if f.Server.PID = 7; static && rootID(Judge(f)) == causes.KeyMissing {
				t.Errorf("%q: accused while it runs", env)
			}
		}
	}
}

// What other libraries demand at the start, and a program's own check of a variable, are why a backend is down: that
// variable is named, and not the secret. What has a default, is read when used, or is only warned of is not.
func TestEndsWithoutWhatAnotherLibraryDemands(t *testing.T) {
	env := "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	for code, x := range map[string]struct{ env, name, at string }{
		"import OpenAI from 'openai'\nexport const ai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY })\n":                                                                               {env, "OPENAI_API_KEY", "other.js:2"},
		"import OpenAI from 'openai'\nexport const ai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY || 'none' })\n":                                                                     {env, "", ""},
		"import OpenAI from 'openai'\nexport const ai = () => new OpenAI({ apiKey: process.env.OPENAI_API_KEY })\n":                                                                         {env, "", ""},
		"import Groq from 'groq-sdk'\nclass Talk {\n  constructor() {\n    this.ai = new Groq({ apiKey: process.env.GROQ_KEY })\n  }\n}\nexport default new Talk()\n":                       {env, "GROQ_KEY", "other.js:4"},
		"import Groq from 'groq-sdk'\nexport class Talk {\n  constructor() {\n    this.ai = new Groq({ apiKey: process.env.GROQ_KEY })\n  }\n}\n":                                           {env, "", ""},
		"import Stripe from 'stripe'\nexport const pay = new Stripe(process.env.STRIPE_SECRET_KEY)\n":                                                                                       {env + "STRIPE_SECRET=sk\n", "STRIPE_SECRET_KEY", ".env:3"},
		"import Stripe from 'stripe'\nexport const pay = new Stripe(process.env.STRIPE_KEY)\n":                                                                                              {env + "STRIPE_KEY=sk\n", "", ""},
		"import passport from 'passport'\nimport { Strategy as Jwt } from 'passport-jwt'\nconst o = { secretOrKey: process.env.JWT_SECRET }\npassport.use(new Jwt(o, () => {}))\n":          {env, "JWT_SECRET", "other.js:3"},
		"import mongoose from 'mongoose'\nexport const connect = async () => {\n  try {\n    await mongoose.connect(process.env.MONGO_URI)\n  } catch (e) {\n    process.exit(1)\n  }\n}\n": {env + "MONGODB_URI=mongodb://127.0.0.1/x\n", "MONGO_URI", ".env:3"},
		"import mongoose from 'mongoose'\nexport const connect = () => mongoose.connect(process.env.MONGO_URI).catch((e) => console.log(e))\n":                                              {env, "", ""},
		"if (!process.env.JWT_SECRET || !process.env.PORT) throw new Error('incomplete')\n":                                                                                                 {env + "PORT=4600\n", "JWT_SECRET", "other.js:1"},
		"if (!process.env.JWT_SECRET) console.warn('incomplete')\n":                                                                                                                         {env, "", ""},
	} {
		f := lookedAt(t, map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env server.js"},"dependencies":{"express":"5","stream-chat":"9"}}`,
			"other.js":     code,
			"server.js": "import express from 'express'\nimport { StreamChat } from 'stream-chat'\nimport './other.js'\nconst app = express()\n" +
				"app.get('/token', (q, r) => r.json({ token: StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken(q.query.user_id) }))\napp.listen(4600)\n",
			".env": x.env,
		})
		f.Target.URL, f.Target.URLSource = "http://localhost:4600/token", "server.js:5"
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4600", Error: "refused"}}}
		r, at := Judge(f), ""
		if rootID(r) == causes.ServerDown && r.Causes[0].Location != nil {
			at = r.Causes[0].Location.String()
		}
		if rootID(r) != causes.ServerDown || at != strings.Replace(x.at, ":", " line ", 1) && at != x.at || x.name != "" && !strings.Contains(r.Causes[0].Title, x.name) {
			t.Errorf("%s got %q at %s, %v, want %s at %s", code, rootID(r), at, r.Causes, x.name, x.at)
		}
	}
}
