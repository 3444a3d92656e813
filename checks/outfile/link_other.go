//go:build !unix

package outfile

// noFollow is nothing here: links are looked for before a file is opened.
const noFollow = 0
