package jsread

import (
	"bytes"
	"strings"

	"badsig/checks/affix"
)

// Meta is a meta element of a page.
type Meta struct {
	Name, Content string
	Line          int
}

// maxTag bounds an element's attributes.
const maxTag = 1000

// Metas lists a page's meta elements with a name and content; what is in a comment is none.
func Metas(src []byte) (out []Meta) {
	line := 1
	for at := 0; at < len(src); {
		i := bytes.IndexByte(src[at:], '<')
		if i < 0 {
			break
		}
		line += bytes.Count(src[at:at+i], []byte("\n"))
		at += i
		end := at + 1
		if bytes.HasPrefix(src[at:], []byte("<!--")) {
			if k := bytes.Index(src[at:], []byte("-->")); k >= 0 {
				end = at + k
			} else {
				end = len(src)
			}
		} else if len(src)-at > 6 && bytes.EqualFold(src[at:at+5], []byte("<meta")) && !isNameByte(src[at+5]) {
			tag := src[at+5 : min(len(src), at+maxTag)]
			if x := attributes(string(tag)); x["name"] != "" && x["content"] != "" {
				out = append(out, Meta{x["name"], x["content"], line})
			}
		}
		line += bytes.Count(src[at:end], []byte("\n"))
		at = end
	}
	return out
}

// attributes reads name="value" pairs up to the tag's end.
func attributes(tag string) map[string]string {
	out := map[string]string{}
	for {
		tag = strings.TrimLeft(tag, " \t\r\n/")
		if tag == "" || tag[0] == '>' {
			return out
		}
		n := strings.IndexAny(tag, "= \t\r\n>")
		if n <= 0 {
			return out
		}
		name := strings.ToLower(tag[:n])
		if tag = strings.TrimLeft(tag[n:], " \t\r\n"); tag == "" || tag[0] != '=' {
			continue
		}
		tag = strings.TrimLeft(tag[1:], " \t\r\n")
		if tag == "" {
			return out
		}
		if q := tag[0]; q == '"' || q == '\'' {
			value, rest, ok := affix.Cut(tag[1:], string(q))
			if !ok {
				return out
			}
			out[name], tag = value, rest
			continue
		}
		n = strings.IndexAny(tag, " \t\r\n>")
		if n < 0 {
			return out
		}
		out[name], tag = tag[:n], tag[n:]
	}
}
