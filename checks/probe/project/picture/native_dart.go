package picture

type dartTree struct {
	Files   map[string]bool
	Imports map[string][]string
}
