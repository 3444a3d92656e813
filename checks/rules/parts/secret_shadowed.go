package parts

import "badsig/checks/affix"

func IsJS(file string) bool {
	for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"} {
		if affix.HasSuffix(file, ext) {
			return true
		}
	}
	return false
}
