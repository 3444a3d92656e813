package project

import (
	"testing"

	"badsig/checks/facts"
)

const composeAPI = "services:\n  api:\n    build: ./api\n    env_file: ./api/.env\n    ports: [ '3001:3001' ]\n"

const expressAPI = "require('dotenv').config()\nconst app = require('express')(), { StreamChat } = require('stream-chat')\nconst c = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.post('/token', (q, r) => r.json({ token: c.createToken('a') }))\napp.listen(3001)\n"

var containerCases = []projectCase{
	{"docker's --env-file keeps the quotes", map[string]string{
		"package.json": `{"scripts":{"start":"node index.js","docker":"docker run --env-file .env -p 3001:3001 api"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
		".env":         "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=\"$S1\"\n", "index.js": expressAPI,
	}, &facts.Listener{Port: 3001, Command: []string{"/usr/bin/docker-proxy", "-host-port", "3001"}}, nil, []string{
		"value secret STREAM_API_SECRET=S1* config server .env:2 loaded read wins pair K1", "secret S1* .env:2",
	}},
	{"compose fills a variable from the .env beside it", map[string]string{
		"docker-compose.yml": "services:\n  api:\n    build: ./api\n    environment:\n      STREAM_API_SECRET: ${CHAT_SECRET:-none}\n      STREAM_API_KEY: $K1\n", ".env": "CHAT_SECRET=x\nSTREAM_API_SECRET=$S2\n",
		"api/package.json": pkgCJS, "api/.env": "STREAM_API_SECRET=$S2\n", "api/index.js": expressAPI,
	}, &facts.Listener{Port: 3001, Command: []string{"docker-proxy"}}, nil, []string{"key K1 docker-compose.yml:6"}},
	{"compose's env_file, read as the loader reads it too", map[string]string{
		"docker-compose.yml": composeAPI, "api/package.json": pkgCJS, "api/.env": envPair, "api/index.js": expressAPI,
	}, &facts.Listener{Port: 3001, Command: []string{"docker-proxy"}}, nil, []string{"secret S1 api/.env:2", "-value secret STREAM_API_SECRET=S1 config"}},
	{"a process that runs here reads its own file", map[string]string{
		"docker-compose.yml": "services:\n  api:\n    build: ./api\n    environment:\n      STREAM_API_SECRET: $S2\n", "api/package.json": pkgCJS, "api/.env": envPair, "api/index.js": expressAPI,
	}, &facts.Listener{Port: 3001, Dir: "api", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret S1 api/.env:2 known true"}},
	{"dotenv up to 14: # belongs to the value", map[string]string{
		"package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","dotenv":"^8.2.0","stream-chat":"8"}}`,
		".env":         "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1#old\n", "index.js": expressAPI,
	}, &facts.Listener{Port: 3001, Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret ? .env:2 known true"}},
	{"wrangler's TOML: tables, comments and strings that look like them", map[string]string{
		"wrangler.toml": "name = \"x\"\n# STREAM_API_SECRET = \"$S2\"\n[vars]\nNOTE = \"STREAM_API_SECRET = $S2\"\nSTREAM_API_KEY = '$K1'\n[env.dev.vars]\nSTREAM_API_SECRET = \"\"\"$S1\"\"\"\n",
	}, nil, nil, []string{"value key STREAM_API_KEY=K1 config server wrangler.toml:5", "value secret STREAM_API_SECRET=S1 config server wrangler.toml:7", "value secret STREAM_API_SECRET=S2 config server wrangler.toml:2 comment", "-value secret NOTE"}},
}

// TestContainers tells what containers get of a .env file, and old loaders.
func TestContainers(t *testing.T) { runCases(t, containerCases) }
