package modules

// HasPage tells a route module that shows a page, too.
func (m *Module) HasPage() bool {
	_, page := m.Exports["default"]
	return page
}
