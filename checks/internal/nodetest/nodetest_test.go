package nodetest

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"badsig/checks/internal/eventually"
)

// .ci/run runs this one test before all others, so that an npm that fails is
// seen there and uses up no other test's time.
func TestPackages(t *testing.T) {
	modules := filepath.Join(Packages(t), "node_modules")
	for name, version := range pinned {
		text, err := os.ReadFile(filepath.Join(modules, filepath.FromSlash(name), "package.json"))
		if err != nil {
			t.Error(err)
			continue
		}
		var got struct{ Version string }
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want := version[strings.LastIndex(version, "@")+1:]; got.Version != want {
			t.Errorf("%s is of version %s, want %s", name, got.Version, want)
		}
	}
}

func TestStartServesAndLeavesNothing(t *testing.T) {
	t.Parallel()
	Packages(t) // skips the whole test where they aren't there
	port := eventually.FreePort(t)
	var p *Process
	t.Run("child", func(t *testing.T) {
		p = Start(t, t.TempDir(), map[string]string{"server.mjs": `
import express from 'express'
express().get('/', (q, r) => r.send(process.env.WORD)).listen(+process.env.PORT, () => console.log('listening'))
`}, "WORD=hello", "PORT="+strconv.Itoa(port), "npx", "--no-install", "nodemon", "-q", "server.mjs")
		p.Listens(t, port)
	})
	if p == nil {
		t.Fatal("the child was not started")
	}
	eventually.Until(t, "ended: the grandchild, which still listens after the test's end", func() bool {
		c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
}

func TestRunGivesTheOutput(t *testing.T) {
	got := Run(t, `import { createRequire } from 'node:module'
const v = n => createRequire(import.meta.url)(n + '/package.json').version
console.log(v('express').split('.')[0], v('express4').split('.')[0], v('dotenv16').split('.')[0], process.argv[2])`, "word")
	if got != "5 4 16 word" {
		t.Errorf("got %q", got)
	}
}
