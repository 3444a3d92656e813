package envfile

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRead reads files of double and double the lines: the rate stays the
// same where the cost is linear.
func BenchmarkRead(b *testing.B) {
	for _, d := range []Dialect{Dotenv, DotenvExpand, NextEnv, NodeEnvFile, Shell, Compose, PythonDotenv} {
		for _, n := range []int{1_000, 2_000, 4_000} {
			b.Run(fmt.Sprintf("%s/lines=%d", d, n), func(b *testing.B) {
				var text strings.Builder
				for i := range n / 4 {
					fmt.Fprintf(&text, "# the settings of part %d\nNAME_%d=plain value\nexport QUOTED_%d=\"with a # and $HOME\" # said why\n\n", i, i, i)
				}
				src := []byte(text.String())
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					Read(src, d, nil)
				}
			})
		}
	}
}
