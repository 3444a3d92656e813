// Package envfile reads .env files as the loaders read them that projects
// really use: each dialect has its own treatment of quotes, comments, blanks,
// CRLF, BOM, export, duplicates and $.
package envfile

// Dialect is one loader's way of reading.
type Dialect string

// The dialects.
const (
	Dotenv       Dialect = "dotenv"        // dotenv 16 to 18
	DotenvExpand Dialect = "dotenv-expand" // dotenv with dotenv-expand: Vite, Next, CRA
	NodeEnvFile  Dialect = "node-env-file" // node --env-file
	Shell        Dialect = "shell"         // set -a; . ./.env
	Docker       Dialect = "docker"        // docker run --env-file: quotes are kept
	Compose      Dialect = "compose"
	PythonDotenv Dialect = "python-dotenv"
	GoDotenv     Dialect = "godotenv"
)

// Line is one assignment, as a dialect reads it.
type Line struct {
	Name      string
	Value     []byte // what the program gets
	Written   []byte // what stands behind the = up to the end of the line (or of the quoted value), untouched
	Line      int    // 1-based
	Commented bool   // "# NAME=value": no assignment, told apart so that nobody is accused
	Duplicate bool   // a later line of the same file sets the name again
}

// File is a .env file's text, read in one dialect.
type File struct {
	Encoding string // utf-8, utf-8-bom, utf-16le, utf-16be
	Lines    []Line
	Notes    []string // unclosed quote, line without = …
}

// Read reads data in a dialect. vars are the variables that $NAME may refer to
// beside those of the file itself (only dialects that expand use them).
func Read(data []byte, d Dialect, vars map[string]string) File { panic("scaffold") }
