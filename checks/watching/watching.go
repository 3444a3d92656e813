// Package watching is what the console and check --watch share: which files decide
// about a token, what changed, the backend as a child, and what is remembered of a project.
package watching
