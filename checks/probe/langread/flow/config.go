package flow

// Config looks up what a configuration that isn't code holds.
type Config interface {
	// Property gives what is set at a path (stream.api.secret), the value that
	// counts first. ok is false where nothing sets it.
	Property(unit, path string) (list []Source, ok bool)
	// Argument gives what a container's configuration puts into a parameter of a class's constructor.
	Argument(class, param string) (list []Source, ok bool)
}
