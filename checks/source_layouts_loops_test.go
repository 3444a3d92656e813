package checks

import "testing"

// Files of variables that a loop loads, one after the other.
func TestLayoutsOfLoops(t *testing.T) {
	all := map[string]layout{}
	for name, loop := range map[string]string{
		"for of":             "for (const file of files) {\n  if (!fs.existsSync(file)) continue\n  dotenv.config({ path: file, quiet: true })\n}\n",
		"for of, one line":   "for (const file of files) dotenv.config({ path: file })\n",
		"forEach":            "files.forEach((file) => dotenv.config({ path: file }))\n",
		"forEach, filtered":  "files.filter(fs.existsSync).forEach((path) => {\n  dotenv.config({ path })\n})\n",
		"forEach, of a list": ";[path.resolve(__dirname, '../../.env'), path.resolve(__dirname, '../.env')].forEach((f) => dotenv.config({ path: f }))\n",
		"an array":           "dotenv.config({ path: files })\n",
	} {
		all[name] = layout{map[string]string{"backend/package.json": `{"type":"module","scripts":{"dev":"node src/server.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
			"backend/.env":       "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"backend/src/env.js": "import dotenv from 'dotenv'\nimport fs from 'fs'\nimport path from 'path'\nimport { fileURLToPath } from 'url'\nconst __dirname = path.dirname(fileURLToPath(import.meta.url))\nconst files = [path.resolve(__dirname, '../../.env'), path.resolve(__dirname, '../.env')]\n" + loop + "export const ENV = { KEY: process.env.STREAM_API_KEY, SECRET: process.env.STREAM_API_SECRET }\n",
			"backend/src/server.js": "import express from 'express'\nimport { StreamChat } from 'stream-chat'\nimport { ENV } from './env.js'\nconst app = express()\nconst chat = StreamChat.getInstance(ENV.KEY, ENV.SECRET)\n" +
				"app.get('/token', (req, res) => res.json({ token: chat.createToken(req.query.user) }))\napp.listen(5001)\n"}, []fault{
			{"backend/.env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "backend/.env:2"},
			{"backend/src/server.js", "ENV.KEY, ENV.SECRET", "ENV.SECRET, ENV.KEY", "key-secret-swapped", "backend/src/server.js:5"},
		}}
	}
	tryLayouts(t, all)
}
