package probe

import (
	"context"

	"badsig/checks/probe/files"
	"badsig/checks/probe/project"
	"badsig/checks/probe/vault"
)

// Reread reads the project once more, with a layer of edited files over it, as it
// would be read after a restart. Nothing is requested: which process listens and
// what Stream said to each key and secret are taken from the run before.
func Reread(ctx context.Context, was *vault.World, layer files.Layer) (*vault.World, error) {
	t := was.Target
	t.Static, t.Token, t.Browser = true, "", "" // what the browser did was before the edit
	w := vault.New(t)
	p, err := project.Read(files.With(ctx, layer), w)
	if err != nil {
		return nil, err
	}
	w.CarryProcess(was)
	if err := project.Resolve(w, p); err != nil {
		return nil, err
	}
	w.CarryPairs(was)
	return w, ctx.Err()
}
