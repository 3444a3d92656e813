package project

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/files"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

func TestSwappedPairShowsNoSecret(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{
		"server/package.json": pkgCJS, "server/.env": "STREAM_API_KEY=$S1\nSTREAM_API_SECRET=$K1\n",
		"web/package.json": pkgVite, "web/src/main.jsx": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('" + projecttest.S1[:28] + "')\nconst d = new StreamChat('$S1')\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\nconst short = process.env.JWT_SECRET || '" + projecttest.S1[:28] + "'\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	})
	w := vault.New(facts.Target{Dir: dir, Secret: tokens.NewSecret([]byte(projecttest.S1)), APIKey: projecttest.K1})
	p, err := Read(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	if err := Resolve(w, p); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(w.Snapshot())
	if strings.Contains(string(b), projecttest.S1[:28]) {
		t.Errorf("a secret is in the facts: %s", b)
	}
	if !strings.Contains(string(b), projecttest.K1) {
		t.Error("the key is not told")
	}
}

func TestGitIndex(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	for _, version := range []string{"2", "3", "4"} {
		t.Run("version "+version, func(t *testing.T) {
			dir := projecttest.Write(t, map[string]string{"app/.env": envPair, "app/local/.env": envPair, "other/x.js": "1", "app/src/a.js": "1"})
			git := func(args ...string) {
				t.Helper()
				cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.email=a@b", "-c", "user.name=a"}, args...)...)
				cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("git %v: %s", args, out)
				}
			}
			git("init", "-q")
			git("add", "app/.env", "app/src/a.js", "other/x.js")
			git("update-index", "--index-version", version)
			if version == "3" {
				git("add", "-N", "app/local/.env") // an extended flag
			}
			for _, c := range []struct{ root, rel string }{{dir, "app/.env"}, {filepath.Join(dir, "app"), ".env"}, {filepath.Join(dir, "app"), "src/a.js"}} {
				if f := files.ReadGit(c.root); f == nil || !f(c.rel) {
					t.Errorf("%s is not known as tracked", c.rel)
				}
			}
			if f := files.ReadGit(dir); version != "3" && f("app/local/.env") || f("nowhere") {
				t.Error("an untracked file is taken for a tracked one")
			}
		})
	}
	if f := files.ReadGit(t.TempDir()); f != nil {
		t.Error("a folder without git knows something")
	}
	dir := projecttest.Write(t, map[string]string{".git/index": "DIRC\x00\x00\x00\x02\x00\x00\x00\x05broken"})
	if f := files.ReadGit(dir); f != nil {
		t.Error("a broken index is taken for one")
	}
}

func TestSecretInABundle(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{
		"web/package.json": pkgVite, "web/.env": "VITE_STREAM_SECRET=$S1\n", "web/dist/assets/index.js": "var a='$S1';", "web/dist/assets/other.js": "var b=1", "server/package.json": pkgCJS, "server/dist/a.js": "var c='$S1'",
	})
	w := vault.New(facts.Target{Dir: dir})
	if _, err := Read(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range w.Snapshot().Values {
		if v.Role == facts.RoleBuild {
			got = append(got, v.File)
			if !v.Public || v.What != facts.WhatSecret {
				t.Errorf("%+v", v)
			}
		}
	}
	if !slices.Equal(got, []string{"web/dist/assets/index.js"}) {
		t.Errorf("found in %q", got)
	}
}

// TestChangedFile is about the time that a restart is compared with: that of
// the file that holds the secret, not of a file touched beside it.
func TestChangedFile(t *testing.T) {
	dir := projecttest.Write(t, projecttest.Express)
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, n := range []string{"server/.env", "server/index.js"} {
		if err := os.Chtimes(filepath.Join(dir, n), old, old); err != nil {
			t.Fatal(err)
		}
	}
	w := vault.New(facts.Target{Dir: dir})
	p, _ := Read(context.Background(), w)
	_ = Resolve(w, p)
	s := w.Snapshot().Server
	if !s.Changed.Equal(old) || s.ChangedFile != "server/.env" {
		t.Errorf("changed %v in %s, want %v in server/.env", s.Changed, s.ChangedFile, old)
	}
}
