package jsread

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkReadGrowth reads modules of double and double the length, of the
// kind that most are: the rate stays the same where the cost is linear.
func BenchmarkReadGrowth(b *testing.B) {
	for _, file := range []string{"server.js", "list.tsx"} {
		for _, n := range []int{100, 200, 400, 800} {
			b.Run(fmt.Sprintf("%s/parts=%d", file, n), func(b *testing.B) {
				var text strings.Builder
				for i := range n {
					fmt.Fprintf(&text, "// part %d\nconst secret%d = process.env.STREAM_API_SECRET || 'none%d'\n", i, i, i)
					fmt.Fprintf(&text, "app.post('/api/part%d', async (req, res) => {\n  const { userId } = req.body\n", i)
					fmt.Fprintf(&text, "  res.json({ token: client%d.createToken(userId), note: `for ${userId} of part %d` })\n})\n", i, i)
				}
				src := []byte(text.String())
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					Read(file, src)
				}
			})
		}
	}
}
