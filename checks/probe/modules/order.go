package modules

import (
	"math"
	"path"
	"slices"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/tools"
)

// Rules of this file:
//   - an ES module's imports run before its first line, wherever they are; a require runs where it is
//   - what cannot be told (TypeScript that may become either) is uncertain, not wrong

// Order is the sequence in which a program's modules run when it starts.
type Order struct {
	g     *Graph
	clock int
	Marks map[*Module][]mark
	Loads []TimedLoad
	// unsure: a module whose imports may be hoisted or not took part.
	unsure bool
}

// mark says that from a line on a module's time is t.
type mark struct{ line, t int }

type TimedLoad struct {
	Load
	T, line int
}

// RunOrder follows the imports from an entry.
//
//go:noinline
func (g *Graph) RunOrder(entry *Module) *Order {
	o := &Order{g: g, Marks: map[*Module][]mark{}}
	if entry != nil {
		o.enter(entry, 0)
	}
	return o
}

const MaxModulesInOrder = 2000

func (o *Order) enter(m *Module, depth int) {
	if _, seen := o.Marks[m]; seen || depth > 200 || len(o.Marks) > MaxModulesInOrder {
		return
	}
	o.Marks[m] = nil
	o.hoisted(m, depth)
	o.clock++
	o.Marks[m] = append(o.Marks[m], mark{0, o.clock})
	type step struct {
		line int
		run  func()
	}
	var steps []step
	kept := o.keeps(m)
	for _, i := range m.Imports {
		if i.Hoists && !(kept && i.Line > firstStep(m, LoadsOf(o.g, m))) {
			continue
		}
		if target := o.g.Resolve(m, i.From); target != "" {
			steps = append(steps, step{i.Line, func() {
				if t := o.g.Module(target); t != nil {
					o.enter(t, depth+1)
				}
			}})
		}
	}
	for _, l := range LoadsOf(o.g, m) {
		if !m.hoistedLoad(l) {
			steps = append(steps, step{l.At.Line, func() { o.Loads = append(o.Loads, TimedLoad{l, o.clock, l.At.Line}) }})
		}
	}
	sort.SliceStable(steps, func(a, b int) bool { return steps[a].line < steps[b].line })
	for _, s := range steps {
		o.clock++
		s.run()
		o.clock++
		o.Marks[m] = append(o.Marks[m], mark{s.line, o.clock})
	}
	o.clock++
}

// hoistedLoad tells import 'dotenv/config' from dotenv.config().
func (m *Module) hoistedLoad(l Load) bool {
	for _, i := range m.Imports {
		if i.Line == l.At.Line && tools.LoadsBy(i.From) != "" && i.Hoists && len(i.Names) == 0 {
			return true
		}
	}
	return false
}

// hoisted runs a module's import statements in their order.
func (o *Order) hoisted(m *Module, depth int) {
	loads := LoadsOf(o.g, m)
	imports := slices.Clone(m.Imports)
	sort.SliceStable(imports, func(a, b int) bool { return imports[a].Line < imports[b].Line })
	first := firstStep(m, loads)
	for _, i := range imports {
		if !i.Hoists {
			continue
		}
		if tools.LoadsBy(i.From) != "" {
			for _, l := range loads {
				if l.At.Line == i.Line && m.hoistedLoad(l) {
					o.clock++
					o.Loads = append(o.Loads, TimedLoad{l, o.clock, 0})
				}
			}
			continue
		}
		if t := o.g.Module(o.g.Resolve(m, i.From)); t != nil {
			if i.Line > first && o.keeps(m) {
				continue // a step of the module's body
			}
			if ext := affix.Ext(m.Rel); i.Line > first && (ext == ".ts" || ext == ".tsx" || ext == ".cts") && !m.Pkg.module {
				o.unsure = true // tsc keeps the order, esbuild hoists
			}
			o.enter(t, depth+1)
		}
	}
}

// keeps reports a module that ts-node compiles to CommonJS, which leaves imports where they are (typescriptlang.org/tsconfig/#module).
func (o *Order) keeps(m *Module) bool {
	if ext := affix.Ext(m.Rel); ext != ".ts" && ext != ".cts" || m.Pkg.module || !m.Pkg.Dep("ts-node", "ts-node-dev") ||
		m.Pkg.Dep("tsx", "esbuild", "esbuild-register", "@swc/core", "@swc-node/register", "tsup", "@babel/register") {
		return false
	}
	f := o.g.File(path.Join(m.Pkg.Dir, "tsconfig.json"))
	if f == nil {
		return true
	}
	c := o.g.compilerOptions(f)
	return c != nil && !affix.HasPrefix(strings.ToLower(c.Module), "es")
}

// firstStep is the line of the first load or require in a module's body: the
// imports above it run before it no matter what compiles the module.
func firstStep(m *Module, loads []Load) int {
	first := math.MaxInt
	for _, l := range loads {
		if !m.hoistedLoad(l) {
			first = min(first, l.At.Line)
		}
	}
	for _, i := range m.Imports {
		if !i.Hoists {
			first = min(first, i.Line)
		}
	}
	return first
}

// at gives the moment at which a line of a module's body runs.
func (o *Order) at(pl Place) (t int, ok bool) {
	ms := o.Marks[pl.Mod]
	if len(ms) == 0 {
		return 0, false
	}
	t = ms[0].t
	for _, k := range ms {
		if k.line <= pl.Line {
			t = max(t, k.t)
		}
	}
	return t, true
}

// Before tells whether a load is done when a line of a module runs at start.
// known is false where the program's order does not reach the line.
func (o *Order) Before(l TimedLoad, pl Place) (done, known bool) {
	if l.At.Mod == nil {
		return true, true
	}
	if pl.Mod == l.At.Mod {
		return l.line <= pl.Line || l.line == 0, true
	}
	t, ok := o.at(pl)
	if !ok {
		return false, false
	}
	return l.T <= t, true
}

// UnsureFor tells whether the order of the program's modules matters for a
// leaf and is not certain.
func (o *Order) UnsureFor(l Leaf) bool { return o != nil && o.unsure && len(l.Top) > 0 }
