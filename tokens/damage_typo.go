package tokens

// Rules of this file:
//   - typos are tried only on ASCII secrets, up to maxTypo bytes: a position is
//     both a byte and a character
//   - a typo of one character is tried exhaustively; of two, every deletion,
//     exchange and replacement, and every pair of these that is not millions;
//     last of all every pair of replacements

const maxTypo = 256

// typoAlphabet is what a typed character can be: those of Stream's secrets first,
// so that they can be used alone.
const (
	typoAlphabet = secretAlphabet + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

	secretAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
)

const (
	idReplaced = "char-replaced"
	idMissing  = "char-missing"
	idExtra    = "char-extra"
	idSwapped  = "chars-swapped"
)

func typoRows() []row {
	return []row{
		{Damage: Damage{idReplaced, causeTypo, "with one character replaced by another"}, many: func(m *maker, s []byte) { eachByte(m, s, replaced) }},
		{Damage: Damage{idMissing, causeTypo, "with one character missing"}, many: func(m *maker, s []byte) { eachByte(m, s, missing) }},
		{Damage: Damage{idExtra, causeTypo, "with one character too many"}, many: func(m *maker, s []byte) { eachByte(m, s, extraByte) }},
		{Damage: Damage{idSwapped, causeTypo, "with two neighboring characters swapped"}, many: func(m *maker, s []byte) { eachByte(m, s, swapped) }},
	}
}

// typoable reports whether typos are tried on s.
func typoable(s []byte) bool {
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return len(s) >= 2 && len(s) <= maxTypo
}

// edit makes every variant of one kind of typo at one place of s, in place: it
// calls then with the text changed and puts it back afterwards.
type edit func(m *maker, s []byte, at int, letters string, then func(s []byte))

func eachByte(m *maker, s []byte, e edit) {
	if !typoable(s) {
		return
	}
	work := append(make([]byte, 0, len(s)+2), s...)
	give := func(v []byte) { m.give(v, s) }
	for at := 0; at <= len(s) && !m.stop; at++ {
		m.pos[0], m.np = at, 1
		e(m, work, at, typoAlphabet, give)
	}
}

func replaced(m *maker, s []byte, at int, letters string, then func([]byte)) {
	if at >= len(s) {
		return
	}
	was := s[at]
	for i := 0; i < len(letters) && !m.stop; i++ {
		if s[at] = letters[i]; s[at] != was {
			then(s)
		}
	}
	s[at] = was
}

func missing(m *maker, s []byte, at int, _ string, then func([]byte)) {
	if at >= len(s) {
		return
	}
	was := s[at]
	copy(s[at:], s[at+1:])
	then(s[:len(s)-1])
	copy(s[at+1:], s[at:len(s)-1])
	s[at] = was
}

// extraByte needs room for one more byte after s.
func extraByte(m *maker, s []byte, at int, letters string, then func([]byte)) {
	if cap(s) <= len(s) {
		return
	}
	long := s[:len(s)+1]
	copy(long[at+1:], s[at:])
	for i := 0; i < len(letters) && !m.stop; i++ {
		long[at] = letters[i]
		then(long)
	}
	copy(s[at:], long[at+1:])
}

func swapped(m *maker, s []byte, at int, _ string, then func([]byte)) {
	if at+1 >= len(s) || s[at] == s[at+1] {
		return
	}
	s[at], s[at+1] = s[at+1], s[at]
	then(s)
	s[at], s[at+1] = s[at+1], s[at]
}

// lookAlikes are characters that are easily confused.
var lookAlikes = map[byte]string{
	'0': "oO", 'o': "0O", 'O': "0o", '1': "lIi", 'l': "1Ii", 'I': "1li", 'i': "l1jI", 'j': "i",
	'5': "sS", 's': "5S", 'S': "5s", '2': "zZ", 'z': "2Z", '8': "B", 'b': "6hd", '6': "bG", '9': "gq",
	'g': "9q", 'q': "9gp", 'p': "q", 'd': "b", 'u': "vn", 'v': "uyw", 'n': "mu", 'm': "n", 'w': "v",
	'c': "e", 'e': "c", 'f': "t", 't': "f7", '7': "1t", 'y': "vz", 'h': "b", 'r': "n", 'a': "o", 'x': "k", 'k': "x", '3': "8", '4': "9",
}

// typo2 is one class of two-character typos: the first edit at a position, the
// second at every later position.
type typo2 struct {
	ids           [2]string
	first, second edit
	similar       bool // replacements by look-alikes only
	anywhere      bool // the second edit also before the first
	last          bool // millions: tried when everything else has failed
}

// typoPairs lists the classes, cheap ones first.
var typoPairs = []typo2{
	{ids: [2]string{idSwapped, idSwapped}, first: swapped, second: swapped},
	{ids: [2]string{idMissing, idMissing}, first: missing, second: missing},
	{ids: [2]string{idReplaced, idReplaced}, first: replaced, second: replaced, similar: true},
	{ids: [2]string{idReplaced, idSwapped}, first: replaced, second: swapped, anywhere: true},
	{ids: [2]string{idMissing, idSwapped}, first: missing, second: swapped, anywhere: true},
	{ids: [2]string{idMissing, idReplaced}, first: missing, second: replaced, anywhere: true},
	{ids: [2]string{idMissing, idExtra}, first: missing, second: extraByte, anywhere: true},
	{ids: [2]string{idExtra, idSwapped}, first: extraByte, second: swapped, anywhere: true},
	{ids: [2]string{idReplaced, idReplaced}, first: replaced, second: replaced, last: true},
}

// pair emits every variant of the class whose first edit is at the place at.
// work holds s with two bytes of room and is left as it was.
func (m *maker) pair(t *typo2, work, s []byte, at int) {
	letters := secretAlphabet
	if t.similar {
		if at >= len(s) {
			return
		}
		letters = lookAlikes[s[at]]
	}
	m.ids, m.n = t.ids, 2
	give := func(v []byte) { m.give(v, s) }
	t.first(m, work, at, letters, func(once []byte) {
		from := at + 1
		if t.anywhere {
			from = 0
		}
		for second := from; second <= len(once) && !m.stop; second++ {
			letters := secretAlphabet
			if t.similar {
				if second >= len(s) {
					break
				}
				letters = lookAlikes[s[second]]
			}
			m.pos, m.np = [2]int{at, second}, 2
			t.second(m, once, second, letters, give)
		}
	})
}
