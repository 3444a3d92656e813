package resolve

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// Why a value is not the one that the program gets.

// explain fills Loaded, Wins and Why of every value.
func explain(p *picture.Reader, f *facts.Facts, out *facts.Server) {
	loaded := map[string]bool{}
	for _, rel := range out.Loaded {
		loaded[rel] = true
	}
	frontFiles := map[string]bool{}
	for _, fr := range p.Fronts {
		for _, rel := range fr.Files {
			frontFiles[rel] = true
		}
	}
	winner := map[string]int{}
	for _, id := range []int{out.Secret, out.Key} {
		if id >= 0 {
			f.Values[id].Wins, f.Values[id].Loaded, f.Values[id].Read = true, true, true
			winner[f.Values[id].Name] = id
		}
	}
	names := map[string]bool{out.SecretName: true, out.KeyName: true}
	delete(names, "")
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind == facts.KindDashboard || v.Kind == facts.KindKnown || v.Kind == facts.KindAnswer || v.Comment || v.Wins {
			continue
		}
		switch v.Kind {
		case facts.KindEnvFile:
			v.Loaded = v.Loaded || loaded[v.File] || frontFiles[v.File] && v.Public
			switch {
			case v.Why != "":
				if v.Fate == facts.TooEarly || v.Fate == facts.Duplicate {
					break
				}
				v.Loaded = false
			case !v.Loaded:
				v.Why = whyNotLoaded(p, v, out)
			case names[v.Name]:
				v.Read = true
				id, ok := winner[v.Name]
				if !ok {
					id = max(out.Secret, -1)
				}
				if id >= 0 {
					w := f.Values[id]
					v.Why = "overridden by " + PlaceOf(w)
				}
			case out.SecretName != "" && v.What == facts.WhatSecret:
				v.Why = "the code reads " + out.SecretName
			}
		case facts.KindProcess:
			v.Loaded = true
			if names[v.Name] {
				v.Read = true
				if id, ok := winner[v.Name]; ok {
					v.Why = "overridden by " + PlaceOf(f.Values[id])
				}
			}
		case facts.KindAncestor:
			if v.Why == "" {
				v.Why = "not loaded: it is in the environment of a parent only"
			}
		case facts.KindConfig:
			if v.Why == "" && !v.Loaded {
				v.Why = "not loaded: " + v.File + " is not what starts the process"
			}
		}
	}
}

// PlaceOf says where a value is.
func PlaceOf(v facts.Value) string {
	switch {
	case v.File != "":
		return facts.At(v.File, v.Line)
	case v.Kind == facts.KindProcess:
		return "the environment of process " + langs.Itoa(int(v.PID))
	}
	return string(v.Kind)
}

func whyNotLoaded(p *picture.Reader, v *facts.Value, out *facts.Server) string {
	switch {
	case v.Role == facts.RoleExample:
		return "not loaded: an example"
	case v.Role == facts.RoleTest:
		return "not loaded: for tests"
	case v.Role == facts.RoleOther:
		return "not loaded: for another environment"
	case len(out.Loaded) > 0:
		return "not loaded: the server reads " + strings.Join(out.Loaded, ", ")
	case len(out.Missing) > 0:
		return "not loaded: the server looks for " + strings.Join(out.Missing, ", ")
	case out.Code >= 0:
		return "not loaded: the server's code loads no .env file"
	}
	return "not loaded: no code that reads it was found"
}
