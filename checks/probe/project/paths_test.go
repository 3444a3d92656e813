package project

import "testing"

// A path that another module holds is followed there by the one evaluator, and belongs to that module's folder.
func TestPathsOfOtherModules(t *testing.T) {
	runCases(t, []projectCase{
		{"dotenv's path is imported", map[string]string{
			"package.json":        pkgCJS,
			"index.js":            "const { envFile } = require('./config/paths')\nrequire('dotenv').config({ path: envFile })\nconst express = require('express'), jwt = require('jsonwebtoken')\nconst app = express()\napp.post('/api/stream/token', (req, res) => res.json({ token: jwt.sign({ user_id: 'x' }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
			"config/paths.js":     "const path = require('path')\nexports.envFile = path.join(__dirname, 'settings.env')\n",
			"config/settings.env": "STREAM_API_SECRET=$S1\n",
			".env":                "STREAM_API_SECRET=$S2\n",
		}, nil, nil, []string{"code index.js:5 start \"npm start\" loader dotenv [config/settings.env]"}},
	})
}
