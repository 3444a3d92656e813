package checks

import (
	"maps"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/tokens"
)

// An ID that is nothing, or the whole body, is told where it's written; so is a server's token that a page requests.
func TestIDsThatAreNone(t *testing.T) {
	const sign, index = "api/sign.js", "api/index.js"
	judgePlanted(t, byLibrary, []planted{
		{sign, "user_id: userId", "user_id: `user-${undefined}`", causes.UserIDPlaceholder, "user_id:"},
		{sign, "user_id: userId", "user_id: 'null'", causes.UserIDPlaceholder, "user_id:"},
		{sign, "user_id: userId", "user_id: +userId", causes.UserIDType, "user_id:"},
		{sign, "user_id: userId", "user_id: String(userId)", "", ""},
		{sign, "user_id: userId", "server: true", causes.TokenServer, "server:"},
		{sign, "user_id: userId", "userId", causes.UserIDMissing, "    userId,"},
		{index, "signToken(userId)", "signToken(String(undefined))", causes.UserIDPlaceholder, "signToken(S"},
		{index, "signToken(userId)", "signToken(null)", causes.UserIDMissing, "signToken(n"},
		{index, "signToken(userId)", "signToken('' + req.body)", causes.UserIDPlaceholder, "signToken('"},
		{index, "const { userId } = req.body", "let userId\n  if (req.body) userId = req.body.userId", "", ""},
		{index, "const { userId } = req.body", "let userId = undefined\n  userId = String(req.body.userId)", "", ""},
		{index, "signToken(userId) })", "signToken(userId) })\n  notify({ server: true, user: undefined })", "", ""},
	})
}

// A JWT without user_id is Stream's where it's signed with the dashboard's secret, no matter what the variable is called.
func TestPayloadSignedWithTheDashboardsSecret(t *testing.T) {
	files := maps.Clone(byLibrary)
	for _, f := range []string{"api/sign.js", "api/.env"} {
		files[f] = strings.Replace(files[f], "STREAM_SECRET", "JWT_SECRET", 1)
	}
	files["api/sign.js"] = strings.Replace(files["api/sign.js"], "user_id: userId", "sub: userId", 1)
	given := func(secret string) *Report {
		return Judge(lookedAt(t, files, func(x *facts.Target) {
			x.Static, x.APIKey, x.Secret = true, actionKey, tokens.NewSecret([]byte(secret))
		}))
	}
	if r := given(actionSecret); rootID(r) != causes.UserIDMissing || r.Causes[0].Location.String() != "api/sign.js:7" {
		t.Errorf("got %+v, want user-id-missing at api/sign.js:7", r.Causes)
	}
	for _, c := range given(strings.Repeat("a1", 32)).Causes { // a session of the project's own
		if c.ID == causes.UserIDMissing {
			t.Errorf("accused: %s", c.Summary)
		}
	}
}

// What no file can give as the secret, and the key in its place, are told on the line that takes it.
func TestArgumentsOfTheSigningCall(t *testing.T) {
	files := maps.Clone(byLibrary)
	files["api/config.js"] = "module.exports = {\n  stream: {\n    key: process.env.STREAM_KEY,\n    secret: process.env.STREAM_SECRET,\n  },\n}\n"
	files["api/sign.js"] = strings.Replace(files["api/sign.js"], "const secret = process.env.STREAM_SECRET", "const config = require('./config')", 1)
	files["api/sign.js"] = strings.Replace(files["api/sign.js"], "    secret,", "    config.stream.secret,", 1)
	files["api/.env"] += "STREAM_KEY=" + actionKey + "\n"
	const sign, config = "api/sign.js", "api/config.js"
	judgePlanted(t, files, []planted{
		{sign, "config.stream.secret", "config.stream.key", causes.SecretIsKey, "config.stream"},
		{sign, "config.stream.secret", "config.stream.apiSecret", causes.SecretMissing, "config.stream"},
		{config, "process.env.STREAM_SECRET", "process.env.STREAM_KEY", causes.SecretIsKey, "secret:"},
		{config, "process.env.STREAM_SECRET", "require('crypto').randomBytes(32).toString('hex')", causes.SecretVaries, "secret:"},
		{config, "process.env.STREAM_SECRET", "process.env.STREAM_SECRET || require('crypto').randomBytes(32).toString('hex')", "", ""},
	})
	named := maps.Clone(files)
	named[config] = strings.Replace(named[config], "process.env.STREAM_SECRET", "process.env.STREAM_PRIVATE_KEY", 1)
	named["api/.env"] = strings.Replace(named["api/.env"], "STREAM_SECRET", "STREAM_PRIVATE_KEY", 1)
	named[sign] = "const { StreamChat } = require('stream-chat')\nconst config = require('./config')\nconst chat = StreamChat.getInstance(\n  config.stream.key,\n  config.stream.secret,\n)\nexports.signToken = (userId) => chat.createToken(userId)\n"
	judgePlanted(t, named, []planted{
		{sign, "config.stream.key,\n  config.stream.secret", "config.stream.secret,\n  config.stream.key", causes.KeySecretSwapped, "  config.stream.key"},
		{config, "process.env.STREAM_KEY", "process.env.STREAM_KEY ", "", ""},
	})
	files[config] = strings.Replace(files[config], "module.exports = ", "const config = ", 1) + "config.stream[process.env.FIELD] = 'x'\nmodule.exports = config\n"
	judgePlanted(t, files, []planted{{sign, "config.stream.secret", "config.stream.apiSecret", "", ""}}) // it may be filled
}
