package tokens

import ()

// Rules of this file:
//   - a signature is read in every encoding it may have, and what an HMAC must begin with is a goal

// goal is one reading of the signature: what an HMAC must begin with.
type goal struct {
	size     int    // of the HMAC: 32, 48, 64
	want     []byte // its beginning
	cut      bool   // fewer bytes than size
	encoding string
}

const minProof = 16 // bytes of a signature that are proof

// goalsOf lists the readings of a token's signature.
func goalsOf(t Token) []goal {
	if len(t.Segments) < 3 || t.Segments[2] == "devtoken" {
		return nil
	}
	text := t.Segments[2]
	var readings []goal
	b, how, _ := decodeSegment(text)
	if how == encPadding {
		how = encBase64
	}
	readings = append(readings, goal{want: b, encoding: how})
	for _, hexText := range []string{text, string(b)} {
		if h, ok := hexSegment(hexText[:len(hexText)&^1], -1); ok && len(h) >= minProof {
			readings = append(readings, goal{want: h, encoding: encHex})
		}
	}
	var goals []goal
	for _, g := range readings {
		sizes := []int{macSize(t.Alg())}
		if n := len(g.want); n != sizes[0] && (n == 32 || n == 48 || n == 64) || sizes[0] == 0 {
			sizes = append(sizes, min(max((n+15)/16*16, 32), 64))
		}
		for _, size := range sizes {
			if size == 0 || len(g.want) < minProof {
				continue
			}
			goals = append(goals, goal{size, g.want[:min(len(g.want), size)], len(g.want) < size, g.encoding})
		}
	}
	return goals
}
