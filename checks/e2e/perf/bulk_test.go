//go:build linux

package perf

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/nodetest"
	"badsig/tokens"
)

// walk sets a command that looks through the whole project beside ripgrep,
// which lists and reads the same files: all of the project's, and none of
// node_modules, which .gitignore names. Its text is in a third of the files;
// --count makes it read each to its end. How the cost grows is told by
// CPU time: it depends less on what else the machine does.
func walk(t *testing.T, r *rig) {
	rg, err := exec.LookPath("rg")
	if err != nil {
		t.Skip("no rg to compare with: install ripgrep")
	}
	half, whole := r.tree(t, r.files/2), r.tree(t, r.files)
	var ours, theirs, work, halfWork, theirWork []time.Duration
	mint := func(dir string) (took, work time.Duration) {
		// The secret is the project's, so that it has to be looked for.
		return spent(t, dir, []int{0}, "env", "-u", "STREAM_API_SECRET", "-u", "STREAM_API_KEY", r.badsig, "mint", "--dir", dir)
	}
	for i := range r.runs + 1 {
		a, aWork := mint(whole)
		_, hWork := mint(half)
		b, bWork := spent(t, whole, []int{0}, "env", rg, "--no-require-git", "--count", "process\\.env", whole)
		if i > 0 { // the first fills the page cache
			ours, theirs = append(ours, a), append(theirs, b)
			work, halfWork, theirWork = append(work, aWork), append(halfWork, hWork), append(theirWork, bWork)
		}
	}
	a, b := median(ours), median(theirs)
	r.ratio(fmt.Sprintf("searching %d files (`badsig mint`) / ripgrep listing and reading them", r.files),
		ms(a)+" / "+ms(b)+"; CPU time "+ms(median(work))+" / "+ms(median(theirWork)), float64(a)/float64(b), 1)
	r.ratio("that project / one with half the files, CPU time", ms(median(work))+" / "+ms(median(halfWork)),
		float64(median(work))/float64(median(halfWork)), 2.2)
}

// tree makes a project of n files of code, and twice as many in node_modules.
func (r *rig) tree(t *testing.T, n int) string {
	t.Helper()
	dir := r.project(t)
	write(t, filepath.Join(dir, ".gitignore"), "node_modules\n")
	const component = `import React, { useState, useEffect } from 'react'
import { useItems } from '../hooks/items'

// Shows the list %[1]d and lets people pick one of its lines.
export function List%[1]d({ title, onPick }) {
  const [open, setOpen] = useState(false)
  const { items, error, reload } = useItems('/api/items/%[1]d')
  useEffect(() => { if (open) reload() }, [open])
  if (error) return <p className="error">{error.message}</p>
  return (
    <section aria-label={title}>
      <h2 onClick={() => setOpen(!open)}>{title}</h2>
      <ul>{items.map(item => <li key={item.id} onClick={() => onPick(item)}>{item.name}</li>)}</ul>
    </section>
  )
}
`
	const module = `const { join } = require('path')
const limits = { small: 10, large: %[1]d }
function pick(list, size = 'small') {
  return list.filter(Boolean).slice(0, limits[size]).map((x, i) => ({ id: i, name: String(x).trim() }))
}
module.exports = { pick, where: name => join(__dirname, 'data', name + '.json'), debug: process.env.DEBUG === '%[1]d' }
`
	write(t, filepath.Join(dir, "src", "config.js"), "export const api = process.env.REACT_APP_API\n")
	for i := range n {
		text, name := component, "src/part%d/list%d.jsx"
		if i%3 == 0 {
			text, name = module, "lib/part%d/pick%d.js"
		}
		write(t, filepath.Join(dir, fmt.Sprintf(name, i/100, i)), strings.Repeat(fmt.Sprintf(text, i), 1+i%4))
	}
	for i := range 2 * n {
		write(t, filepath.Join(dir, fmt.Sprintf("node_modules/package%d/lib/file%d.js", i/20, i)), fmt.Sprintf(module, i))
	}
	return dir
}

// verify is what badsig inspect does, as a Node program of a few lines. The key
// is made once: jsonwebtoken tries a string as a public key first, with each
// token anew, which costs it far more than the verifying.
const verify = `
import jwt from 'jsonwebtoken'
import { createSecretKey } from 'node:crypto'
import { createInterface } from 'node:readline'
const key = createSecretKey(Buffer.from(process.env.STREAM_API_SECRET))
for await (const line of createInterface({ input: process.stdin })) {
  let out
  try { out = { verdict: 'accepted', claims: jwt.verify(line, key, { algorithms: ['HS256'] }) } }
  catch (e) { out = { verdict: 'rejected', message: e.message } }
  if (!process.stdout.write(JSON.stringify(out) + '\n')) await new Promise(r => process.stdout.once('drain', r))
}
`

// inspect sets badsig inspect - beside Node with jsonwebtoken on the same
// tokens, and shows that memory does not grow with the list.
func inspect(t *testing.T, r *rig) {
	dir := r.dir
	half, whole := filepath.Join(dir, "half"), filepath.Join(dir, "whole")
	mintTo(t, half, r.tokens/2)
	mintTo(t, whole, r.tokens)
	_, halfWork, halfPeak := r.pipe(t, dir, half, r.badsig, "inspect", "--json", "-")
	took, work, peak := r.pipe(t, dir, whole, r.badsig, "inspect", "--json", "-")
	name := fmt.Sprintf("`badsig inspect -`, %d tokens", r.tokens)
	grows := float64(work) / float64(halfWork)
	r.told(name+" / half of them, CPU time", fmt.Sprintf("%.2f × (%s / %s)", grows, tenths(work), tenths(halfWork)), "2.2 ×", grows, 2.2)
	r.told(name+": peak memory / that for half of them", fmt.Sprintf("%.2f × (%.1f / %.1f MiB)", peak/halfPeak, peak, halfPeak), "1.2 ×", peak/halfPeak, 1.2)

	nodetest.Project(t, dir, map[string]string{"verify.mjs": verify})
	other, otherWork, otherPeak := r.pipe(t, dir, whole, "node", "verify.mjs")
	r.told(name+" / Node with jsonwebtoken", fmt.Sprintf("%.2f × (%s / %s; CPU time %s / %s)",
		float64(took)/float64(other), tenths(took), tenths(other), tenths(work), tenths(otherWork)), "1 ×", float64(took)/float64(other), 1)
	r.told("its peak memory / Node's", fmt.Sprintf("%.2f × (%.1f / %.1f MiB)", peak/otherPeak, peak, otherPeak), "1 ×", peak/otherPeak, 1)
}

func mintTo(t *testing.T, file string, n int) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	now, s := time.Now(), tokens.NewSecret([]byte(secret))
	for i := range n {
		jws, err := tokens.Mint(s, fmt.Sprintf("user-%d", i), now, tokens.MintOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, jws+"\n")
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func tenths(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// pipe runs a program with a file as its stdin; it must print a result for every line. It
// gives the time taken, the CPU time, and the highest memory seen, in MiB.
func (r *rig) pipe(t *testing.T, dir, file string, args ...string) (took, work time.Duration, peak float64) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(filepath.Join(dir, "answers"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	var errs strings.Builder
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, environ(), in, out, &errs
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peak = memory(t, cmd.Process.Pid, "VmHWM") // a short list is done before the first tick
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case err := <-ended:
			took = time.Since(begin)
			tick.Stop()
			if err != nil {
				t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, errs.String())
			}
			if got, want := lines(t, out.Name()), lines(t, file); got != want {
				t.Fatalf("%s: %d answers to %d tokens", strings.Join(args, " "), got, want)
			}
			return took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak
		case <-tick.C:
			peak = max(peak, memory(t, cmd.Process.Pid, "VmHWM"))
		}
	}
}

func lines(t *testing.T, file string) (n int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		n++
	}
	return n
}
