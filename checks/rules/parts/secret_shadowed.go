package parts

import "strings"

func IsJS(file string) bool {
	for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"} {
		if strings.HasSuffix(file, ext) {
			return true
		}
	}
	return false
}
