package modules

import "path"

// HasMarkup tells a module of components.
func (m *Module) HasMarkup() bool {
	switch path.Ext(m.Rel) {
	case ".tsx", ".jsx", ".vue", ".svelte", ".astro", ".html":
		return true
	}
	return false
}
