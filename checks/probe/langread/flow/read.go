package flow

// Place is a line.
type Place struct {
	File string
	Line int
}

// Guard is a line that turns a request away, or a check before the handler.
type Guard struct {
	Status int
	What   string // login, header …; "" where that isn't known
	File   string
	Line   int
}
