package tokens

import "bytes"

// quoteRows are quotes that were kept or removed.
func quoteRows() []row {
	add := func(id, says, before, behind string, pair bool) row {
		return row{Damage: Damage{id, causeQuoted, says}, one: around(before, behind), pair: pair}
	}
	return []row{
		add("double-quoted", "with double quotes around it", `"`, `"`, true),
		add("single-quoted", "with single quotes around it", `'`, `'`, true),
		add("backticked", "with backticks around it", "`", "`", true),
		add("smart-double-quoted", "with curly double quotes around it", "“", "”", true),
		add("smart-single-quoted", "with curly single quotes around it", "‘", "’", true),
		add("low-quoted", "with „low“ quotes around it", "„", "“", false),
		add("guillemets", "with «guillemets» around it", "«", "»", false),
		add("closing-quotes", "with two closing curly quotes around it", "”", "”", false),
		add("escaped-double-quoted", `with escaped double quotes around it`, `\"`, `\"`, false),
		add("escaped-single-quoted", `with escaped single quotes around it`, `\'`, `\'`, false),
		add("doubly-quoted", "with two pairs of double quotes around it", `""`, `""`, false),
		add("single-in-double-quoted", "with single quotes within double quotes around it", `"'`, `'"`, false),
		add("double-in-single-quoted", "with double quotes within single quotes around it", `'"`, `"'`, false),
		add("trailing-double-quote", "plus a double quote at its end", "", `"`, false),
		add("leading-double-quote", "plus a double quote before it", `"`, "", false),
		add("trailing-single-quote", "plus a single quote at its end", "", `'`, false),
		add("leading-single-quote", "plus a single quote before it", `'`, "", false),
		add("trailing-backtick", "plus a backtick at its end", "", "`", false),
		add("leading-backtick", "plus a backtick before it", "`", "", false),
		add("trailing-smart-quote", "plus a curly quote at its end", "", "”", false),
		add("leading-smart-quote", "plus a curly quote before it", "“", "", false),
		add("bytes-literal", "as Python prints bytes: b'…'", "b'", "'", false),
		add("double-quoted-comma", "with double quotes around it and a comma after them", `"`, `",`, false),
		add("double-quoted-semicolon", "with double quotes around it and a semicolon after them", `"`, `";`, false),
		add("single-quoted-comma", "with single quotes around it and a comma after them", `'`, `',`, false),
		add("single-quoted-semicolon", "with single quotes around it and a semicolon after them", `'`, `';`, false),
		{Damage: Damage{"unquoted", causeQuoted, "without the quotes around it"}, one: plain(unquoted), pair: true},
		{Damage: Damage{"json-escaped", causeQuoted, "with backslashes before its quotes and backslashes"}, one: plain(jsonEscaped)},
	}
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
