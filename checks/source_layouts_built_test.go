package checks

import (
	"testing"

	"badsig/checks/facts"
)

// What tsc has compiled beside its source isn't a second program, and an edit of it would be lost.
func TestCompiledSources(t *testing.T) {
	const sign = "import * as functions from 'firebase-functions/v1'\nimport { StreamChat } from 'stream-chat'\nconst key = functions.config().stream?.key\nconst secret = functions.config().stream?.secret\n" +
		"export const chatToken = functions.https.onCall(async (data, context) => {\n  if (!context.auth) throw new functions.https.HttpsError('unauthenticated', 'sign in')\n" +
		"  return { token: StreamChat.getInstance(key, secret).createToken(context.auth.uid) }\n})\n"
	const compiled = "\"use strict\";\nvar _a, _b;\nObject.defineProperty(exports, \"__esModule\", { value: true });\nconst functions = require(\"firebase-functions/v1\");\nconst stream_chat_1 = require(\"stream-chat\");\n" +
		"const key = (_a = functions.config().stream) === null || _a === void 0 ? void 0 : _a.key;\nconst secret = (_b = functions.config().stream) === null || _b === void 0 ? void 0 : _b.secret;\n" +
		"exports.chatToken = functions.https.onCall(async (data, context) => {\n    if (!context.auth) throw new functions.https.HttpsError('unauthenticated', 'sign in');\n" +
		"    return { token: stream_chat_1.StreamChat.getInstance(key, secret).createToken(context.auth.uid) };\n});\n"
	f := lookedAt(t, map[string]string{
		"firebase.json":                 `{"functions":{"source":"functions"}}`,
		"functions/package.json":        `{"main":"lib/index.js","scripts":{"serve":"npm run build && firebase emulators:start --only functions"},"dependencies":{"firebase-functions":"6","firebase-admin":"12","stream-chat":"9"}}`,
		"functions/tsconfig.json":       `{"compilerOptions":{"module":"commonjs","outDir":"lib","target":"es2017"},"include":["src"]}`,
		"functions/src/index.ts":        "export { chatToken } from './chat'\n",
		"functions/src/chat.ts":         sign,
		"functions/lib/index.js":        "\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\nvar chat_1 = require(\"./chat\");\nexports.chatToken = chat_1.chatToken;\n",
		"functions/lib/chat.js":         compiled,
		"functions/.runtimeconfig.json": "{\n  \"stream\": {\n    \"key\": \"" + actionKey + "\",\n    \"secret\": \"" + actionSecret + "\"\n  }\n}\n",
	}, func(x *facts.Target) { x.Static = true })
	if len(f.Project.Sites) != 1 || f.Project.Sites[0].File != "functions/src/chat.ts" || len(f.Project.Servers) != 1 {
		t.Errorf("signing calls %+v in %d servers", f.Project.Sites, len(f.Project.Servers))
	}
}
