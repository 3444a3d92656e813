//go:build unix

package outfile

import "golang.org/x/sys/unix"

// noFollow makes opening a link fail, also one that has come since it was looked for.
const noFollow = unix.O_NOFOLLOW
