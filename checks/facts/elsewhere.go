package facts

// Elsewhere is an address on another host that the front end names, and that
// badsig doesn't request without being told to.
type Elsewhere struct {
	URL   string `json:"url"`
	Own   bool   `json:"own,omitempty"` // it is an address of this machine
	Place        // the line that holds it
}
