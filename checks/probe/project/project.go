package project

import (
	"context"
	"errors"
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/resolve"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/sites"
	"badsig/checks/probe/project/slips"
	"badsig/checks/probe/project/starts"
	"badsig/checks/probe/project/values"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// Read fills Project, the Values of files, and Target's URL and Origin.
// What it read is for Resolve; nil where that could not be.
func Read(ctx context.Context, w *vault.World) (*picture.Reader, error) {
	t, err := files.Walk(ctx, w.Target.Dir)
	if err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) })
		return nil, fmt.Errorf("the project's folder cannot be read: %w", err)
	}
	p := &picture.Reader{Graph: modules.NewGraph(ctx, t), World: w, Filed: map[string]int{}, Dialects: map[string]envfile.Dialect{}, Tracked: files.ReadGit(t.Root)}
	modules.DropBuilt(p.Graph)
	p.ReadPackages()
	starts.RunExamples(p)
	if err := p.ReadModules(ctx); err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) })
		return nil, err
	}
	p.Starts = starts.Starters(p)
	p.SettleRoles()
	fronts.SettleFronts(p)
	servers.FindServers(p)
	values.ReadCode(p)
	values.NameVariables(p)
	langs.ParseOthers(p, ctx)
	values.ReadEnvFiles(p)
	describeServers(p)
	readNative(p)
	fronts.DescribeFronts(p)
	fronts.DescribeApps(p)
	values.ReadConfigs(p)
	langs.ReadOtherLanguages(p, ctx)
	findPasted(p)
	fronts.PlacePaths(p)
	fronts.ServerFunctions(p)
	connected := connections(p)
	findTold(p, connected)
	p.Facts.FindOtherIDs()
	findPassed(p, connected)
	slips.Find(p)
	fronts.ReadBundles(p, ctx)
	if err := ctx.Err(); err != nil {
		w.Update(func(f *facts.Facts) { chooseTarget(f, nil) }) // nothing is known of the project, and badsig's own URL is assumed
		return nil, err
	}
	noteFull(p)
	p.Facts.Files, p.Facts.Bytes, p.Facts.Skipped, p.Facts.Notes, p.Facts.Unread = t.Count, t.Bytes, t.Skipped, t.Notes, t.Unread
	p.Facts.SDKs = sites.SDKs(p)
	w.ScrubAll(&p.Facts)
	w.Update(func(f *facts.Facts) {
		f.Project = &p.Facts
		resolve.PairUp(f)
		w.HideSecretsCalledKeys(f)
		w.CompareWithDashboard(f)
		chooseTarget(f, p)
	})
	return p, nil
}

// noteFull notes the sources that weren't read to their ends.
func noteFull(p *picture.Reader) {
	for i, rel := range append(p.Full(), p.NotRead...) {
		if i == files.MaxNotes {
			break
		}
		p.Tree.Notes = append(p.Tree.Notes, "not read to its end: "+sanitize.Visible(rel)+": there is too much in it")
		p.Tree.Unread = append(p.Tree.Unread, sanitize.Visible(rel))
	}
}

// Resolve fills Server, and Loaded, Read, Wins and Why of Values.
func Resolve(w *vault.World, p *picture.Reader) error {
	if p == nil {
		return errors.New("the project was not read")
	}
	var l *facts.Listener
	w.Update(func(f *facts.Facts) { l = resolve.OwnListener(f) })
	values.RereadNode(p, l)
	var out *facts.Server
	var bases []facts.StreamBase
	var use string
	w.Update(func(f *facts.Facts) { out, bases, use = resolve.ResolveServer(p, f) })
	w.ScrubAll(&bases)
	w.SetBases(bases, use)
	w.ScrubAll(out)
	w.Update(func(f *facts.Facts) { f.Server = out })
	return nil
}
