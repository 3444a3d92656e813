package tokens

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Rules of this file, about secrets that badsig doesn't know:
//   - what has the shape of a Stream secret is taken out, as it is, in hex, in numbers, in base64, with escapes or invisible
//     characters, and over two lines
//   - so are parts of one: of 28 characters anywhere, of 16 where a name says that it is a secret or where it is written otherwise
//   - hashes, commits, UUIDs, integrity values, host names, Nix's paths and shorter IDs stay: a reader needs them

// Words of letters and digits of this length look like a secret, complete, doubled
// or with a few characters missing. All hex is a hash or an id: Stream's secrets
// have every letter.
const (
	shortestSecret = 50
	longestSecret  = 160
	shortestPart   = 28 // longer than a CUID, a ULID or an ID of Firebase's (whose letters are of both cases)
	shortestNamed  = 16
	shortestTorn   = 12 // before the end of a line
)

// RedactSecrets replaces every word that looks like a Stream API secret with its
// length, because a string may contain a secret that badsig doesn't know. The words
// in keep stay.
func RedactSecrets(text string, keep ...string) string {
	if len(text) < shortestNamed {
		return text
	}
	found := secretShapes(text, keep)
	if len(found) == 0 {
		return text
	}
	sort.Slice(found, func(i, j int) bool { return found[i].from < found[j].from })
	var b strings.Builder
	last := 0
	for i := 0; i < len(found); {
		f := found[i]
		for i++; i < len(found) && found[i].from < f.to; i++ {
			f.to = max(f.to, found[i].to)
		}
		b.WriteString(text[last:f.from])
		fmt.Fprintf(&b, "(%d characters)", f.to-f.from)
		last = f.to
	}
	b.WriteString(text[last:])
	return b.String()
}

// secretShapes are the places of what looks like a secret.
func secretShapes(text string, keep []string) (found []shredSpan) {
	add := func(from, to int) { found = append(found, shredSpan{from, to}) }
	escapes, torn := 0, false
	for i := 0; i < len(text); {
		if c := text[i]; !wordByte(c) {
			if c == '%' || c == '\\' || c == '&' || c >= 0x7F || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
				escapes++
			}
			i++
			continue
		}
		var s look
		end := i
		for ; end < len(text) && wordByte(text[end]); end++ {
			s.count(text[end])
		}
		if s.n >= shortestNamed {
			switch word := text[i:end]; {
			case slices.Contains(keep, word):
			case s.n >= shortestSecret && s.n <= longestSecret && s.digits > 0 && s.beyondHex > 0:
				if s.oneCase() || !integrity(text[:i]) {
					add(i, end)
				}
			case s.n < shortestSecret && s.random(shortestNamed) && (s.n >= shortestPart && !address(text, i, end) || named(text[:i])):
				add(i, end)
			case !s.oneCase() && len(secretShapes(fromBase64(word), nil)) > 0:
				add(i, end)
			}
		}
		torn = torn || s.digits > 0 && s.n >= shortestTorn && end < len(text) && (text[end] == '\n' || text[end] == '\r' || text[end] == '\\')
		i = end
	}
	if escapes > 0 || torn {
		shapesUnescaped(text, add)
	}
	may := readingsOf(text)
	if may.hex {
		var s [2]look
		hexBytes(text, [2]func(byte, int, int){s[0].take(add), s[1].take(add)})
	}
	if may.numbers {
		var s look
		numberBytes(text, s.take(add))
	}
	return found
}

// look is what a run of letters and digits looks like.
type look struct {
	n, digits, turns, beyondHex, upper, lower int
	before                                    bool // the last one is a digit
	from, to                                  int
}

// count adds a letter or a digit.
//
//go:noinline
func (s *look) count(c byte) {
	digit := c <= '9'
	switch {
	case digit:
		s.digits++
	case c >= 'a':
		s.lower++
	default:
		s.upper++
	}
	if !digit && c|0x20 > 'f' {
		s.beyondHex++
	}
	if s.n > 0 && digit != s.before {
		s.turns++
	}
	s.before = digit
	s.n++
}

func (s *look) oneCase() bool { return s.upper == 0 || s.lower == 0 }

// random tells letters and digits that come as chance has it from words with numbers.
func (s *look) random(least int) bool {
	return s.n >= least && s.oneCase() && s.digits >= s.n/8 && s.turns >= s.n/6 && s.beyondHex >= s.n/6
}

// take returns the function that receives the bytes of a secret that is written in another way.
//
//go:noinline
func (s *look) take(add func(from, to int)) func(c byte, start, end int) {
	return func(c byte, start, end int) {
		if !wordByte(c) || start < 0 {
			*s = look{}
			return
		}
		if s.count(c); s.n == 1 {
			s.from = start
		}
		if s.random(shortestNamed) {
			add(s.from, end)
		}
	}
}

// shapesUnescaped finds secrets with escapes or invisible characters, and those that go on in the next line.
func shapesUnescaped(text string, add func(from, to int)) {
	var line, s look // the line before, and what is read
	end := 0
	stop := func() {
		if s.to-s.from > s.n && s.random(shortestNamed) {
			add(s.from, s.to)
		}
	}
	unescaped(text, func(c byte, start, to int) {
		if start > end {
			gap := text[end:start]
			switch eol := strings.TrimLeft(gap, "\r\n\\nr \t"); {
			case eol == "" && strings.ContainsAny(gap, "\nn"):
				stop()
				line, s = s, look{}
			case strings.ContainsAny(gap, " \t\r\n"), gap[0] == '&', strings.HasPrefix(gap, "%2"), strings.HasPrefix(gap, `\t`):
				stop()
				line, s = look{}, look{}
			}
		}
		end = to
		if !wordByte(c) {
			stop()
			line, s = look{}, look{}
			return
		}
		if s.count(c); s.n == 1 {
			s.from = start
		}
		if s.to = to; line.n > 0 && line.n+s.n >= shortestSecret+10 && line.n+s.n <= shortestSecret+18 && (to == len(text) || !wordByte(text[to])) {
			both := s
			both.n, both.digits, both.turns, both.beyondHex = s.n+line.n, s.digits+line.digits, s.turns+line.turns, s.beyondHex+line.beyondHex
			both.upper, both.lower = s.upper+line.upper, s.lower+line.lower
			if both.random(shortestSecret) {
				add(line.from, to)
			}
		}
	})
	stop()
}

// integrity reports whether a string ends with what is before a hash in base64.
func integrity(before string) bool {
	i := strings.LastIndexByte(before, 's')
	return i >= 0 && len(before)-i < 100 && strings.HasPrefix(before[i:], "sha") && !strings.ContainsAny(before[i:], " \t\r\n\"'")
}

// address reports whether a word is a part of a host's name, or of a package of Nix.
func address(text string, from, to int) bool {
	return to+1 < len(text) && text[to] == '.' && wordByte(text[to+1]) || strings.HasSuffix(text[:from], "store/")
}

// named reports whether a string ends with a name that says that what follows is a secret.
func named(before string) bool {
	before = before[max(0, len(before)-60):]
	name := strings.TrimRight(before, " \t\"'`:=>(")
	if name == before {
		return false
	}
	name = strings.ToLower(name[strings.LastIndexAny(name, " \t\r\n\"'`:=,;({")+1:])
	return strings.Contains(name, "secret") || strings.Contains(name, "passw") || strings.Contains(name, "passphrase")
}

func wordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
