package checks_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
	"badsig/tokens"
)

// Whether the shell's variable or the file's counts is for dotenv to say: real backends, started
// with one of them right, are told what to change, whether badsig runs in that shell or in another.
func TestTheShellsSecretAgainstTheFiles(t *testing.T) {
	t.Parallel() // it waits for Node
	nodetest.Packages(t)
	wrong := "x" + hostileSecret[1:40] + strings.Repeat("zz9", 8)
	str := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{hostileKey: {Secret: tokens.NewSecret([]byte(hostileSecret))}}})
	url, stop, err := str.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	const shadowed, missing = causes.SecretShadowed, causes.SecretMissing
	for _, c := range []struct {
		name, shell, file, config string
		cause                     causes.ID
		fix, warns                string
	}{
		{"the shell is wrong", wrong, hostileSecret, "", shadowed, "Unset STREAM_API_SECRET in the terminal that starts the backend: the shell's value overrides .env line 2", ""},
		{"the file is wrong", hostileSecret, wrong, "", "", "", "the shell's STREAM_API_SECRET overrides .env line 2: without it the backend signs with another secret"},
		{"the shell is wrong and overridden", wrong, hostileSecret, "{ override: true }", "", "", ""},
		{"the file is wrong and overrides", hostileSecret, wrong, "{ override: true }", shadowed, "In .env line 2, set STREAM_API_SECRET to ", ""},
		{"the shell's is empty", "", hostileSecret, "", missing, "Unset STREAM_API_SECRET in the terminal that starts the backend: the shell's value overrides .env line 2", ""},
		{"the shell is wrong, and no page has the key", wrong, hostileSecret, "", shadowed, "Unset STREAM_API_SECRET in the terminal that starts the backend: the shell's value overrides .env line 2", ""},
		{"both are right", hostileSecret, hostileSecret, "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			port, dir := eventually.FreePort(t), t.TempDir()
			page := "front/app.js"
			if strings.HasSuffix(c.name, "no page has the key") {
				page = "notes.txt"
			}
			nodetest.Start(t, dir, map[string]string{
				".env":         "STREAM_API_KEY=" + hostileKey + "\nSTREAM_API_SECRET=" + c.file + "\n",
				"package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"5","dotenv":"18","stream-chat":"9"}}`,
				"index.js": fmt.Sprintf("require('dotenv').config(%s)\nconst express = require('express'), { StreamChat } = require('stream-chat')\nconst app = express()\napp.use(require('cors')(), express.json())\n"+
					"const client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n"+
					"app.post('/api/stream/token', (req, res) => res.json({ token: client.createToken(req.body.userId) }))\napp.listen(%d)\n", c.config, port),
				page: "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('" + hostileKey + "')\n",
			}, "STREAM_API_SECRET="+c.shell, "node", "index.js").Listens(t, port)
			target := facts.Target{Dir: dir, URL: fmt.Sprintf("http://localhost:%d/api/stream/token", port), StreamURL: url, UserID: "jane", Timeout: 20 * time.Second, Origin: "http://localhost:3000"}
			for _, same := range []bool{false, true} {
				if same && c.shell != "" { // badsig check in the shell that started the backend sees STREAM_API_SECRET, too
					target.Secret = tokens.NewSecret([]byte(c.shell))
				}
				var r *checks.Report
				for ev := range checks.Run(context.Background(), target, checks.Options{}) {
					if ev.Report != nil {
						r = ev.Report
					}
				}
				warns := ""
				for _, res := range r.Checks {
					if res.ID == "secret-read" && res.Status == "warn" {
						warns = res.Summary
					}
				}
				switch root := r.Root(); {
				case (root == nil) != (c.cause == "") || root != nil && root.ID != c.cause:
					t.Errorf("same shell %v: the cause is %+v, want %q", same, root, c.cause)
				case root != nil && !strings.HasPrefix(root.Fix[0].Text, c.fix):
					t.Errorf("same shell %v: the fix is %q, want %q", same, root.Fix[0].Text, c.fix)
				case c.warns != warns && (root == nil || c.warns != ""):
					t.Errorf("same shell %v: it warns %q, want %q", same, warns, c.warns)
				}
			}
		})
	}
}
