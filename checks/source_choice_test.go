package checks

import (
	"maps"
	"strings"
	"testing"

	"badsig/checks/causes"
)

// A page with one form for two requests: which one it sends, the visitor decides, and both are read.
var oneForm = map[string]map[string]string{
	"axios": {"web/src/main.jsx": "import axios from 'axios'\nimport { StreamChat } from 'stream-chat'\nconst submit = async (form, isNew) => {\n" +
		"  const BASE = 'http://localhost:4100/members'\n" +
		"  const { data: { token, userId } } = await axios.post(`${BASE}/${isNew ? 'join' : 'enter'}`, { nick: form.nick, password: form.password })\n" +
		"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: userId }, token)\n}\nsubmit(form, true)\n"},
	"a client with a base": {"web/src/main.jsx": "import axios from 'axios'\nimport { StreamChat } from 'stream-chat'\n" +
		"const api = axios.create({ baseURL: 'http://localhost:4100/members' })\n" +
		"const submit = async (form, isNew) => {\n  const { data } = await api.post(isNew ? '/join' : '/enter', { nick: form.nick, password: form.password })\n" +
		"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: data.userId }, data.token)\n}\nsubmit(form, true)\n"},
	"fetch": {"web/src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst submit = async (form, isNew) => {\n" +
		"  const { token, userId } = await fetch(`http://localhost:4100/members/${isNew ? 'join' : 'enter'}`, {\n    method: 'POST', headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ nick: form.nick, password: form.password }),\n  }).then((r) => r.json())\n" +
		"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: userId }, token)\n}\nsubmit(form, true)\n"},
}

func oneFormFiles(web map[string]string) map[string]string {
	files := map[string]string{
		"web/package.json": `{"type":"module","scripts":{"dev":"vite"},"dependencies":{"axios":"1","stream-chat":"9"},"devDependencies":{"vite":"6"}}`,
		"web/index.html":   `<script type="module" src="/src/main.jsx"></script>`,
		"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
		"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"api/index.js": "require('dotenv').config()\nconst express = require('express'), { StreamChat } = require('stream-chat'), { randomUUID } = require('crypto')\n" +
			"const stream = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(require('cors')())\napp.use(express.json())\n" +
			"app.post('/members/join', (req, res) => {\n  const { nick, password } = req.body\n  const userId = randomUUID()\n  const token = stream.createToken(userId)\n  res.json({ token, userId, nick })\n})\n" +
			"app.post('/members/enter', (req, res) => {\n  const { nick, password } = req.body\n  const user = people.find((p) => p.nick === nick)\n  const token = stream.createToken(user.id)\n  res.json({ token, userId: user.id, nick })\n})\napp.listen(4100)\n",
	}
	maps.Copy(files, web)
	return files
}

func TestPathThatTheVisitorChooses(t *testing.T) {
	for name, web := range oneForm {
		for _, x := range []struct {
			fault    string
			from, to string
			want     causes.ID
			line     string
		}{
			{"healthy", "", "", "", ""},
			{"another port", "localhost:4100", "localhost:4101", causes.ServerOnOtherPort, "4101"},
			{"another path", "/members", "/api/members", causes.EndpointNotFound, "/api/members"},
			{"another field", "res.json({ token, userId, nick })", "res.json({ chatToken: token, userId, nick })", causes.TokenMissing, "chatToken"},
			{"no parser", "app.use(express.json())\n", "", causes.EndpointBody, ""},
		} {
			t.Run(name+", "+x.fault, func(t *testing.T) {
				files := oneFormFiles(web)
				for file, text := range files {
					if x.fault != "healthy" && (strings.HasPrefix(file, "web/") == strings.Contains("another port another path", x.fault)) {
						files[file] = strings.Replace(text, x.from, x.to, 1)
					}
				}
				r := judgedFiles(t, files, true, 200)
				if rootID(r) != x.want {
					t.Fatalf("got %q %+v, want %q", rootID(r), r.Causes, x.want)
				}
				if at := x.line; at != "" {
					l := r.Causes[0].Location
					if l == nil || l.Line == 0 || !strings.Contains(strings.Split(files[l.File], "\n")[l.Line-1], at) {
						t.Errorf("names %v, want the line with %q", l, at)
					}
				}
			})
		}
	}
}

// What the environment chooses, one program never sends: the other address is none of its requests.
func TestPathThatTheEnvironmentChooses(t *testing.T) {
	for _, condition := range []string{"process.env.REACT_APP_V2", "import.meta.env.VITE_V2 === '1'", "USE_V2", "typeof window !== 'undefined'", "isNative()"} {
		files := oneFormFiles(map[string]string{"web/src/main.jsx": strings.Replace(strings.Replace(oneForm["axios"]["web/src/main.jsx"], "isNew ?", condition+" ?", 1), "'join'", "'v2/join'", 1)})
		if r := judgedFiles(t, files, true, 200); len(r.Causes) > 0 {
			t.Errorf("%s: accused of %s: %s", condition, r.Causes[0].ID, r.Causes[0].Summary)
		}
	}
}

// An ID that the page makes of something else is an ID all the same, and its place in a path is known.
func TestIDThatIsMadeOfAnother(t *testing.T) {
	for name, id := range map[string]string{
		"an address without its signs": "const userId = user.email.replace(/[@.]/g, '_')\n",
		"in small letters":             "const userId = user.nick.toLowerCase()\n",
		"a piece of another":           "const userId = account.sub.split('|')[1]\n",
	} {
		for fault, x := range map[string]struct {
			from, to string
			want     causes.ID
		}{
			"healthy":       {"", "", ""},
			"another port":  {"localhost:4700", "localhost:4701", causes.ServerOnOtherPort},
			"another path":  {"/token/${", "/tokens/${", causes.EndpointNotFound},
			"another field": {"data.streamToken", "data.userToken", causes.TokenMissing},
		} {
			web := id + "const res = await fetch(`http://localhost:4700/token/${userId}`)\nconst data = await res.json()\nexport const client = new StreamVideoClient({ apiKey: '" + actionKey + "', user: { id: userId }, token: data.streamToken })\n"
			files := map[string]string{
				"web/package.json": `{"type":"module","scripts":{"dev":"vite"},"dependencies":{"@stream-io/video-react-sdk":"1"},"devDependencies":{"vite":"6"}}`,
				"web/index.html":   `<script type="module" src="/src/main.js"></script>`,
				"web/src/main.js":  "import { StreamVideoClient } from '@stream-io/video-react-sdk'\n" + strings.Replace(web, x.from, x.to, 1),
				"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","@stream-io/node-sdk":"0.7"}}`,
				"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
				"api/index.js":     "require('dotenv').config()\nconst { StreamClient } = require('@stream-io/node-sdk')\nconst client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = require('express')()\napp.use(require('cors')())\napp.get('/token/:userId', (req, res) => {\n  const streamToken = client.generateUserToken({ user_id: req.params.userId })\n  res.json({ streamToken })\n})\napp.listen(4700)\n",
			}
			if r := judgedFiles(t, files, true, 200); rootID(r) != x.want {
				t.Errorf("%s, %s: got %q %+v, want %q", name, fault, rootID(r), r.Causes, x.want)
			}
		}
	}
}
