package files

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func (w *walker) folder(dir string, s *scratch) {
	d, err := openFolder(filepath.Join(w.root, filepath.FromSlash(dir)))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.note("%s: cannot be read", cmp.Or(dir, "."))
			s.miss(cmp.Or(dir, "."))
			s.skipped++
		}
		return
	}
	defer d.Close()
	for _, e := range w.added(dir) {
		w.entry(d, dir, e, s)
	}
	for n := 0; ; {
		list, err := d.ReadDir(512)
		n += len(list)
		if w.entries.Add(int64(len(list))) > maxEntries || n > maxDirEntries {
			s.note("%s: too many files, the rest was left out", cmp.Or(dir, "."))
			s.skipped++
			return
		}
		for _, e := range list {
			if w.ctx.Err() != nil {
				return
			}
			w.entry(d, dir, e, s)
		}
		if err != nil || len(list) == 0 {
			if err != nil && err != io.EOF {
				s.note("%s: cannot be read to its end", cmp.Or(dir, "."))
			}
			return
		}
	}
}

// join is path.Join for a folder as the walk names it and a name in it.
func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

func (w *walker) entry(d folder, dir string, e fs.DirEntry, s *scratch) {
	name := e.Name()
	t := e.Type()
	if t.IsDir() {
		switch {
		case buildDirs[name]:
			s.builds = append(s.builds, join(dir, name))
		case strings.HasSuffix(name, ".xcodeproj"):
			s.files = append(s.files, File{Rel: join(dir, name), Kind: KindApp})
		case skipDirs[name], name[0] == '.' && !hiddenDirs[name], strings.Count(dir, "/") > 23:
		default:
			s.dirs = append(s.dirs, join(dir, name))
		}
		return
	}
	kind := kindOf(dir, name)
	if kind == kindNone {
		return
	}
	if t != 0 && t&fs.ModeSymlink == 0 {
		s.note("%s: not a regular file, left alone", join(dir, name))
		s.skipped++
		return
	}
	if t&fs.ModeSymlink != 0 {
		info, err := os.Stat(filepath.Join(d.Name(), name))
		// What /proc calls a regular file has no size, and may never end.
		if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			return // a dangling link, or one to a folder, a FIFO …
		}
	}
	if kind == KindJS || kind == kindData || name == "app.json" { // Expo's, which its apps read
		s.code = append(s.code, name)
	}
	if strings.HasSuffix(name, ".dart") {
		s.dart = append(s.dart, join(dir, name))
	}
	if kind == kindData {
		return
	}
	if kind == KindLock || kind == KindMark {
		s.files = append(s.files, File{Rel: join(dir, name), Kind: kind})
		return
	}
	if w.sources.Add(1) > maxSourceFiles || w.size.Load() > maxSourceBytes {
		s.note("more than %d source files: the rest was left out", maxSourceFiles)
		s.skipped++
		return
	}
	src, mod, err := w.read(d, dir, name, &s.buf, maxFor(kind))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotRegular):
		return
	case errors.Is(err, errTooLarge):
		s.skipped++
		if kind == KindEnv {
			s.miss(join(dir, name))
		}
		if kind != KindJS {
			s.note("%s: too large, left alone", join(dir, name))
		}
		return
	case err != nil:
		s.note("%s: cannot be read", join(dir, name))
		if kind == KindEnv {
			s.miss(join(dir, name))
		}
		s.skipped++
		return
	}
	w.size.Add(int64(len(src)))
	if (kind == KindJS || kind == KindCode || kind == KindINI) && (!strings.Contains(name, ".config.") && name != "setupProxy.js" && !strings.HasPrefix(name, "middleware.") && !strings.HasPrefix(name, "proxy.") && !Mentions(src) && !(kind == KindCode && routesSomething(name, src)) && !appMentions(name, src) || minified(name, src)) {
		return
	}
	if now := w.kept.Add(int64(len(src))); now > maxKeptBytes && (len(src) > smallFile || now > 2*maxKeptBytes) {
		s.note("not read: %s and what comes after it: the sources that have to do with Stream have more than %d MiB", join(dir, name), maxKeptBytes>>20)
		s.miss(join(dir, name))
		s.skipped++
		return
	}
	s.files = append(s.files, File{Rel: join(dir, name), Kind: kind, Src: bytes.Clone(src), Modified: mod})
}

func maxFor(k fileKind) int {
	if k == KindEnv {
		return 2 << 20
	}
	return MaxSourceSize
}

// What readBounded rejects.
var (
	errTooLarge   = errors.New("too large")
	errNotRegular = errors.New("not a regular file")
)
