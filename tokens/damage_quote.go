package tokens

import "bytes"

// quoteRows are quotes that were kept or removed.
func quoteRows() []row {
	return append(wraps(causeQuoted, []wrapped{
		{"double-quoted", "with double quotes around it", `"`, `"`, true},
		{"single-quoted", "with single quotes around it", `'`, `'`, true},
		{"backticked", "with backticks around it", "`", "`", true},
		{"smart-double-quoted", "with curly double quotes around it", "“", "”", true},
		{"smart-single-quoted", "with curly single quotes around it", "‘", "’", true},
		{"low-quoted", "with „low“ quotes around it", "„", "“", false},
		{"guillemets", "with «guillemets» around it", "«", "»", false},
		{"closing-quotes", "with two closing curly quotes around it", "”", "”", false},
		{"escaped-double-quoted", `with escaped double quotes around it`, `\"`, `\"`, false},
		{"escaped-single-quoted", `with escaped single quotes around it`, `\'`, `\'`, false},
		{"doubly-quoted", "with two pairs of double quotes around it", `""`, `""`, false},
		{"single-in-double-quoted", "with single quotes within double quotes around it", `"'`, `'"`, false},
		{"double-in-single-quoted", "with double quotes within single quotes around it", `'"`, `"'`, false},
		{"trailing-double-quote", "plus a double quote at its end", "", `"`, false},
		{"leading-double-quote", "plus a double quote before it", `"`, "", false},
		{"trailing-single-quote", "plus a single quote at its end", "", `'`, false},
		{"leading-single-quote", "plus a single quote before it", `'`, "", false},
		{"trailing-backtick", "plus a backtick at its end", "", "`", false},
		{"leading-backtick", "plus a backtick before it", "`", "", false},
		{"trailing-smart-quote", "plus a curly quote at its end", "", "”", false},
		{"leading-smart-quote", "plus a curly quote before it", "“", "", false},
		{"bytes-literal", "as Python prints bytes: b'…'", "b'", "'", false},
		{"double-quoted-comma", "with double quotes around it and a comma after them", `"`, `",`, false},
		{"double-quoted-semicolon", "with double quotes around it and a semicolon after them", `"`, `";`, false},
		{"single-quoted-comma", "with single quotes around it and a comma after them", `'`, `',`, false},
		{"single-quoted-semicolon", "with single quotes around it and a semicolon after them", `'`, `';`, false},
	}), []row{
		{Damage: Damage{"unquoted", causeQuoted, "without the quotes around it"}, one: plain(unquoted), pair: true},
		{Damage: Damage{"json-escaped", causeQuoted, "with backslashes before its quotes and backslashes"}, one: plain(jsonEscaped)},
	}...)
}

// unquoted removes every pair of quotes and every single quote from the ends.
func unquoted(dst, s []byte) []byte {
	for range 4 {
		before := len(s)
		for _, q := range quotePairs {
			l, r := bytes.HasPrefix(s, []byte(q[0])), bytes.HasSuffix(s, []byte(q[1]))
			if l && r && len(s) >= len(q[0])+len(q[1]) {
				s = s[len(q[0]) : len(s)-len(q[1])]
				break
			}
		}
		if len(s) == before {
			break
		}
	}
	for _, q := range quotePairs {
		s = bytes.TrimSuffix(bytes.TrimPrefix(s, []byte(q[0])), []byte(q[1]))
	}
	return append(dst, s...)
}

func jsonEscaped(dst, s []byte) []byte {
	for _, c := range s {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return dst
}
