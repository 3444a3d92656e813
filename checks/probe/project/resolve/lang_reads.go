package resolve

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// langLook looks for variables as a program does.
type langLook struct {
	p     *picture.Reader
	f     *facts.Facts
	l     *facts.Listener
	o     *picture.OtherProgram
	files []picture.LangFile
}

// find follows a program's reads, in their order, to the value that it uses today.
func (k langLook) find(reads []facts.Read) (id int, name string, known bool) {
	known = k.l == nil || k.l.EnvKnown
	for i, r := range reads {
		if r.Name == "" {
			return r.Value, name, known
		}
		if name == "" {
			name = r.Name
		}
		id, sure := k.variable(r.Name)
		known = known && sure
		if id >= 0 {
			if v := k.f.Values[id]; v.Empty && i+1 < len(reads) && !reads[i+1].IfUnset {
				known = false // whether an empty value counts is the language's matter
				continue
			}
			return id, r.Name, known
		}
	}
	return -1, name, known && k.l != nil && k.l.EnvKnown && k.o.Closed
}

// variable gives the value of one variable: a file that overrides, the
// environment, then the files in their order.
func (k langLook) variable(name string) (id int, sure bool) {
	inFile := func(override bool) int {
		for _, x := range k.files {
			if x.Override != override {
				continue
			}
			if e := values.Env(k.p, x.Rel); e != nil {
				if id, ok := e.Values[name]; ok {
					k.f.Values[id].Read = true
					return id
				}
			}
		}
		return -1
	}
	if id := inFile(true); id >= 0 {
		return id, k.o.Closed && !k.doubtful(name)
	}
	if inContainer(k.l) {
		if id, ok := containerValue(k.p, k.f, k.o.Root, "", name); ok {
			return id, k.o.Closed
		}
	}
	if k.l != nil {
		for i, v := range k.f.Values {
			if v.Kind == facts.KindProcess && v.PID == k.l.PID && v.Name == name {
				return i, true
			}
		}
	}
	if id = inFile(false); id < 0 {
		id = k.elsewhere(name)
	}
	return id, k.o.Closed && !k.doubtful(name)
}

// elsewhere gives a variable that no .env file sets: what a configuration file
// of the program's puts into its environment, or what the one way in which the
// project says it is started gives it, while it doesn't run.
func (k langLook) elsewhere(name string) int {
	if id, ok := k.o.Env[name]; ok {
		k.f.Values[id].Read, k.f.Values[id].Loaded = true, true
		return id
	}
	if k.l == nil {
		if id, ok := containerValue(k.p, k.f, k.o.Root, "", name); ok {
			k.f.Values[id].Read, k.f.Values[id].Loaded = true, true
			return id
		}
	}
	return -1
}

// configured reports whether a Compose file or its like sets a variable.
func (k langLook) configured(name string) bool {
	return affix.Any(k.f.Values, func(v facts.Value) bool {
		return v.Name == name && v.Kind == facts.KindConfig && !v.Comment && !v.Empty
	})
}

// doubtful tells a variable whose value depends on a loader's version.
func (k langLook) doubtful(name string) bool {
	for _, x := range k.files {
		if e := values.Env(k.p, x.Rel); e != nil && e.Doubtful[name] {
			return true
		}
	}
	return false
}

// envAt finds a .env file in one of the folders, else in those above them.
func envAt(p *picture.Reader, name string, dirs []string) *picture.EnvSource {
	for len(dirs) > 0 {
		var above []string
		for _, d := range dirs {
			if e := values.Env(p, path.Join(d, name)); e != nil {
				return e
			}
			if d != "" {
				above = append(above, files.DirOf(d))
			}
		}
		dirs = above
	}
	return nil
}
