package resolve

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/project/picture"
)

// nativeKeys are the keys of the app that requests the endpoint; of several
// apps with different keys, where none is known to, none.
func nativeKeys(p *picture.Reader, f *facts.Facts) []int {
	distinct := func(keys []picture.NativeKey) bool {
		for _, k := range keys[min(1, len(keys)):] {
			if f.Values[k.ID].Clean != f.Values[keys[0].ID].Clean {
				return true
			}
		}
		return false
	}
	keys := p.Native.Keys
	if distinct(keys) {
		var own []picture.NativeKey
		if x := f.Fetch(); x != nil {
			for _, k := range keys {
				if k.App == "" || affix.HasPrefix(x.File, k.App+"/") {
					own = append(own, k)
				}
			}
		}
		keys = own
	}
	if distinct(keys) {
		return nil
	}
	var ids []int
	for _, k := range keys {
		ids = append(ids, k.ID)
	}
	return ids
}
