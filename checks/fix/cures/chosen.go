package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
)

// chosen proposes to take the right app of an object of apps: apps.main in the place of apps.demo.
func chosen(x *View, c *finding.Cause) []Proposal {
	right := rightKey(x.Facts, c)
	if c.Location == nil || right == "" {
		return nil
	}
	app := func(line string) string {
		name, value, ok := affix.Cut(strings.TrimSpace(line), ": {")
		if !ok || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" || !affix.Contains(value, "}") {
			return ""
		}
		return name
	}
	was := app(x.Line(c.Location.File, c.Location.Line))
	var out list
	for _, l := range x.lines(c.Location.File) {
		is := app(l)
		if was == "" || is == "" || is == was || !affix.Contains(l, "'"+right+"'") && !affix.Contains(l, `"`+right+`"`) {
			continue
		}
		files := []string{""}
		for _, at := range links(x.Facts) {
			if at.File == files[len(files)-1] || at.File == c.Location.File {
				continue
			}
			files = append(files, at.File)
			for n, line := range x.lines(at.File) {
				for _, p := range paths(at.File, line, n+1) {
					if affix.HasSuffix(p.inner(), "."+was) {
						out.add(p.sub(p.to-len(was), p.to), is, "take the app "+is+", which has the front end's key")
					}
				}
			}
		}
	}
	return out
}
