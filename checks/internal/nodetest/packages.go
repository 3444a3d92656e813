// Package nodetest gives tests what only Node can: the real packages that
// backends and front ends are made of, and processes that run them. It is for
// tests alone; nothing of badsig imports it.
package nodetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Rules of this file:
//   - packages live in a cache outside the repository, one folder a list: another list is another folder
//   - a folder appears whole or not at all: it is installed beside its place and renamed
//   - where Node is missing a test is skipped and says so; with CI=true it fails

// pinned are the packages and their versions. An alias lets two versions of
// one package be installed side by side, as express and express4.
var pinned = map[string]string{
	"express":             "5.3.0",
	"express4":            "npm:express@4.22.3",
	"jsonwebtoken":        "9.0.3",
	"cors":                "2.8.6",
	"dotenv":              "18.0.10",
	"dotenv16":            "npm:dotenv@16.6.1",
	"dotenv-expand":       "1000.0.0",
	"stream-chat":         "9.53.0",
	"@stream-io/node-sdk": "0.7.64",
	"jose":                "6.2.17",
	"nodemon":             "3.1.14",
	"tsx":                 "4.23.15",
	"zod":                 "4.6.7",
	"fastify":             "5.12.8",
	"@fastify/cors":       "11.4.3",
	"koa":                 "3.3.0",
	"@koa/router":         "15.7.0",
	"@koa/cors":           "5.0.0",
	"koa-bodyparser":      "4.4.1",
	"hono":                "4.13.19",
	"@hono/node-server":   "2.1.8",
	"dotenv17":            "npm:dotenv@17.4.2",
	"dotenv-cli":          "11.0.0",
	"dotenv-flow":         "4.1.0",
	"env-cmd":             "11.0.0",
}

const (
	installTime = 5 * time.Minute
	lockAge     = installTime + time.Minute // an older lock's owner is dead
)

var once = sync.OnceValues(install)

// Packages gives a folder that holds node_modules with the pinned packages. It
// is shared by all tests of the machine and must not be written to.
func Packages(t testing.TB) string {
	t.Helper()
	need(t, "node")
	need(t, "npm")
	dir, err := once()
	if err != nil {
		Absent(t, "the packages of Node could not be installed: "+err.Error())
	}
	return dir
}

// need skips the test where a program is missing.
func need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		Absent(t, program+" is not installed")
	}
}

// Absent skips, or fails where CI promises that everything is there.
func Absent(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why + "; with CI=true this is an error")
	}
	t.Skip(why)
}

func install() (string, error) {
	manifest, err := json.MarshalIndent(map[string]any{
		"name": "badsig-test-node", "version": "1.0.0", "private": true, "dependencies": pinned,
	}, "", "  ")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // a CI user may have no home
	}
	sum := sha256.Sum256(manifest)
	dir := filepath.Join(cache, "badsig-test-node", hex.EncodeToString(sum[:8]))
	if whole(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockAge+installTime)
	defer cancel()
	unlock, err := lock(ctx, dir+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if whole(dir) {
		return dir, nil // another test program was faster
	}
	return dir, installInto(ctx, dir, manifest)
}

func whole(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "node_modules", "stream-chat", "package.json"))
	return err == nil
}

func installInto(ctx context.Context, dir string, manifest []byte) error {
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := os.WriteFile(filepath.Join(tmp, "package.json"), manifest, 0o644); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--no-progress", "--ignore-scripts", "--loglevel=error")
	cmd.Dir = tmp
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w: %s", err, bytes.TrimSpace(out[max(0, len(out)-800):]))
	}
	if err := os.Rename(tmp, dir); err != nil && !whole(dir) {
		return err
	}
	return nil
}

// lock makes a file that only one test program can make; the others wait.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err == nil {
			_ = f.Close()
			return func() { _ = os.Remove(path) }, nil
		}
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrPermission) { // Windows: being removed
			return nil, err
		}
		if i, err := os.Stat(path); err == nil && time.Since(i.ModTime()) > lockAge {
			_ = os.Remove(path)
			continue
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another test program installs since too long; remove %s", path)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
