package files

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// Rules of this file:
//   - a layer is put over the project's files for one reading: what it has is read in their place, and nothing is written
//   - a file of a layer that isn't on disk is read as a new one

// Layer is what files would hold after an edit, by their paths relative to the project.
type Layer map[string][]byte

type layerKey struct{}

// With gives a context in which Walk reads a layer in the place of the files that it has.
func With(ctx context.Context, l Layer) context.Context { return context.WithValue(ctx, layerKey{}, l) }

func layerOf(ctx context.Context) Layer {
	l, _ := ctx.Value(layerKey{}).(Layer)
	return l
}

// Abs is the path of a file of the project.
//
//go:noinline
func (t *Tree) Abs(rel string) string { return filepath.Join(t.Root, filepath.FromSlash(rel)) }

// Read is Read of a file of the project.
func (t *Tree) Read(rel string, limit int) (data []byte, modified time.Time, ok bool) {
	if _, has := t.Layer[path.Clean(rel)]; !has {
		return Read(t.Abs(rel), limit)
	}
	var buf []byte
	data, modified, err := t.ReadBounded(rel, &buf, limit)
	return data, modified, err == nil
}

// ReadBounded is ReadBounded of a file of the project.
func (t *Tree) ReadBounded(rel string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	over, has := t.Layer[path.Clean(rel)]
	if !has {
		return ReadBounded(t.Abs(rel), buf, limit)
	}
	if len(over) > limit {
		return nil, mod, errTooLarge
	}
	_, mod, _ = ReadBounded(t.Abs(rel), buf, limit)
	return bytes.Clone(over), mod, nil
}

// Exists reports whether the project has a regular file.
func (t *Tree) Exists(rel string) bool {
	_, has := t.Layer[path.Clean(rel)]
	return has || Exists(t.Abs(rel))
}

// read reads a file of a folder that is walked through.
func (w *walker) read(d folder, dir, name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	over, has := w.layer[join(dir, name)]
	if !has {
		return d.read(name, buf, limit)
	}
	_, mod, err = d.read(name, buf, limit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, mod, err
	}
	if len(over) > limit {
		return nil, mod, errTooLarge
	}
	return over, mod, nil
}

// added are the files of the layer that a folder doesn't have on disk.
func (w *walker) added(dir string) []fs.DirEntry {
	var out []fs.DirEntry
	for rel := range w.layer {
		if DirOf(rel) == dir && !Exists(filepath.Join(w.root, filepath.FromSlash(rel))) {
			out = append(out, newEntry(path.Base(rel)))
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return bytes.Compare([]byte(a.Name()), []byte(b.Name())) })
	return out
}

// newEntry is a file that only a layer has.
type newEntry string

func (e newEntry) Name() string               { return string(e) }
func (e newEntry) IsDir() bool                { return false }
func (e newEntry) Type() fs.FileMode          { return 0 }
func (e newEntry) Info() (fs.FileInfo, error) { return nil, fs.ErrNotExist }
