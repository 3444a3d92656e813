// Package syntax makes a small tree of a source in Python, Go, PHP, Ruby, Java, Kotlin or C#.
package syntax

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
	FamC family = iota
	FamPython
	FamRuby
	FamPHP
)

// Language is one row of the table of languages.
type Language struct {
	Name     string
	Family   family
	Newlines bool // a statement ends at a newline
	Nested   bool // /* comments */ nest
	Chars    bool // 'x' is a character, not a string
	Raw      byte // the quote of strings without escapes, besides
	Typed    bool // declarations begin with a type: Type name
	Trailing bool // a block after a call is its last argument
}
