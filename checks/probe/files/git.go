package files

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
)

// maxIndex bounds the git index that is read: about a million files.
const maxIndex = 128 << 20

// ReadGit reads which of the project's files git tracks, from the index
// itself (gitformat-index(5)). Without one, or with one that is not
// understood, nothing is known and nil comes back.
func ReadGit(root string) func(rel string) bool {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	for dir := abs; ; dir = filepath.Dir(dir) {
		if index := gitIndex(dir); index != "" {
			prefix, err := filepath.Rel(dir, abs)
			if err != nil {
				return nil
			}
			prefix = filepath.ToSlash(prefix)
			if prefix == "." {
				prefix = ""
			} else {
				prefix += "/"
			}
			names := readIndex(index, prefix)
			if names == nil {
				return nil
			}
			return func(rel string) bool { return names[rel] }
		}
		if filepath.Dir(dir) == dir {
			return nil
		}
	}
}

// gitIndex gives the path of a folder's index, "" for none.
func gitIndex(dir string) string {
	dot := filepath.Join(dir, ".git")
	info, err := os.Stat(dot)
	if err != nil {
		return ""
	}
	if !info.IsDir() { // a worktree or submodule: "gitdir: PATH"
		if !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > 4096 {
			return ""
		}
		b, err := os.ReadFile(dot)
		if err != nil {
			return ""
		}
		to, ok := strings.CutPrefix(strings.TrimSpace(string(b)), "gitdir:")
		if !ok {
			return ""
		}
		dot = strings.TrimSpace(to)
		if !filepath.IsAbs(dot) {
			dot = filepath.Join(dir, dot)
		}
	}
	return filepath.Join(dot, "index")
}

// readIndex gives the names under a prefix, the prefix cut off; nil where the
// index is not understood.
func readIndex(name, prefix string) map[string]bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > maxIndex {
		return nil
	}
	b, err := os.ReadFile(name)
	if err != nil || len(b) < 12 || string(b[:4]) != "DIRC" {
		return nil
	}
	version, count := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	if version < 2 || version > 4 {
		return nil
	}
	names := map[string]bool{}
	off, last := 12, []byte(nil)
	for range count {
		const fixed = 62 // stat data, object name (SHA-1) and flags
		if off+fixed > len(b) {
			return nil
		}
		flags := binary.BigEndian.Uint16(b[off+60:])
		start := off + fixed
		if version >= 3 && flags&0x4000 != 0 {
			start += 2
		}
		var entry []byte
		if version == 4 {
			strip, n := offsetVarint(b, start)
			if n == 0 || strip > len(last) {
				return nil
			}
			end := bytes.IndexByte(b[min(start+n, len(b)):], 0)
			if end < 0 {
				return nil
			}
			entry = append(bytes.Clone(last[:len(last)-strip]), b[start+n:start+n+end]...)
			off = start + n + end + 1
		} else {
			if start > len(b) {
				return nil
			}
			end := bytes.IndexByte(b[start:], 0)
			if end < 0 {
				return nil
			}
			entry = b[start : start+end]
			size := start + end - off
			off += (size + 8) &^ 7
		}
		last = entry
		if rest, ok := bytes.CutPrefix(entry, []byte(prefix)); ok {
			names[string(rest)] = true
		}
	}
	return names
}

// offsetVarint reads git's variable-width offset.
func offsetVarint(b []byte, at int) (v, n int) {
	for n = 0; at+n < len(b) && n < 5; n++ {
		c := b[at+n]
		if n > 0 {
			v = (v + 1) << 7
		}
		v |= int(c & 0x7F)
		if c&0x80 == 0 {
			return v, n + 1
		}
	}
	return 0, 0
}
