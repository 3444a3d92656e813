package picture

// Container is how Compose or docker run starts a program of the project.
type Container struct {
	Dir    string          // the folder of the program that it is built of, relative
	File   string          // what says so
	Frame  string          // the platform that alone reads it; "" for any program
	Names  map[string]bool // what its environment names, whether the file gives a value or the shell does
	Values map[string]int  // name → Value.ID
}
