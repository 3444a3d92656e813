// Package langread reads the backends of other languages than JavaScript
// (Python, Go, PHP, Ruby, Java, Kotlin and C#) as far as a Stream token
// depends on them: where it is signed, with which variables or literals, for
// which user, and which route leads there.
//
// A file becomes tokens (comments are gone, strings are strings), tokens
// become a small tree that is the same for all these languages, and one
// resolver follows names through it.
package langread

// Rules of this package:
//   - no input makes it fail, panic or hang: steps and nesting are bounded, and text that isn't understood is skipped up to the next statement
//   - nothing is guessed: what couldn't be followed is Unknown, and what has several possible values has all of them
//   - it opens no file and knows nothing of the project around the sources that it is given

// The languages.
const (
	Python = "python"
	Go     = "go"
	PHP    = "php"
	Ruby   = "ruby"
	Java   = "java"
	Kotlin = "kotlin"
	CSharp = "csharp"
)

// family is a way of writing comments, strings and blocks.
type family uint8

const (
	famC family = iota
	famPython
	famRuby
	famPHP
)

// language is one row of the table of languages.
type language struct {
	name     string
	family   family
	newlines bool // a statement ends at a newline
	nested   bool // /* comments */ nest
	chars    bool // 'x' is a character, not a string
	raw      byte // the quote of strings without escapes, besides
	typed    bool // declarations begin with a type: Type name
	trailing bool // a block after a call is its last argument
}

var languages = map[string]*language{
	".py":   {name: Python, family: famPython, newlines: true},
	".go":   {name: Go, family: famC, newlines: true, chars: true, raw: '`'},
	".php":  {name: PHP, family: famPHP},
	".rb":   {name: Ruby, family: famRuby, newlines: true},
	".ru":   {name: Ruby, family: famRuby, newlines: true},
	".java": {name: Java, family: famC, chars: true, typed: true},
	".kt":   {name: Kotlin, family: famC, newlines: true, nested: true, chars: true, trailing: true},
	".kts":  {name: Kotlin, family: famC, newlines: true, nested: true, chars: true, trailing: true},
	".cs":   {name: CSharp, family: famC, chars: true, typed: true},
}

// unread are the languages that have Stream backends and aren't read.
var unread = map[string]string{
	".ex": "Elixir", ".exs": "Elixir", ".rs": "Rust", ".scala": "Scala", ".clj": "Clojure", ".erl": "Erlang", ".fs": "F#", ".groovy": "Groovy", ".pl": "Perl", ".cr": "Crystal",
}

// Language gives the name of the language of a file by its extension; "" where
// it isn't read.
func Language(ext string) string {
	if l := languages[ext]; l != nil {
		return l.name
	}
	return ""
}

// Unread gives the name of a backend language that badsig doesn't read.
func Unread(ext string) string { return unread[ext] }
