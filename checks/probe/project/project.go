// Package project finds out what signs tokens, what starts it, what it would read, and what the front ends ask.
package project

import (
	"context"
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - the files are read once; everything later asks this picture of them
//   - a value is filed once for each place where it stands
//   - what is not understood leaves a gap, never a guess

// Reader is the picture of the files that the probes project and server share.
type Reader struct {
	*modules.Graph

	w       *vault.World
	tracked func(string) bool

	envs       []*envSource
	starts     []starter
	servers    []*server
	others     []*otherProgram            // backends in other languages; they stand behind the servers in facts.Servers
	dialects   map[string]envfile.Dialect // of the .env files that these read
	containers []container                // how Compose and docker run start programs of it
	fronts     []*front
	native     native // the apps for phones
	dart       dartTree
	uses       []use
	filed      map[string]int // place and bytes → Value.ID

	named   map[string]string         // variables that code uses as key or secret, whatever they are called
	keyMods map[int][]*modules.Module // modules that make Stream's client with a key, by its Value
	placed  []placedName              // variables that code gives in the place of the other than their name says
	sites   []*site
	entries []*entry
	hands   *handovers

	facts facts.Project
}

// Read fills Project, the Values of files, and Target's URL and Origin.
// What it read is for probeServer; nil where that could not be.
func Read(ctx context.Context, w *vault.World) (*Reader, error) {
	t, err := files.Walk(ctx, w.Target.Dir)
	if err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) })
		return nil, fmt.Errorf("the project's folder cannot be read: %w", err)
	}
	p := &Reader{Graph: modules.NewGraph(ctx, t), w: w, filed: map[string]int{}, dialects: map[string]envfile.Dialect{}, tracked: files.ReadGit(t.Root)}
	p.ReadPackages()
	if err := p.ReadModules(ctx); err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) })
		return nil, err
	}
	p.starts = p.starters()
	p.SettleRoles()
	p.settleFronts()
	p.findServers()
	p.readCode()
	p.nameVariables()
	p.parseOthers(ctx)
	p.readEnvFiles()
	p.describeServers()
	p.readNative()
	p.describeFronts()
	p.describeApps()
	p.readConfigs()
	p.readOtherLanguages(ctx)
	p.readBundles(ctx)
	if err := ctx.Err(); err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) }) // nothing is known of the project, and badsig's own URL is assumed
		return nil, err
	}
	p.facts.Files, p.facts.Bytes, p.facts.Skipped, p.facts.Notes, p.facts.Unread = t.Count, t.Bytes, t.Skipped, t.Notes, t.Unread
	w.ScrubAll(&p.facts)
	w.Update(func(f *facts.Facts) {
		f.Project = &p.facts
		pairUp(f)
		w.HideSecretsCalledKeys(f)
		w.CompareWithDashboard(f)
		chooseTarget(f, p)
	})
	return p, nil
}

// add files one value, once for each place, name and text.
func (p *Reader) add(v facts.Value, raw []byte) int {
	id := fmt.Sprintf("%s\x00%s\x00%d\x00%s\x00%t\x00%s", v.What, v.File, v.Line, v.Name, v.Comment, raw)
	if n, ok := p.filed[id]; ok {
		return n
	}
	v.Pair = -1
	if v.File != "" && p.tracked != nil {
		v.Tracked = p.tracked(v.File)
	}
	v.File, v.Name = sanitize.Visible(v.File), sanitize.Visible(v.Name)
	n := p.w.AddValue(v, raw)
	p.filed[id] = n
	return n
}
