package probe

import (
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"badsig/tokens"
)

// The caps of the look at build output.
const (
	maxBundleFiles = 200
	maxBundleSize  = 4 << 20
	maxBundleBytes = 24 << 20
	maxBundleTime  = 300 * time.Millisecond
)

// readBundles looks for the project's secrets in what front ends were built
// to: a secret that stands there went to every browser.
func (p *project) readBundles(ctx context.Context) {
	type known struct {
		v Value
		s tokens.Secret
	}
	var secrets []known
	for _, v := range p.w.Snapshot().Values {
		if s := p.w.Secret(v.ID); v.What == WhatSecret && !v.Placeholder && !v.Comment && s.Len() >= 16 && v.Role != RoleExample {
			secrets = append(secrets, known{v, s})
		}
	}
	if len(secrets) == 0 {
		return
	}
	files, total := 0, 0
	end := time.Now().Add(maxBundleTime)
	var buf []byte
	for _, dir := range p.tree.builds {
		k := p.pkgOf(dir + "/x")
		if !k.front {
			continue
		}
		if path.Base(dir) == ".next" {
			dir = path.Join(dir, "static")
		}
		_ = filepath.WalkDir(p.abs(dir), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil, ctx.Err() != nil, files >= maxBundleFiles, total >= maxBundleBytes, time.Now().After(end):
				return fs.SkipAll
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "cache"):
				return fs.SkipDir
			case !d.Type().IsRegular() || path.Ext(d.Name()) != ".js" && path.Ext(d.Name()) != ".html" && path.Ext(d.Name()) != ".mjs":
				return nil
			}
			src, mod, err := readBounded(name, &buf, maxBundleSize)
			if err != nil {
				return nil
			}
			files++
			total += len(src)
			rel, ok := p.relative(name)
			if !ok {
				return nil
			}
			for _, x := range secrets {
				if x.s.In(src) {
					v := Value{What: WhatSecret, Name: x.v.Name, Kind: KindLiteral, Role: RoleBuild, File: rel, Public: true, Modified: mod, Pair: -1}
					if p.tracked != nil {
						v.Tracked = p.tracked(rel)
					}
					p.w.AddSecret(v, x.s)
					return nil
				}
			}
			return nil
		})
	}
}

// compareWithDashboard says how each secret differs from the dashboard's. The
// caller holds the lock.
func (w *World) compareWithDashboard(f *Facts) {
	id := f.Target.DashboardSecret
	if id < 0 {
		return
	}
	w.compareWith(f, w.secrets[id])
}

// compareWith says how each secret differs from the right one. The caller
// holds the lock.
func (w *World) compareWith(f *Facts, right tokens.Secret) {
	for i := range f.Values {
		v := &f.Values[i]
		if i == f.Target.DashboardSecret || v.What != WhatSecret || v.VsDashboard != nil {
			continue
		}
		d := tokens.Compare(right, w.secrets[i])
		v.VsDashboard = &d
	}
}
