package probe

import (
	"bytes"
	"path"
	"slices"
	"sort"
)

// Rules of this file:
//   - an ES module's imports run before its first line, wherever they stand; a require runs where it stands
//   - what cannot be told (TypeScript that may become either) is uncertain, not wrong

// order is the sequence in which a program's modules run when it starts.
type order struct {
	g     *graph
	clock int
	marks map[*module][]mark
	loads []timedLoad
	// unsure: a module whose imports may be hoisted or not took part.
	unsure bool
}

// mark says that from a line on a module's time is t.
type mark struct{ line, t int }

type timedLoad struct {
	load
	t, line int
}

// runOrder follows the imports from an entry.
func (g *graph) runOrder(entry *module) *order {
	o := &order{g: g, marks: map[*module][]mark{}}
	if entry != nil {
		o.enter(entry, 0)
	}
	return o
}

const maxModulesInOrder = 2000

func (o *order) enter(m *module, depth int) {
	if _, seen := o.marks[m]; seen || depth > 200 || len(o.marks) > maxModulesInOrder {
		return
	}
	o.marks[m] = nil
	o.hoisted(m, depth)
	o.clock++
	o.marks[m] = append(o.marks[m], mark{0, o.clock})
	type step struct {
		line int
		run  func()
	}
	var steps []step
	for _, i := range m.Imports {
		if m.hoists(i.Line) {
			continue
		}
		if target := o.g.resolve(m, i.From); target != "" {
			steps = append(steps, step{i.Line, func() {
				if t := o.g.module(target); t != nil {
					o.enter(t, depth+1)
				}
			}})
		}
	}
	for _, l := range o.g.loadsOf(m) {
		if !m.hoistedLoad(l) {
			steps = append(steps, step{l.at.line, func() { o.loads = append(o.loads, timedLoad{l, o.clock, l.at.line}) }})
		}
	}
	sort.SliceStable(steps, func(a, b int) bool { return steps[a].line < steps[b].line })
	for _, s := range steps {
		o.clock++
		s.run()
		o.clock++
		o.marks[m] = append(o.marks[m], mark{s.line, o.clock})
	}
	o.clock++
}

// hoistedLoad tells import 'dotenv/config' from dotenv.config().
func (m *module) hoistedLoad(l load) bool {
	for _, i := range m.Imports {
		if i.Line == l.at.line && loaderPackages[i.From] != "" && m.hoists(i.Line) && len(i.Names) == 0 {
			return true
		}
	}
	return false
}

// hoisted runs a module's import statements in their order.
func (o *order) hoisted(m *module, depth int) {
	loads := o.g.loadsOf(m)
	imports := slices.Clone(m.Imports)
	sort.SliceStable(imports, func(a, b int) bool { return imports[a].Line < imports[b].Line })
	for _, i := range imports {
		if !m.hoists(i.Line) {
			continue
		}
		if loaderPackages[i.From] != "" {
			for _, l := range loads {
				if l.at.line == i.Line && m.hoistedLoad(l) {
					o.clock++
					o.loads = append(o.loads, timedLoad{l, o.clock, 0})
				}
			}
			continue
		}
		if t := o.g.module(o.g.resolve(m, i.From)); t != nil {
			if ext := path.Ext(m.rel); (ext == ".ts" || ext == ".tsx" || ext == ".cts") && !m.pkg.module {
				o.unsure = true // tsc keeps the order, esbuild hoists
			}
			o.enter(t, depth+1)
		}
	}
}

// at gives the moment at which a line of a module's body runs.
func (o *order) at(pl place) (t int, ok bool) {
	ms := o.marks[pl.mod]
	if len(ms) == 0 {
		return 0, false
	}
	t = ms[0].t
	for _, k := range ms {
		if k.line <= pl.line {
			t = max(t, k.t)
		}
	}
	return t, true
}

// before tells whether a load is done when a line of a module runs at start.
// known is false where the program's order does not reach the line.
func (o *order) before(l timedLoad, pl place) (done, known bool) {
	if l.at.mod == nil {
		return true, true
	}
	if pl.mod == l.at.mod {
		return l.line <= pl.line || l.line == 0, true
	}
	t, ok := o.at(pl)
	if !ok {
		return false, false
	}
	return l.t <= t, true
}

// hoists tells whether the import on a line is a statement that runs first.
func (m *module) hoists(line int) bool {
	l := m.line(max(line, 1))
	if len(l) == 0 || bytes.Contains(l, []byte("require(")) || bytes.Contains(l, []byte("import(")) {
		return false
	}
	t := bytes.TrimSpace(l)
	return bytes.HasPrefix(t, []byte("import")) || bytes.HasPrefix(t, []byte("export")) || bytes.Contains(l, []byte(" from ")) || bytes.HasPrefix(t, []byte("}"))
}
