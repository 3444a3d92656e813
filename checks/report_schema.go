package checks

import (
	_ "embed"
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - the schema is made from the types that the document is made from: a new field is in it
//   - what a part means is the comment of its field (report_schema.txt, which a test keeps equal to the comments)

//go:embed report_schema.txt
var schemaDocs string

// schemaEnums are the values of parts that have few.
var schemaEnums = map[string][]string{
	"Report.verdict":      {Accepted, Rejected, Unproven},
	"ReportStream.source": {"asked", "predicted"},
	"ReportToken.source":  {"backend", "given", "minted"},
	"ReportEntry.kind":    {"http", "server-action", "loader", "callable", "trpc", "graphql", "login", "script"},
	"Cause.severity":      {"error", "warning"},
	"Cause.certainty":     {"proven", "likely"},
	"Result.status":       {"pass", "warn", "fail", "skip", "unknown"},
}

// schema is a part of a JSON Schema.
type schema struct {
	Schema      string      `json:"$schema,omitempty"`
	Ref         string      `json:"$ref,omitempty"`
	Title       string      `json:"title,omitempty"`
	Description string      `json:"description,omitempty"`
	Type        string      `json:"type,omitempty"`
	Const       any         `json:"const,omitempty"`
	Enum        []string    `json:"enum,omitempty"`
	Items       *schema     `json:"items,omitempty"`
	Properties  schemaParts `json:"properties,omitempty"`
	Required    []string    `json:"required,omitempty"`
	Additional  *bool       `json:"additionalProperties,omitempty"`
	Defs        schemaParts `json:"$defs,omitempty"`
}

// schemaParts are named parts, in order.
type schemaParts []schemaPart

type schemaPart struct {
	name string
	*schema
}

// MarshalJSON keeps the order.
func (ps schemaParts) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, p := range ps {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(p.name)
		part, err := json.Marshal(p.schema)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), part...)
	}
	return append(b, '}'), nil
}

// WriteSchema writes the JSON Schema of the document that WriteJSON writes. A
// document of a later version may have more parts, unless closed is set.
func WriteSchema(w io.Writer, closed bool) error {
	m := schemaMaker{closed: closed, docs: map[string]string{}}
	for line := range strings.Lines(schemaDocs) {
		if name, text, ok := affix.Cut(strings.TrimSpace(line), ": "); ok {
			m.docs[name] = text
		}
	}
	root := m.object(reflect.TypeFor[Report]())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "badsig check --json"
	for i := range root.Properties {
		if root.Properties[i].name == "version" {
			root.Properties[i].Const = 1
		}
	}
	root.Defs = m.defs
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(root)
}

type schemaMaker struct {
	closed bool
	docs   map[string]string
	defs   schemaParts
}

// of gives the schema of a type; an object's is in the definitions.
func (m *schemaMaker) of(t reflect.Type) *schema {
	switch t.Kind() {
	case reflect.Pointer:
		return m.of(t.Elem())
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return &schema{Type: "integer"}
	case reflect.Float64:
		return &schema{Type: "number"}
	case reflect.Slice:
		return &schema{Type: "array", Items: m.of(t.Elem())}
	case reflect.Map:
		return &schema{Type: "object"}
	case reflect.Struct:
		if !affix.Any(m.defs, func(p schemaPart) bool { return p.name == t.Name() }) {
			m.defs = append(m.defs, schemaPart{t.Name(), &schema{}})
			at := len(m.defs) - 1
			m.defs[at].schema = m.object(t)
		}
		return &schema{Ref: "#/$defs/" + t.Name()}
	}
	return &schema{} // anything
}

func (m *schemaMaker) object(t reflect.Type) *schema {
	s := &schema{Type: "object", Description: m.docs[t.Name()]}
	if m.closed {
		s.Additional = new(bool)
	}
	m.fields(s, t, t.Name())
	return s
}

// fields adds a struct's fields as encoding/json writes them.
func (m *schemaMaker) fields(s *schema, t reflect.Type, owner string) {
	for f := range t.Fields() {
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := affix.Cut(tag, ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case f.Anonymous && !tagged:
			m.fields(s, f.Type, owner)
			continue
		case name == "":
			name = f.Name
		}
		part := m.of(f.Type)
		part.Description = m.docs[owner+"."+name]
		part.Enum = schemaEnums[owner+"."+name]
		s.Properties = append(s.Properties, schemaPart{name, part})
		if !affix.Contains(options, "omitempty") && !affix.Contains(options, "omitzero") {
			s.Required = append(s.Required, name)
		}
	}
}
