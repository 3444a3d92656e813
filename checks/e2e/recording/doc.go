// Package recording records the console on a pseudo-terminal for the README's picture: a cast of what the program
// really writes, and the SVG that is drawn of it. Its tests keep both current.
package recording
