package langs

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
)

func HasPort(ports []facts.Port, f *facts.Facts) bool {
	if f.Process == nil || f.Process.Port == 0 { // no one looked for listeners
		return affix.Any(ports, func(p facts.Port) bool { return affix.Contains(f.Target.URL, ":"+Itoa(p.Port)+"/") })
	}
	return affix.Any(ports, func(p facts.Port) bool { return p.Port == f.Process.Port })
}
