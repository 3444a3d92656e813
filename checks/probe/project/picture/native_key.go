package picture

// Declares tells a name that is declared rather than called.
func (s *NativeSource) Declares(i int) bool {
	if i == 0 || s.Toks[i-1].Kind != 'w' {
		return false
	}
	switch s.Toks[i-1].Text {
	case "class", "func", "fun", "struct", "void", "interface", "extends", "enum":
		return true
	}
	return false
}
