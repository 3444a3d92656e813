package langread

import "badsig/checks/probe/langread/flow"

// Rules of this package:
//   - no input makes it fail, panic or hang: steps and nesting are bounded, and text that isn't understood is skipped up to the next statement
//   - nothing is guessed: what couldn't be followed is Unknown, and what has several possible values has all of them
//   - it opens no file and knows nothing of the project around the sources that it gets

// unread are the languages that have Stream backends and aren't read.
var unread = map[string]string{
	".ex": "Elixir", ".exs": "Elixir", ".rs": "Rust", ".scala": "Scala", ".clj": "Clojure", ".erl": "Erlang", ".fs": "F#", ".groovy": "Groovy", ".pl": "Perl", ".cr": "Crystal",
}

// Language gives the name of the language of a file by its extension; "" where
// it isn't read.
func Language(ext string) string {
	if l := flow.Languages[ext]; l != nil {
		return l.Name
	}
	return ""
}

// Unread gives the name of a backend language that badsig doesn't read.
func Unread(ext string) string { return unread[ext] }
