package checks

// What this folder's other test package looks into.
var (
	View     = view
	ResultOf = resultOf
	Blocker  = blocker
)
