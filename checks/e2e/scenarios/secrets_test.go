package scenarios

import (
	"strings"
	"testing"
)

// What a scenario holds of secrets is gathered wherever it is, and what is
// public is not taken for one.
func TestSecretsAreGathered(t *testing.T) {
	l := &Live{Vars: newVars("gathered", ""), files: Files{
		"server/.env":   "STREAM_API_SECRET={{S4}}\nJWT_SECRET=\"one-of-the-app\"\nOTHER_SECRET={{K1}}\nSECRET_NAME=STREAM_API_SECRET\nSTREAM_SECRET='short'\nOLD_SECRET=your_api_secret\n",
		"server/app.py": `SECRET = os.getenv("STREAM_API_SECRET", "two-of-the-code")`,
		"server/app.js": "const secret = process.env.STREAM_API_SECRET || 'three-of-the-code'\nconst s = config.stream.secret\n",
		"config.yaml":   "stream:\n  secret: four-of-the-config\n",
	}, Scenario: Scenario{Args: []string{"--header", "X-Login: five-of-the-user"}, Env: []string{"MY_PASSWORD=six-of-the-shell"},
		Procs: []Proc{{Name: "server", Env: []string{"STREAM_SECRET=seven-of-the-process"}}}, Truth: Truth{SignedBy: "eight-of-the-backend"}}}
	secrets := l.secrets()
	for _, s := range []string{l.Vars["S1"], l.Vars["S2"], l.Vars["S4"], l.Vars["S1.half"], "one-of-the-app", "two-of-the-code", "three-of-the-code", "four-of-the-config", "five-of-the-user", "six-of-the-shell", "seven-of-the-process", "eight-of-the-backend"} {
		if len(secrets.Search("it is "+s+".")) == 0 {
			t.Errorf("%s is not looked for", s)
		}
	}
	for _, s := range []string{l.Vars["K1"], "STREAM_API_SECRET", "process.env.STREAM_API_SECRET", "config.stream.secret", "short", "your_api_secret"} {
		if found := secrets.Search("it is " + s + "."); len(found) > 0 {
			t.Errorf("%s is taken for a secret: %s", s, strings.Join(found, "; "))
		}
	}
}
