// Package jsread reads JavaScript and TypeScript source (also JSX, Vue and
// Svelte files) for what decides about a Stream token: environment reads and
// their fallbacks, literals, the calls of Stream's SDK and of JWT libraries,
// routes, ports, fetches, loaders. It works on tokens, so comments are
// comments; it never fails, and on text it cannot follow it resynchronises.
package jsread

// Module is what one file says. Positions are 1-based lines.
type Module struct {
	Imports  []Import
	Exports  map[string]Expr // name → what it holds; "default" for the default export
	Consts   map[string]Expr // top-level const, let, var: name → what it holds
	Calls    []Call          // calls worth knowing, with their arguments
	Fields   []Field         // object fields whose name is of a key, a secret, a URL or a port
	Reads    []Expr          // every environment read
	Comments []Comment       // comments that hold an assignment or a call of a known name
	Strict   bool            // false: the text could not be followed to its end
}

// ExprKind says what an expression is.
type ExprKind string

// The kinds of expression that jsread understands; everything else is Other.
const (
	Literal  ExprKind = "literal"  // 'text' or a template without holes: Text
	Env      ExprKind = "env"      // process.env.X, process.env['X'], import.meta.env.X, Deno.env.get('X'), Bun.env.X: Text is X, Meta tells import.meta
	Ident    ExprKind = "ident"    // a name, or a member path a.b.c: Text
	Either   ExprKind = "either"   // a || b, a ?? b, a ? b : c: Parts
	Template ExprKind = "template" // a template with holes, or a + b: Parts
	Wrapped  ExprKind = "wrapped"  // Buffer.from(x, 'base64'), x.trim(), String(x), x!, x as T: Text names the wrapping, Parts[0] is x
	Object   ExprKind = "object"   // { a: x }: Keys and Parts side by side; ...spread has key ""
	Number   ExprKind = "number"
	Func     ExprKind = "func" // a function; its body is not followed
	CallExpr ExprKind = "call" // f(x): Text is the callee, Parts the arguments
	Other    ExprKind = "other"
)

// Expr is an expression as far as it is understood.
type Expr struct {
	Kind  ExprKind
	Text  string
	Meta  bool // import.meta.env rather than process.env
	Parts []Expr
	Keys  []string
	Line  int
}

// Import is one import or require.
type Import struct {
	From  string            // the specifier
	Names map[string]string // local name → exported name; "default", "*" for the whole
	Line  int
}

// Call is a call whose callee is worth knowing: jwt.sign, new StreamChat,
// StreamChat.getInstance, connect, createToken, app.get/post/use/listen,
// router.*, fetch, axios.*, dotenv.config, express.json, cors, crypto.randomBytes …
type Call struct {
	Callee string // as written: jwt.sign, app.post, fetch
	New    bool
	Args   []Expr
	Line   int
	Func   string // the name of the function around it, where it has one
}

// Field is an object field or an assignment a.b = x.
type Field struct {
	Name   string
	Expr   Expr
	Line   int
	Object string // the variable that the object is assigned to, where there is one
}

// Comment is a comment with something that looks like code in it.
type Comment struct {
	Text string
	Line int
}

// Read reads a source text. name tells the dialect by its ending
// (.js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte).
func Read(name string, src []byte) Module { panic("scaffold") }
