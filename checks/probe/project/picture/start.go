package picture

import "badsig/checks/probe/modules"

// Starter is one way in which a script starts a program.
type Starter struct {
	Pkg       *modules.Package
	Script    string // its name in package.json, "" for none
	Task      string // its name in deno.json, "" for none
	Line      int
	Dir       string // the working folder, relative
	Tool      string // node, nodemon, tsx, next, vite, react-scripts, expo …
	Entry     string // the JS file it runs, relative; "" where it runs none
	Env       []Assignment
	EnvFiles  []string // --env-file and those of dotenv-cli and env-cmd, relative to dir
	Wrapper   bool     // envFiles are dotenv-cli's or env-cmd's
	Optional  bool     // --env-file-if-exists
	Preload   bool     // -r dotenv/config
	PreloadAt string   // dotenv_config_path=…
	Args      []string
}

// Assignment is NAME=value before a command.
type Assignment struct {
	Name, Value string
	File        string // that says so, "" for package.json
	Line        int
}
