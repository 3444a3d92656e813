package tokens

import "slices"

// The cells of Align.
const (
	AlignSame    = '='
	AlignOther   = '!' // a different byte
	AlignExtra   = '+' // only b has it
	AlignMissing = '-' // only a has it
)

// maxAlign limits the length of each side; real secrets have 64 bytes.
const maxAlign = 160

// Align compares b with a, byte by byte, and marks each position (AlignSame …),
// with as few differences as possible. It doesn't reveal the bytes. It returns ""
// if a side is empty or longer than 160 bytes, or if less than half of a is left:
// those are two different secrets.
func Align(a, b Secret) string {
	x, y := a.bytes(), b.bytes()
	if len(x) == 0 || len(y) == 0 || len(x) > maxAlign || len(y) > maxAlign {
		return ""
	}
	// cost[i][j] is the number of edits from x[i:] to y[j:].
	cost := make([][]int, len(x)+1)
	for i := range cost {
		cost[i] = make([]int, len(y)+1)
	}
	for i := len(x); i >= 0; i-- {
		for j := len(y); j >= 0; j-- {
			switch {
			case i == len(x):
				cost[i][j] = len(y) - j
			case j == len(y):
				cost[i][j] = len(x) - i
			case x[i] == y[j]:
				cost[i][j] = cost[i+1][j+1]
			default:
				cost[i][j] = 1 + min(cost[i+1][j+1], cost[i+1][j], cost[i][j+1])
			}
		}
	}
	var out []byte
	same := 0
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j] && cost[i][j] == cost[i+1][j+1]:
			out = append(out, AlignSame)
			same, i, j = same+1, i+1, j+1
		case i < len(x) && j < len(y) && cost[i][j] == 1+cost[i+1][j+1]:
			out = append(out, AlignOther)
			i, j = i+1, j+1
		case i < len(x) && cost[i][j] == 1+cost[i+1][j]:
			out = append(out, AlignMissing)
			i++
		default:
			out = append(out, AlignExtra)
			j++
		}
	}
	if same*2 < len(x) {
		return ""
	}
	return string(slices.Clip(out))
}
