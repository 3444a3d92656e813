package checks

import (
	"maps"
	"strings"
	"testing"
)

const otherKey = "q7w2hk9xt4bn"

// Apps get their variables from a plugin of the compiler, from native code, or from the app's configuration.
func TestLayoutsOfApps(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	api := func(files map[string]string) map[string]string {
		files["api/package.json"] = `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`
		files["api/.env"] = env
		files["api/index.js"] = "require('dotenv').config()\nconst express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(require('cors')(), express.json())\n" +
			"app.post('/token', (req, res) => {\n  res.json({ token: chat.createToken(req.body.userId) })\n})\napp.listen(4000)\n"
		return files
	}
	page := func(imports, key, base string) string {
		return imports + "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(" + key + ")\nexport async function connect(user) {\n  const r = await fetch(`${" + base + "}/token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n" +
			"  const { token } = await r.json()\n  await client.connectUser({ id: user.id }, token)\n}\n"
	}
	const native = `{"scripts":{"start":"react-native start"},"dependencies":{"react-native":"0.74","stream-chat-react-native":"5"},"devDependencies":{"react-native-dotenv":"3"}}`
	babel := func(options string) string {
		return "module.exports = {\n  presets: ['module:@react-native/babel-preset'],\n  plugins: [\n    ['module:react-native-dotenv', " + options + "],\n  ],\n}\n"
	}
	const appEnv = "STREAM_KEY=" + actionKey + "\nAPI_URL=http://localhost:4000\n"
	const envImport = "import { STREAM_KEY, API_URL } from '@env'\n"
	envFaults := func(file string) []fault {
		return []fault{
			{file, actionKey, otherKey, "key-mismatch", file + ":1"},
			{file, "STREAM_KEY=", "STREAM_API_KEY=", "key-missing", file + ":1"},
			{file, "STREAM_KEY=" + actionKey + "\n", "", "key-missing", "app/src/chat.js:3"},
			{file, "4000", "4001", "server-on-other-port", file + ":2"},
			{file, "4000", "4000/api", "endpoint-not-found", file + ":2"},
		}
	}
	tryLayouts(t, map[string]layout{
		"a compiler's plugin": {api(map[string]string{"app/package.json": native, "app/babel.config.js": babel("{ moduleName: '@env', path: '.env' }"), "app/.env": appEnv, "app/src/chat.js": page(envImport, "STREAM_KEY", "API_URL"), "app/index.js": "import './src/chat'\n"}),
			envFaults("app/.env")},
		"the plugin without options": {api(map[string]string{"app/package.json": native, "app/babel.config.js": "module.exports = { presets: [], plugins: ['module:react-native-dotenv'] }\n", "app/.env": appEnv, "app/src/chat.js": page(envImport, "STREAM_KEY", "API_URL"), "app/index.js": "import './src/chat'\n"}),
			envFaults("app/.env")},
		"another path and another module": {api(map[string]string{"app/package.json": native, "app/babel.config.js": "module.exports = function (api) {\n  api.cache(true)\n  return { presets: ['babel-preset-expo'], plugins: [['module:react-native-dotenv', { moduleName: 'react-native-dotenv', path: './config/app.env', allowUndefined: false }]] }\n}\n",
			"app/config/app.env": appEnv, "app/src/chat.js": page("import { STREAM_KEY, API_URL } from 'react-native-dotenv'\n", "STREAM_KEY", "API_URL"), "app/index.js": "import './src/chat'\n"}),
			envFaults("app/config/app.env")},
		"a module name of its own": {api(map[string]string{"app/package.json": native, "app/.babelrc": "{\n  \"plugins\": [[\"module:react-native-dotenv\", { \"envName\": \"APP_ENV\", \"moduleName\": \"config/env\", \"path\": \".env\" }]]\n}\n",
			"app/.env": appEnv, "app/src/chat.js": page("import { STREAM_KEY, API_URL } from 'config/env'\n", "STREAM_KEY", "API_URL"), "app/index.js": "import './src/chat'\n"}),
			envFaults("app/.env")},
		"the plugin and process.env": {api(map[string]string{"app/package.json": native, "app/babel.config.js": babel("{ moduleName: '@env' }"), "app/.env": appEnv, "app/src/chat.js": page("\n", "process.env.STREAM_KEY", "process.env.API_URL"), "app/index.js": "import './src/chat'\n"}),
			[]fault{{"app/.env", actionKey, otherKey, "key-mismatch", "app/.env:1"}, {"app/.env", "4000", "4001", "server-on-other-port", "app/.env:2"}}},
		"native configuration": {api(map[string]string{"app/package.json": `{"scripts":{"start":"react-native start"},"dependencies":{"react-native":"0.74","stream-chat-react-native":"5","react-native-config":"1"}}`, "app/.env": appEnv,
			"app/src/chat.js": page("import Config from 'react-native-config'\n", "Config.STREAM_KEY", "Config.API_URL"), "app/index.js": "import './src/chat'\n"}),
			[]fault{
				{"app/.env", actionKey, otherKey, "key-mismatch", "app/.env:1"},
				{"app/.env", "STREAM_KEY=", "STREAM_API_KEY=", "key-missing", "app/.env:1"},
				{"app/.env", "STREAM_KEY=" + actionKey + "\n", "", "key-missing", "app/src/chat.js:3"},
				{"app/.env", "4000", "4001", "server-on-other-port", "app/.env:2"},
				{"app/src/chat.js", "Config.API_URL}/token", "Config.API_URL}/tokens", "endpoint-not-found", "app/src/chat.js:5"},
			}},
		"native configuration, taken apart": {api(map[string]string{"app/package.json": `{"scripts":{"start":"react-native start"},"dependencies":{"react-native":"0.74","stream-chat-react-native":"5","react-native-config":"1"}}`, "app/.env": appEnv,
			"app/src/chat.js": page("import Config from 'react-native-config'\nconst { STREAM_KEY, API_URL } = Config\n", "STREAM_KEY", "API_URL"), "app/index.js": "import './src/chat'\n"}),
			[]fault{
				{"app/.env", actionKey, otherKey, "key-mismatch", "app/.env:1"},
				{"app/.env", "STREAM_KEY=", "STREAM_API_KEY=", "key-missing", "app/.env:1"},
				{"app/.env", "4000", "4001", "server-on-other-port", "app/.env:2"},
			}},
		"the app's configuration in JSON": {api(map[string]string{"app/package.json": `{"main":"index.js","scripts":{"start":"expo start"},"dependencies":{"expo":"51","react-native":"0.74","expo-constants":"16","stream-chat-expo":"5"}}`,
			"app/app.json":    "{\n  \"expo\": {\n    \"name\": \"x\",\n    \"extra\": {\n      \"streamKey\": \"" + actionKey + "\",\n      \"apiUrl\": \"http://localhost:4000\"\n    }\n  }\n}\n",
			"app/src/chat.js": page("import Constants from 'expo-constants'\nconst { streamKey, apiUrl } = Constants.expoConfig.extra\n", "streamKey", "apiUrl"), "app/index.js": "import './src/chat'\n"}),
			[]fault{
				{"app/app.json", actionKey, otherKey, "key-mismatch", "app/app.json:5"},
				{"app/app.json", "4000", "4001", "server-on-other-port", "app/app.json:6"},
				{"app/app.json", "\"streamKey\"", "\"streamApiKey\"", "key-missing", "app/app.json:5"},
			}},
		"the app's configuration in code": {api(map[string]string{"app/package.json": `{"main":"index.js","scripts":{"start":"expo start"},"dependencies":{"expo":"51","react-native":"0.74","expo-constants":"16","stream-chat-expo":"5","dotenv":"16"}}`,
			"app/.env":          appEnv,
			"app/app.config.js": "import 'dotenv/config'\nexport default {\n  expo: {\n    name: 'x',\n    extra: {\n      streamKey: process.env.STREAM_KEY,\n      apiUrl: process.env.API_URL,\n    },\n  },\n}\n",
			"app/src/chat.js":   page("import Constants from 'expo-constants'\nconst extra = Constants.expoConfig?.extra ?? {}\n", "extra.streamKey", "extra.apiUrl"), "app/index.js": "import './src/chat'\n"}),
			[]fault{
				{"app/.env", actionKey, otherKey, "key-mismatch", "app/.env:1"},
				{"app/.env", "STREAM_KEY=", "STREAM_API_KEY=", "key-missing", "app/.env:1"},
				{"app/.env", "4000", "4001", "server-on-other-port", "app/.env:2"},
				{"app/app.config.js", "streamKey:", "streamApiKey:", "key-missing", "app/app.config.js:6"},
				{"app/app.config.js", "process.env.STREAM_KEY", "process.env.STREAM_API_KEY", "key-missing", "app/.env:1"},
			}},
		"the configuration in TypeScript, another file": {api(map[string]string{"app/package.json": `{"main":"index.js","scripts":{"start":"expo start"},"dependencies":{"expo":"51","react-native":"0.74","expo-constants":"16","stream-chat-expo":"5","dotenv":"16"}}`,
			"app/.env.app":      appEnv,
			"app/app.config.ts": "import { ExpoConfig, ConfigContext } from 'expo/config'\nimport * as dotenv from 'dotenv'\ndotenv.config({ path: '.env.app' })\nexport default ({ config }: ConfigContext): ExpoConfig => ({\n  ...config,\n  name: 'x',\n  extra: {\n    ...config.extra,\n    streamKey: process.env.STREAM_KEY,\n    apiUrl: process.env.API_URL || 'http://localhost:4000',\n  },\n})\n",
			"app/src/chat.js":   page("import Constants from 'expo-constants'\n", "Constants.expoConfig?.extra?.streamKey as string", "Constants.expoConfig?.extra?.apiUrl"), "app/index.js": "import './src/chat'\n"}),
			[]fault{
				{"app/.env.app", actionKey, otherKey, "key-mismatch", "app/.env.app:1"},
				{"app/.env.app", "STREAM_KEY=", "STREAM_API_KEY=", "key-missing", "app/.env.app:1"},
				{"app/.env.app", "4000", "4001", "server-on-other-port", "app/.env.app:2"},
			}},
	})
}

// Apps that sign themselves, with the secret in what the compiler puts in.
func TestLayoutsOfAppsThatSign(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	for name, l := range map[string]layout{
		"a compiler's plugin": {map[string]string{
			"package.json": `{"scripts":{"start":"react-native start"},"dependencies":{"react-native":"0.74","stream-chat":"8","crypto-js":"4"},"devDependencies":{"react-native-dotenv":"3"}}`,
			".env":         env, "babel.config.js": "module.exports = { presets: ['module:@react-native/babel-preset'], plugins: [['module:react-native-dotenv', { moduleName: '@env', path: '.env' }]] }\n",
			"index.js": "import './src/chat'\n",
			"src/chat.js": "import { STREAM_API_KEY, STREAM_API_SECRET } from '@env'\nimport { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(STREAM_API_KEY, STREAM_API_SECRET)\n" +
				"export async function connect(user) {\n  const token = client.createToken(user.id)\n  await client.connectUser({ id: user.id }, token)\n}\n",
		}, []fault{
			{".env", "STREAM_API_SECRET=", "STREAM_SECRET=", "secret-missing", ".env:2"},
			{".env", "STREAM_API_SECRET=" + actionSecret + "\n", "", "secret-missing", ".env:1"},
			{".env", "STREAM_API_KEY=", "STREAM_KEY=", "key-missing", ".env:1"},
			{"src/chat.js", "STREAM_API_KEY, STREAM_API_SECRET)", "STREAM_API_SECRET, STREAM_API_KEY)", "key-secret-swapped", "src/chat.js:3"},
			{"src/chat.js", "STREAM_API_KEY, STREAM_API_SECRET)", "STREAM_API_KEY, STREAM_API_KEY)", "secret-is-key", "src/chat.js:3"},
			{"src/chat.js", "createToken(user.id)", "createToken(user.id, 1700000000)", "token-expired", "src/chat.js:5"},
			{"src/chat.js", "createToken(user.id)", "createToken(user.id, Math.floor(Date.now() / 1000) + 3600)", "secret-exposed", ".env:2"},
		}},
		"a bundler's variables": {map[string]string{
			"package.json": `{"scripts":{"dev":"vite"},"dependencies":{"vite":"5","react":"18","stream-chat":"8"}}`, "index.html": "<script type=module src=/src/main.js></script>",
			".env": "VITE_STREAM_KEY=" + actionKey + "\nVITE_STREAM_SECRET=" + actionSecret + "\n",
			"src/main.js": "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY, import.meta.env.VITE_STREAM_SECRET)\n" +
				"export async function connect(user) {\n  await client.connectUser({ id: user.id }, client.createToken(user.id))\n}\n",
		}, []fault{
			{"src/main.js", "VITE_STREAM_SECRET", "VITE_STREAM_API_SECRET", "secret-missing", ".env:2"},
		}},
	} {
		for _, x := range append([]fault{{l.faults[0].file, "", "", "secret-exposed", ".env:2"}}, l.faults...) {
			files := maps.Clone(l.files)
			files[x.file] = strings.Replace(files[x.file], x.was, x.is, 1)
			if r := judgedFiles(t, files, true, 200); len(r.Causes) == 0 || string(r.Causes[0].ID) != x.cause || r.Causes[0].Location.String() != x.at {
				t.Errorf("%s, %q for %q: %v, want %s at %s", name, x.is, x.was, r.Causes, x.cause, x.at)
			}
		}
	}
}
