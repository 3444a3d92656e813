package tokens

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"unicode/utf8"
)

// codeRows are encodings, hashes and changes of case. Decoders are as lenient as
// those in use (Node's Buffer), because those did the signing.
func codeRows() []row {
	out := make([]row, 0, len(changes))
	for _, c := range changes {
		out = append(out, changeRow(c.cause, c.id, c.says, c.change, c.pair))
	}
	return out
}

// changes are the rows that one function makes of a secret. As plain data they are half as large as calls that make them.
var changes = []struct {
	cause, id, says string
	change          func(dst, s []byte) []byte
	pair            bool
}{
	{causeEncoding, "base64-decoded", "decoded as if it were base64", nodeBase64, true},
	{causeEncoding, "base64-encoded", "encoded in base64", base64.StdEncoding.AppendEncode, true},
	{causeEncoding, "base64url-encoded", "encoded in base64url", base64.RawURLEncoding.AppendEncode, false},
	{causeEncoding, "base64-encoded-unpadded", "encoded in base64 without padding", base64.RawStdEncoding.AppendEncode, false},
	{causeEncoding, "base64url-encoded-padded", "encoded in base64url with padding", base64.URLEncoding.AppendEncode, false},
	{causeEncoding, "hex-decoded", "decoded as if it were hex", nodeHex, true},
	{causeEncoding, "hex-encoded", "encoded in hex", hex.AppendEncode, true},
	{causeEncoding, "hex-encoded-upper", "encoded in uppercase hex", func(dst, s []byte) []byte { return upper(dst, hex.AppendEncode(nil, s)) }, false},
	{causeEncoding, "base64-decoded-text", "decoded as if it were base64, then read as text", func(dst, s []byte) []byte { return AppendUTF8(dst, nodeBase64(nil, s)) }, false},
	{causeEncoding, "base64-decoded-latin1", "decoded by atob, then written as text", func(dst, s []byte) []byte { return latin1(dst, nodeBase64(nil, s)) }, false},
	{causeEncoding, "hex-decoded-text", "decoded as if it were hex, then read as text", func(dst, s []byte) []byte { return AppendUTF8(dst, nodeHex(nil, s)) }, false},
	{causeEncoding, "base64-twice", "encoded in base64 twice", func(dst, s []byte) []byte {
		return base64.StdEncoding.AppendEncode(dst, base64.StdEncoding.AppendEncode(nil, s))
	}, false},
	{causeEncoding, "base64-lines", "encoded in base64 with newlines", base64Lines, false},
	{causeEncoding, "utf16le", "in UTF-16 instead of UTF-8", func(dst, s []byte) []byte { return utf16Bytes(dst, s, true) }, false},
	{causeEncoding, "utf16be", "in UTF-16 (big end first) instead of UTF-8", func(dst, s []byte) []byte { return utf16Bytes(dst, s, false) }, false},
	{causeEncoding, "utf16le-bom", "in UTF-16 with a byte order mark", func(dst, s []byte) []byte { return utf16Bytes(append(dst, 0xFF, 0xFE), s, true) }, false},
	{causeEncoding, "utf16be-bom", "in UTF-16 (big end first) with a byte order mark", func(dst, s []byte) []byte { return utf16Bytes(append(dst, 0xFE, 0xFF), s, false) }, false},
	{causeEncoding, "latin1-twice", "written as UTF-8 twice", latin1, false},
	{causeEncoding, "percent-encoded", "percent-encoded", func(dst, s []byte) []byte { return append(dst, url.QueryEscape(string(s))...) }, false},
	{causeEncoding, "percent-decoded", "percent-decoded", percentDecoded, false},
	{causeEncoding, "plus-to-space", "with spaces where its + were", func(dst, s []byte) []byte { return swapByte(dst, s, '+', ' ') }, false},
	{causeEncoding, "space-to-plus", "with + where its spaces were", func(dst, s []byte) []byte { return swapByte(dst, s, ' ', '+') }, false},
	{causeEncoding, "sha256-hex", "hashed with SHA-256, in hex", func(dst, s []byte) []byte { h := sha256.Sum256(s); return hex.AppendEncode(dst, h[:]) }, false},
	{causeEncoding, "sha256-raw", "hashed with SHA-256", func(dst, s []byte) []byte { h := sha256.Sum256(s); return append(dst, h[:]...) }, false},
	{causeEncoding, "sha256-base64", "hashed with SHA-256, in base64", func(dst, s []byte) []byte {
		h := sha256.Sum256(s)
		return base64.StdEncoding.AppendEncode(dst, h[:])
	}, false},
	{causeEncoding, "sha512-hex", "hashed with SHA-512, in hex", func(dst, s []byte) []byte { h := sha512.Sum512(s); return hex.AppendEncode(dst, h[:]) }, false},
	{causeEncoding, "sha1-hex", "hashed with SHA-1, in hex", func(dst, s []byte) []byte { h := sha1.Sum(s); return hex.AppendEncode(dst, h[:]) }, false},
	{causeEncoding, "md5-hex", "hashed with MD5, in hex", func(dst, s []byte) []byte { h := md5.Sum(s); return hex.AppendEncode(dst, h[:]) }, false},
	{causeCase, "upper-case", "in uppercase", upper, true},
	{causeCase, "lower-case", "in lowercase", lower, true},
	{causeCase, "first-upper", "with an uppercase first letter", firstUpper, true},
	{causeCase, "swapped-case", "with upper and lower case swapped", swapCase, false},
}

// nodeBase64 decodes like Node's Buffer.from(s, "base64"): both alphabets, other
// characters skipped, an end at the first =.
func nodeBase64(dst, s []byte) []byte {
	var acc uint32
	bits := 0
	for _, c := range s {
		var v byte
		switch {
		case 'A' <= c && c <= 'Z':
			v = c - 'A'
		case 'a' <= c && c <= 'z':
			v = c - 'a' + 26
		case '0' <= c && c <= '9':
			v = c - '0' + 52
		case c == '+' || c == '-':
			v = 62
		case c == '/' || c == '_':
			v = 63
		case c == '=':
			return dst
		default:
			continue
		}
		acc = acc<<6 | uint32(v)
		if bits += 6; bits >= 8 {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
		}
	}
	return dst
}

// nodeHex decodes like Node's Buffer.from(s, "hex"): up to the first pair that
// isn't hex.
func nodeHex(dst, s []byte) []byte {
	for i := 0; i+1 < len(s); i += 2 {
		h, l := hexDigit(s[i]), hexDigit(s[i+1])
		if h < 0 || l < 0 {
			break
		}
		dst = append(dst, byte(h<<4|l))
	}
	return dst
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// AppendUTF8 appends bytes as the string that JavaScript decodes them to (the
// WHATWG decoder): what isn't UTF-8 becomes U+FFFD, one per incomplete character.
func AppendUTF8(dst, s []byte) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if r == utf8.RuneError && n == 1 {
			n = subpart(s)
		}
		dst = utf8.AppendRune(dst, r)
		s = s[n:]
	}
	return dst
}

// subpart is the length of the longest beginning of a character at s, at
// least 1 (Unicode, "maximal subpart").
func subpart(s []byte) int {
	lo, hi, need := byte(0x80), byte(0xBF), 0
	switch c := s[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			lo = 0xA0
		} else if c == 0xED {
			hi = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			lo = 0x90
		} else if c == 0xF4 {
			hi = 0x8F
		}
	}
	n := 1
	for ; n <= need && n < len(s) && s[n] >= lo && s[n] <= hi; n++ {
		lo, hi = 0x80, 0xBF
	}
	return n
}

// latin1 writes each byte as the character of that number, in UTF-8.
func latin1(dst, s []byte) []byte {
	for _, c := range s {
		dst = utf8.AppendRune(dst, rune(c))
	}
	return dst
}

func utf16Bytes(dst, s []byte, little bool) []byte {
	put := func(u uint16) {
		if little {
			dst = append(dst, byte(u), byte(u>>8))
		} else {
			dst = append(dst, byte(u>>8), byte(u))
		}
	}
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if r >= 0x10000 {
			put(uint16(0xD800 + (r-0x10000)>>10))
			put(uint16(0xDC00 + (r-0x10000)&0x3FF))
		} else {
			put(uint16(r))
		}
		s = s[n:]
	}
	return dst
}

// base64Lines is base64 with a newline after every 64 characters, as openssl
// prints it.
func base64Lines(dst, s []byte) []byte {
	b := base64.StdEncoding.AppendEncode(nil, s)
	for len(b) > 64 {
		dst = append(append(dst, b[:64]...), '\n')
		b = b[64:]
	}
	return append(append(dst, b...), '\n')
}

func percentDecoded(dst, s []byte) []byte {
	t, err := url.PathUnescape(string(s))
	if err != nil {
		return append(dst, s...)
	}
	return append(dst, t...)
}

func swapByte(dst, s []byte, from, to byte) []byte {
	for _, c := range s {
		if c == from {
			c = to
		}
		dst = append(dst, c)
	}
	return dst
}

func upper(dst, s []byte) []byte {
	for _, c := range s {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func lower(dst, s []byte) []byte {
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func firstUpper(dst, s []byte) []byte {
	dst = upper(dst, s[:min(1, len(s))])
	return append(dst, s[min(1, len(s)):]...)
}

func swapCase(dst, s []byte) []byte {
	for _, c := range s {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			c ^= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}
