package resolve

import (
	"badsig/checks/facts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// inContainer reports whether what listens is the end of a container's port.
func inContainer(l *facts.Listener) bool {
	if l == nil {
		return false
	}
	switch name := l.Program(); name {
	case "docker-proxy", "rootlesskit", "rootlessport", "com.docker.backend", "com.docker.backend.exe", "conmon", "slirp4netns", "pasta", "gvproxy", "vpnkit", "wslrelay", "wslrelay.exe", "limactl", "colima", "kubectl", "kubectl.exe":
		return true
	}
	return false
}

// covers tells a container that may run the program of a folder.
func covers(p *picture.Reader, c *picture.Container, dir, frame string) bool {
	if c.Frame != "" && c.Frame != frame {
		return false
	}
	return c.Dir == dir || c.Dir != "" && langs.UnderDir(c.Dir, dir) || c.Dir == "" && len(p.Servers)+len(p.Others) == 1
}

// containerValue gives a variable of the container that runs a program; ok is
// false where none was found, or several disagree.
func containerValue(p *picture.Reader, f *facts.Facts, dir, frame, name string) (id int, ok bool) {
	id = -1
	for i := range p.Containers {
		c := &p.Containers[i]
		v, has := c.Values[name]
		if !has || !covers(p, c, dir, frame) {
			continue
		}
		if id >= 0 && id != v {
			return -1, false
		}
		id = v
	}
	if id >= 0 && f.Values[id].Fate == facts.Contained {
		f.Values[id].Why, f.Values[id].Fate = "", ""
	}
	return id, id >= 0
}

// contained tells a program that a container is made of, and counts what that
// container sets as loaded while nothing else runs the program.
func contained(p *picture.Reader, f *facts.Facts, dir, frame string) bool {
	found := false
	for i := range p.Containers {
		c := &p.Containers[i]
		if len(c.Values) == 0 || !covers(p, c, dir, frame) {
			continue
		}
		found = true
		for _, id := range c.Values {
			if f.Values[id].Kind == facts.KindConfig {
				f.Values[id].Loaded = true
			}
		}
	}
	return found
}
