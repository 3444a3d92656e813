package checks

import (
	"strings"
	"testing"
)

// Pages that connect as a user whom the response names, as one of two parameters, or as one that is written out.
func TestLayoutsOfToldUsers(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	files := func(signs, reply, page string) map[string]string {
		return map[string]string{
			"server/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
			"server/.env":         env,
			"server/index.js": "require('dotenv').config()\nconst express = require('express')\nconst cors = require('cors')\nconst { StreamChat } = require('stream-chat')\nconst { users } = require('./db')\nconst client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(cors(), express.json())\nconst issue = (id) => client.createToken(id)\n" +
				"app.post('/login', async (req, res) => {\n  const { email, password } = req.body\n  const user = await users.findOne({ email })\n  if (!user) return res.status(400).json({ message: 'no' })\n  const token = " + signs + "\n  res.json(" + reply + ")\n})\napp.listen(3001)\n",
			"server/db.js":     "module.exports = { users: require('mongoose').model('User') }\n",
			"web/package.json": `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.jsx": page,
		}
	}
	const login = "import { useState, useEffect } from 'react'\n" + ours + "export function Login() {\n  const [auth, setAuth] = useState(null)\n  const submit = async (email, password) => {\n    const r = await fetch('http://localhost:3001/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email, password }) })\n    const data = await r.json()\n    setAuth({ token: data.token, id: data.user.id })\n  }\n" +
		"  useEffect(() => {\n    if (auth) client.connectUser({ id: auth.id }, auth.token)\n  }, [auth])\n}\n"
	const reply = "{ token, user: { id: user.id, email: user.email, name: user.name } }"
	const page, server = "web/src/chat.jsx", "server/index.js"
	tryLayouts(t, map[string]layout{
		"a user of the database": {files("client.createToken(user.id)", reply, login), []fault{
			{page, "data.user.id", "data.user.email", "user-id-mismatch", page + ":9"},
			{page, "data.user.id", "data.user?.name", "user-id-mismatch", page + ":9"},
			{page, "data.user.id", "`user-${data.user.id}`", "user-id-mismatch", page + ":9"},
			{server, "createToken(user.id)", "createToken(user.email)", "user-id-mismatch", server + ":14"},
			{server, "client.createToken(user.id)", "issue(user.name)", "user-id-mismatch", server + ":9"},
			{server, "client.createToken(user.id)", "issue(user.id)", "", ""},
			{server, "createToken(user.id)", "createToken(user._id.toString())", "", ""},
			{server, "createToken(user.id)", "createToken(String(user.id))", "", ""},
			{server, "id: user.id", "id: user.id, userId: user.id", "", ""},
			{page, "data.user.id", "data.user.id || email", "", ""},
		}},
		"an email on both sides": {files("client.createToken(user.email)", "{ token, user: { id: user.email, email: user.email } }", login), []fault{
			{page, "data.user.id", "data.user.email", "", ""},
		}},
		"a whole user": {files("issue(user._id.toString())", "{ token, user }", login), []fault{
			{page, "data.user.id", "data.user._id", "", ""},
			{page, "data.user.id", "data.user.name", "user-id-mismatch", page + ":9"},
			{server, "issue(user._id.toString())", "issue(user.username)", "user-id-mismatch", server + ":9"},
		}},
		"a name that is the ID": {files("issue(user.username)", "{ token, user }", strings.Replace(login, "data.user.id", "data.user.username", 1)), nil},
	})
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }"
	const hook = "import { useState, useEffect } from 'react'\n" + ours + "function useClient({ user, token }) {\n  useEffect(() => {\n    client.connectUser(user, token)\n  }, [user.id, token])\n}\nfunction Chat({ user, token }) {\n  useClient({ user, token })\n  return null\n}\nexport function Home({ clerk }) {\n  const [home, setHome] = useState()\n" +
		"  async function load(userId, userName) {\n    const r = await fetch(ROUTE, " + opts + ")\n    const { token } = await r.json()\n    const user = {\n      id: userId,\n      name: userName,\n    }\n    setHome({ user, token })\n  }\n" +
		"  useEffect(() => {\n    if (clerk.isNew) load(clerk.id, clerk.mail || 'Unknown')\n    else load(clerk.id, clerk.mail)\n  }, [clerk])\n  return home ? <Chat {...home} /> : null\n}\n"
	const lone = ours + "export async function connect(user) {\n  const userId = user.id\n  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n  await client.connectUser({ id: user.id }, token)\n}\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"two parameters": {hook, []fault{
			{"FRONT", "      id: userId", "      id: userName", "user-id-mismatch", "FRONT:19"},
			{"FRONT", "JSON.stringify({ userId })", "JSON.stringify({ userId: userName })", "user-id-mismatch", "FRONT:16"},
			{"FRONT", "      id: userId", "      id: String(userId)", "", ""},
		}},
		"one that is written out": {lone, []fault{
			{"FRONT", "{ id: user.id }", "{ id: 'demo-user' }", "user-id-mismatch", "FRONT:7"},
			{"FRONT", "userId = user.id", "userId = 'demo-user'", "user-id-mismatch", "FRONT:5"},
			{"FRONT", "{ id: user.id }", "{ id: user.id, role: 'demo-user' }", "", ""},
			{"FRONT", "connectUser({ id: user.id }", "connectUser({ id: 'demo-user' }, null)\n  console.log('demo-user')\n  await client.connectUser({ id: user.id }", "", ""},
		}},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
}
