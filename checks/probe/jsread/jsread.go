// Package jsread reads JavaScript and TypeScript source (also JSX, Vue and
// Svelte files) for what decides about a Stream token: environment reads and
// their fallbacks, literals, the calls of Stream's SDK and of JWT libraries,
// routes, ports, fetches, loaders. It works on tokens, so comments are
// comments; it never fails, and on text it cannot follow it resynchronises.
package jsread

import (
	"bytes"
	"path"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// Rules of this package:
//   - no input makes it fail, panic or hang: time is linear, nesting is bounded, and what was not understood is Other
//   - nothing is guessed: an expression is only named what it is in every run of the program
//   - a module that was not followed to its end says so (Strict false), so that absence is not taken for a proof

// Module is what one file says. Positions are 1-based lines.
type Module struct {
	Imports  []Import
	Exports  map[string]Expr // name → what it holds; "default" for the default export, and for module.exports
	Consts   map[string]Expr // top-level const, let, var: name → what it holds
	Calls    []Call          // calls worth knowing, with their arguments
	Fields   []Field         // object fields, assignments and JSX attributes whose name is of a key, a secret, a URL or a port
	Reads    []Expr          // every environment read
	Comments []Comment       // comments that hold an assignment or a call of a known name
	Returns  []Return        // what functions return, where that is more than a name or a number
	Funcs    []Span          // where functions begin and end
	Others   []Call          // the calls that are not
	Assigned []Field         // assignments to members: settings.secret = x; settings[name] = x has the name []
	Changed  []string        // the variables that an operator like += changes
	Ifs      []If            // if statements and choices, in the order in which they were read
	Compared []Compared      // comparisons of a member with a path, and the cases of a switch over one
	Strict   bool            // false: the text could not be followed to its end
	Full     bool            // the rest was not read: there was too much in it
	Kept     int             // bytes that what was kept needs, about

	Directives []string // with which the file begins: "use client"
	Front      int      // the last line of an Astro file's frontmatter; 0 without one

	scopes []scope          // functions, by Scope
	own    map[string]int32 // this.name → its index in Assigned; negative where there are several
}

// ExprKind says what an expression is.
type ExprKind uint8

// The kinds of expression that jsread understands; everything else is Other.
const (
	None     ExprKind = iota // no expression
	Literal                  // 'text' or a template without holes: Text
	Env                      // process.env.X, process.env['X'], import.meta.env.X, Deno.env.get('X'), Bun.env.X: Text is X, Meta tells import.meta
	Ident                    // a name, or a member path a.b.c: Text; also true, false, null, undefined
	Either                   // a || b, a ?? b, a ? b : c, a && b: Parts are what it may be, Text is ||, ??, ?: or &&, ?dev for a choice between environments, of which the developer's is first; a default of a destructuring has =
	Template                 // a template with holes, or a + b: Parts
	Wrapped                  // Buffer.from(x, 'base64'), x.trim(), String(x), x!, x as T: Text names the wrapping (Buffer.from, trim, String, !, as), Parts[0] is x, further Parts the further arguments; .name for a member of what isn't a path
	Object                   // { a: x }: Keys and Parts side by side; ...spread has key ""
	Array                    // [x, y]: Parts
	Number                   // Text, without separators
	Func                     // a function or class; its body is not followed: Text is its name
	CallExpr                 // f(x): Text is the callee ("new StreamChat" for a construction), Parts the arguments, On what the method is called on
	Other                    // Text is an operator, or a regular expression with its slashes; Parts its operands
)

// Expr is an expression as far as it is understood. Parentheses leave no trace.
type Expr struct {
	Kind  ExprKind
	Meta  bool  // import.meta.env rather than process.env
	Await bool  // await is before it
	Both  bool  // for a ? b : c: the condition depends on nothing of the environment, so either may come about while the program runs
	Fn    Scope // for Func: the scope of its body, for Module.FunctionOf; of what else a variable of an outer function is assigned: where that is. It's beside the small ones so that an Expr has 64 bytes
	Text  string
	Parts []Expr
	Line  int
	Rest  *Rest // nil for most
}

// Rest is what few expressions have. It is apart from them so that an Expr,
// which is copied everywhere, is small, and is never changed: copies share it.
type Rest struct {
	Keys  []string // for Object: the name of each of Parts, "" for a spread
	On    *Expr    // for CallExpr: StreamChat.getInstance(k, s) in StreamChat.getInstance(k, s).createToken(id); for a && b: a
	Param *Param   // for Other: the parameter of a function that it is
}

// Keys are the names of an object's fields, one for each of Parts, "" for a spread.
//
//go:noinline
func (e *Expr) Keys() []string {
	if e.Rest == nil {
		return nil
	}
	return e.Rest.Keys
}

// On is what a call's method is called on, where that is a call itself; nil otherwise.
//
//go:noinline
func (e *Expr) On() *Expr {
	if e.Rest == nil {
		return nil
	}
	return e.Rest.On
}

// Param is the parameter of a function that the expression is, nil otherwise.
//
//go:noinline
func (e *Expr) Param() *Param {
	if e.Rest == nil {
		return nil
	}
	return e.Rest.Param
}

// CalledOn is the Rest of a call of something's method.
func CalledOn(x *Expr) *Rest {
	if x == nil {
		return nil
	}
	return &Rest{On: x}
}

// Param is a parameter: what it holds, the function's callers decide.
type Param struct {
	Func  string // the function's name, "new Class" for a constructor's
	Index int    // 0 for the first
	Key   string // the member of it that a pattern names, as a path; "" for all of it
}

// Import is one import, require, dynamic import or re-export.
type Import struct {
	From   string            // the specifier
	Names  map[string]string // local name → exported name; "default", "*" for the whole. A re-export's local name is the Text of the Ident in Exports; export * from has "*" → "*"
	Line   int
	Hoists bool // a statement, which runs before the module's other code; no require() or import()
}

// Call is a call whose callee is worth knowing: jwt.sign, new StreamChat,
// StreamChat.getInstance, connect, createToken, app.get/post/use/listen,
// router.*, fetch, axios.*, dotenv.config, express.json, cors, crypto.randomBytes …
type Call struct {
	Callee string // as written: jwt.sign, app.post, fetch, StreamChat.getInstance().createToken, require('dotenv').config
	New    bool
	Scope  Scope // for Module.Resolve
	Args   []Expr
	Line   int
	Func   string // the name of the function around it, where it has one
	On     *Expr  // what the method is called on, where that is a call itself
	At     int    // its place among the file's tokens
}

// Expr is the call as an expression; a constructor's has no "new".
func (c *Call) Expr() Expr {
	return Expr{Kind: CallExpr, Text: c.Callee, Parts: c.Args, Line: c.Line, Rest: CalledOn(c.On)}
}

// Field is an object field or an assignment a.b = x.
type Field struct {
	Name   string
	Expr   Expr
	Line   int
	Object string // the variable that the object is assigned to, as a path (config.stream), or the a of a.b = x; "this" for class fields; a JSX element's name for its attributes
	Scope  Scope
}

// Return is what a function gives back: return x, or the x of () => x.
type Return struct {
	Func  string // the function's own name; "" for one without
	Expr  Expr
	Line  int
	Scope Scope
}

// Span is where a function is.
type Span struct {
	Name        string // "" for one without
	First, Last int    // lines
	Scope       Scope
}

// Comment is a comment with something that looks like code in it.
type Comment struct {
	Text string // without its marks
	Line int    // where it begins
}

// maxSource bounds what is read of one file.
const maxSource = 16 << 20

// Read reads a source text. name tells the dialect by its ending
// (.js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte, and .html, .astro for
// the scripts in them).
func Read(name string, src []byte) (m Module) {
	p := newParser()
	defer func() {
		// A fault of this package costs the rest of one file, never the program.
		if recover() != nil {
			p.m.Strict = false
			m = p.m
		}
	}()
	p.module(name, src)
	p.m.Kept = p.kept
	return p.m
}

func newParser() *parser {
	return &parser{m: Module{Exports: map[string]Expr{}, Consts: map[string]Expr{}, Strict: true, scopes: []scope{{parent: -1}}}}
}

func (p *parser) module(name string, src []byte) {
	if len(src) > maxSource {
		src, p.m.Strict = src[:maxSource], false
	}
	s := newScanner(src)
	for _, b := range blocks(name, src) {
		s.scan(b)
		if b.src != "" {
			p.m.Imports = append(p.m.Imports, Import{From: b.src, Line: b.line, Hoists: true})
		}
	}
	if strings.EqualFold(path.Ext(name), ".astro") && bytes.HasPrefix(src, []byte("---")) {
		p.m.Front = 1 + bytes.Count(src[:blocks(name, src)[0].to], []byte("\n"))
	}
	p.m.Strict = p.m.Strict && !s.lost && !s.full
	p.m.Comments = s.comments
	p.src, p.toks, p.ts = s.src, s.toks, s.ts
	p.m.Directives = p.directives()
	p.program()
	p.m.Full = p.m.Full || s.full
}

// directives are the strings that are statements before all code.
func (p *parser) directives() (out []string) {
	for i := 0; i < len(p.toks) && p.toks[i].tt == js.StringToken; i++ {
		ends := i+1 == len(p.toks) || p.toks[i+1].nl || p.toks[i+1].tt == js.SemicolonToken
		if !ends {
			break
		}
		if out = append(out, cook(inside(p.bytes(i)), false)); i+1 < len(p.toks) && p.toks[i+1].tt == js.SemicolonToken {
			i++
		}
	}
	return out
}
