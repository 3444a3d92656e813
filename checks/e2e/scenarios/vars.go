package scenarios

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// streamLetters are the characters seen in Stream's keys and secrets: no 0, 1, i, l, o.
const streamLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// vars are the strings that replace {{NAME}} in a scenario.
type vars map[string]string

// newVars invents keys and secrets that belong to one scenario: the same ones in each run.
func newVars(name, letters string) vars {
	if letters == "" {
		letters = streamLetters
	}
	v := vars{}
	for _, n := range []string{"1", "2", "3", "4"} {
		v["K"+n] = "k" + invent(name+"/K"+n, streamLetters, 11)
		v["S"+n] = invent(name+"/S"+n, letters, 63) + "q"
		if letters != streamLetters {
			v["S"+n] = invent(name+"/S"+n, letters, 64)
		}
	}
	s := v["S1"]
	v["S1.upper"] = strings.ToUpper(s)
	v["S1.cut"] = s[:63]
	v["S1.cutfirst"] = s[1:]
	v["S1.half"] = s[:32]
	v["S1.typo"] = s[:20] + other(s[20]) + s[21:]
	v["S1.typo2"] = s[:20] + other(s[20]) + s[21:40] + other(s[40]) + s[41:]
	v["S1.swap"] = s[:30] + string(s[31]) + string(s[30]) + s[32:]
	if s[30] == s[31] {
		v["S1.swap"] = v["S1.typo"]
	}
	v["S1.b64"] = base64.StdEncoding.EncodeToString([]byte(s))
	v["S1.hex"] = hex.EncodeToString([]byte(s))
	if b, err := base64.StdEncoding.DecodeString(s); err == nil {
		v["S1.unb64"] = string(b)
	}
	if b, err := hex.DecodeString(s); err == nil {
		v["S1.unhex"] = string(b)
	}
	v["K1.typo"] = v["K1"][:5] + other(v["K1"][5]) + v["K1"][6:]
	return v
}

func other(c byte) string {
	i := strings.IndexByte(streamLetters, c)
	return string(streamLetters[(i+7)%len(streamLetters)])
}

func invent(seed, letters string, n int) string {
	out := make([]byte, 0, n)
	for h := sha256.Sum256([]byte("invented " + seed)); len(out) < n; h = sha256.Sum256(h[:]) {
		for _, b := range h {
			if len(out) < n {
				out = append(out, letters[int(b)%len(letters)])
			}
		}
	}
	return string(out)
}

// fill replaces every {{NAME}} of a string.
func (v vars) fill(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	pairs := make([]string, 0, 2*len(v))
	for k, s := range v {
		pairs = append(pairs, "{{"+k+"}}", s)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
