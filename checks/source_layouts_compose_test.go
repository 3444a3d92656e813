package checks

import (
	"strings"
	"testing"
)

// What Compose fills from the .env file beside it, and hands over under the name that the code reads.
func TestLayoutsOfCompose(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const server = "const app = require('express')()\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(3001)\n"
	project := func(environment string) map[string]string {
		return map[string]string{
			".env": env, "docker-compose.yml": "services:\n  api:\n    build: ./api\n    environment:\n" + environment,
			"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","stream-chat":"9","dotenv":"17"}}`, "api/index.js": server,
		}
	}
	loads := project("      STREAM_API_KEY: ${STREAM_API_KEY}\n      STREAM_API_SECRET: ${STREAM_API_SECRET:?}\n")
	loads["api/index.js"] = "require('dotenv').config()\n" + server
	other := fault{".env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", ".env:2"}
	shell := fault{".env", "STREAM_API_SECRET=" + actionSecret + "\n", "", "", ""}
	tryLayouts(t, map[string]layout{
		"a mapping": {project("      STREAM_API_KEY: ${STREAM_API_KEY}\n      STREAM_API_SECRET: ${STREAM_API_SECRET}\n"), []fault{
			other, shell,
			{"docker-compose.yml", "STREAM_API_SECRET: $", "STREAM_SECRET: $", "secret-missing", "docker-compose.yml:6"},
			{"docker-compose.yml", "STREAM_API_SECRET}", "STREAM_API_SECRET:-}", "", ""},
		}},
		"a list": {project("      - STREAM_API_KEY=$STREAM_API_KEY\n      - STREAM_API_SECRET=$STREAM_API_SECRET\n"), []fault{other, shell}},
		"names":  {project("      - STREAM_API_KEY\n      - STREAM_API_SECRET\n"), []fault{other, shell}},
		"dotenv": {loads, []fault{other}},
		"dotenv's own file": {func() map[string]string {
			files := project("      STREAM_API_KEY: ${STREAM_API_KEY}\n      STREAM_API_SECRET: ${STREAM_API_SECRET}\n")
			delete(files, ".env")
			files["api/.env"], files["api/index.js"] = env, "require('dotenv').config()\n"+server
			return files
		}(), []fault{
			{"api/.env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "api/.env:2"},
			{"api/.env", "STREAM_API_SECRET=" + actionSecret + "\n", "", "", ""},
		}},
		"a secret that another service takes": {func() map[string]string {
			files := project("      STREAM_API_KEY: ${STREAM_API_KEY}\n      STREAM_API_SECRET: ${STREAM_API_SECRET}\n  jobs:\n    image: jobs\n    environment:\n      STREAM_SECRET: ${STREAM_SECRET}\n")
			files[".env"] = strings.Replace(env, "STREAM_API_SECRET", "STREAM_SECRET", 1)
			return files
		}(), nil},
		"another name in the container": {func() map[string]string {
			files := project("      STREAM_API_KEY: ${STREAM_API_KEY}\n      STREAM_API_SECRET: ${STREAM_SECRET}\n")
			files[".env"] = strings.Replace(env, "STREAM_API_SECRET", "STREAM_SECRET", 1)
			return files
		}(), nil},
	})
}
