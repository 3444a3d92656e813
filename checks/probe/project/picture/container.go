package picture

// Container is how Compose or docker run starts a program of the project.
type Container struct {
	Dir    string          // the folder of the program that it is built of, relative
	File   string          // what says so
	Frame  string          // the platform that alone reads it; "" for any program
	Names  map[string]bool // what its environment names, whether the file gives a value or the shell does
	Values map[string]int  // name → Value.ID
	Vars   string          // the .env file that fills ${NAME}
	Takes  []string        // the variables of that file that it names
	Lacks  []string        // what it should fill and doesn't have: the shell has it, or nothing
}
