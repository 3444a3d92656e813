// Package confread reads the configuration files that keep keys and secrets
// beside code: YAML, TOML, JSON with comments, .properties and HOCON, each as a
// list of values with their paths and lines.
package confread

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"badsig/checks/affix"
)

// Rules of this package:
//   - a file that isn't what its name says gives an error, and nothing else
//   - a value is what the file's own loader gives a program, byte for byte; numbers and booleans as they are written
//   - aliases and anchors are followed where they cost nothing: a file can't grow

// Entry is one value and where it is.
type Entry struct {
	Keys  []string // outermost first; an element of a list is counted: "0"
	Value string
	Line  int
	Text  bool // it is a string, not a number or a boolean
	Doc   int  // of YAML: which of the file's documents it is in
}

// Name is the last of the keys.
//
//go:noinline
func (e Entry) Name() string {
	if len(e.Keys) == 0 {
		return ""
	}
	return e.Keys[len(e.Keys)-1]
}

// Path is the keys, joined by dots.
//
//go:noinline
func (e Entry) Path() string { return strings.Join(e.Keys, ".") }

// The bounds of one file.
const (
	maxEntries = 5000
	maxDepth   = 40
	maxYAML    = 256 << 10 // of which a parser makes fifty times as much
)

// Read reads a file by its name's ending.
func Read(name string, data []byte) ([]Entry, error) {
	switch affix.Ext(name) {
	case ".yml", ".yaml":
		return YAML(data)
	case ".toml":
		return TOML(data)
	case ".json":
		return JSON(data)
	case ".properties":
		return Properties(data), nil
	case ".conf":
		return HOCON(data), nil
	}
	return nil, errors.New("not a configuration file")
}

// YAML reads all documents of a YAML file.
func YAML(data []byte) ([]Entry, error) {
	var out []Entry
	if len(data) > maxYAML {
		return nil, errors.New("it is too large to be read")
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	for doc := 0; len(out) < maxEntries; doc++ {
		var n yaml.Node
		err := d.Decode(&n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, err
		}
		seen, from := 0, len(out)
		walkYAML(&n, nil, &out, &seen)
		for i := from; i < len(out); i++ {
			out[i].Doc = doc
		}
	}
	return out, nil
}

func walkYAML(n *yaml.Node, keys []string, out *[]Entry, seen *int) {
	if *seen++; *seen > 4*maxEntries || len(*out) >= maxEntries || len(keys) > maxDepth {
		return
	}
	switch n.Kind {
	case yaml.DocumentNode:
		for _, c := range n.Content {
			walkYAML(c, keys, out, seen)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, v := n.Content[i], n.Content[i+1]
			if k.Value == "<<" { // what is merged in has no key of its own
				walkYAML(v, keys, out, seen)
				continue
			}
			walkYAML(v, append(keys[:len(keys):len(keys)], k.Value), out, seen)
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			walkYAML(c, append(keys[:len(keys):len(keys)], itoa(i)), out, seen)
		}
	case yaml.AliasNode:
		if n.Alias != nil && n.Alias.Kind != yaml.AliasNode {
			walkYAML(n.Alias, keys, out, seen)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			*out = append(*out, Entry{Keys: keys, Value: n.Value, Line: n.Line, Text: n.Tag == "!!str"})
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// JSON reads JSON, with the comments and the commas at ends that some tools allow.
func JSON(data []byte) ([]Entry, error) {
	clean := PlainJSON(bytes.TrimPrefix(data, []byte("\uFEFF")))
	d := json.NewDecoder(bytes.NewReader(clean))
	d.UseNumber()
	var out []Entry
	line, at := 1, 0
	lineOf := func(off int) int {
		off = min(off, len(clean))
		line += bytes.Count(clean[at:max(at, off)], []byte{'\n'})
		at = max(at, off)
		return line
	}
	var value func(keys []string, depth int) error
	value = func(keys []string, depth int) error {
		t, err := d.Token()
		if err != nil {
			return err
		}
		l := lineOf(int(d.InputOffset()))
		switch x := t.(type) {
		case json.Delim:
			if depth > maxDepth || len(out) > maxEntries {
				return errors.New("too deep or too long")
			}
			for i := 0; d.More(); i++ {
				key := itoa(i)
				if x == '{' {
					k, err := d.Token()
					if err != nil {
						return err
					}
					key, _ = k.(string)
				}
				if err := value(append(keys[:len(keys):len(keys)], key), depth+1); err != nil {
					return err
				}
			}
			_, err := d.Token()
			return err
		case string:
			out = append(out, Entry{Keys: keys, Value: x, Line: l, Text: true})
		case json.Number:
			out = append(out, Entry{Keys: keys, Value: x.String(), Line: l})
		case bool:
			v := "false"
			if x {
				v = "true"
			}
			out = append(out, Entry{Keys: keys, Value: v, Line: l})
		}
		return nil
	}
	err := value(nil, 0)
	return out, err
}

// PlainJSON empties comments, and commas before a closing bracket; lines stay.
func PlainJSON(data []byte) []byte {
	out := bytes.Clone(data)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			comma = -1
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '/':
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '*':
			end := bytes.Index(out[i+2:], []byte("*/"))
			if end < 0 {
				end = len(out) - i - 4
			}
			for j := i; j < i+2+end+2 && j < len(out); j++ {
				if out[j] != '\n' {
					out[j] = ' '
				}
			}
			i += end + 3
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			out[comma] = ' '
			comma = -1
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			comma = -1
		}
	}
	return out
}

// Properties reads Java's .properties.
func Properties(data []byte) []Entry {
	var out []Entry
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines) && len(out) < maxEntries; i++ {
		n := i + 1
		line := strings.TrimLeft(affix.TrimSuffix(lines[i], "\r"), " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		for affix.HasSuffix(line, `\`) && !affix.HasSuffix(line, `\\`) && i+1 < len(lines) {
			i++
			line = affix.TrimSuffix(line, `\`) + strings.TrimLeft(affix.TrimSuffix(lines[i], "\r"), " \t\f")
		}
		end := strings.IndexAny(line, "=: \t")
		if end <= 0 {
			continue
		}
		value := strings.TrimLeft(line[end:], " \t")
		if value != "" && (value[0] == '=' || value[0] == ':') {
			value = strings.TrimLeft(value[1:], " \t")
		}
		out = append(out, Entry{Keys: strings.Split(line[:end], "."), Value: strings.NewReplacer(`\\`, `\`, `\:`, ":", `\=`, "=", `\#`, "#", `\!`, "!").Replace(value), Line: n, Text: true})
	}
	return out
}
