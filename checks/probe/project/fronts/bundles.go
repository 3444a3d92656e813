package fronts

import (
	"context"
	"io/fs"
	"path"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
)

// The caps of the look at build output.
const (
	maxBundleFiles = 200
	maxBundleSize  = 4 << 20
	maxBundleBytes = 24 << 20
	maxBundleTime  = 300 * time.Millisecond
)

// ReadBundles looks for the project's secrets in what front ends were built
// to: a secret that is there went to every browser.
func ReadBundles(p *picture.Reader, ctx context.Context) {
	var secrets []facts.Value
	for _, v := range p.World.Snapshot().Values {
		if s := p.World.Secret(v.ID); v.What == facts.WhatSecret && !v.Placeholder && !v.Comment && s.Len() >= 16 && v.Role != facts.RoleExample {
			secrets = append(secrets, v)
		}
	}
	if len(secrets) == 0 {
		return
	}
	list, total := 0, 0
	end := time.Now().Add(maxBundleTime)
	var buf []byte
	for _, dir := range p.Tree.Builds {
		k := p.PkgOf(dir + "/x")
		if !k.Front {
			continue
		}
		if path.Base(dir) == ".next" {
			dir = path.Join(dir, "static")
		}
		_ = files.Under(p.Abs(dir), func(name string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil, list >= maxBundleFiles, total >= maxBundleBytes, time.Now().After(end):
				p.Facts.Unsearched = dir
				return fs.SkipAll
			case err != nil:
				return fs.SkipAll
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "cache"):
				return fs.SkipDir
			case !d.Type().IsRegular() || path.Ext(d.Name()) != ".js" && path.Ext(d.Name()) != ".html" && path.Ext(d.Name()) != ".mjs":
				return nil
			}
			src, mod, err := files.ReadBounded(name, &buf, maxBundleSize)
			if err != nil {
				return nil
			}
			list++
			total += len(src)
			rel, ok := p.Relative(name)
			if !ok {
				return nil
			}
			for _, x := range secrets {
				if p.World.Secret(x.ID).In(src) {
					v := facts.Value{What: facts.WhatSecret, Name: x.Name, Kind: facts.KindLiteral, Role: facts.RoleBuild, File: rel, Public: true, Modified: mod, Pair: -1}
					if p.Tracked != nil {
						v.Tracked = p.Tracked(rel)
					}
					p.World.AddSecret(v, p.World.Secret(x.ID))
					return nil
				}
			}
			return nil
		})
	}
}
