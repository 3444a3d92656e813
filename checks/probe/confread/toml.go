package confread

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// TOML reads a TOML file.
func TOML(data []byte) (out []Entry, err error) {
	defer func() {
		if recover() != nil { // the parser's own limits
			out, err = nil, errors.New("not TOML")
		}
	}()
	p := unstable.Parser{}
	p.Reset(data)
	var table []string
	count := map[string]int{}
	for p.NextExpression() && len(out) < maxEntries {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = keysOf(e)
			if e.Kind == unstable.ArrayTable {
				name := strings.Join(table, ".")
				table = append(table, itoa(count[name]))
				count[name]++
			}
		case unstable.KeyValue:
			tomlValue(&p, e.Value(), append(table[:len(table):len(table)], keysOf(e)...), &out, 0, 0)
		}
	}
	return out, p.Error()
}

func keysOf(n *unstable.Node) []string {
	var keys []string
	it := n.Key()
	for it.Next() {
		keys = append(keys, string(it.Node().Data))
	}
	return keys
}

func tomlValue(p *unstable.Parser, v *unstable.Node, keys []string, out *[]Entry, depth, line int) {
	if depth > maxDepth || len(*out) > maxEntries {
		return
	}
	if v.Raw.Length > 0 {
		line = p.Shape(v.Raw).Start.Line
	}
	switch v.Kind {
	case unstable.String, unstable.Integer, unstable.Float, unstable.Bool:
		*out = append(*out, Entry{Keys: keys, Value: string(v.Data), Line: line, Text: v.Kind == unstable.String})
	case unstable.Array:
		it := v.Children()
		for i := 0; it.Next(); i++ {
			tomlValue(p, it.Node(), append(keys[:len(keys):len(keys)], itoa(i)), out, depth+1, line)
		}
	case unstable.InlineTable:
		it := v.Children()
		for it.Next() {
			n := it.Node()
			if n.Kind == unstable.KeyValue {
				tomlValue(p, n.Value(), append(keys[:len(keys):len(keys)], keysOf(n)...), out, depth+1, line)
			}
		}
	}
}
