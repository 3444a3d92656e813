package checks_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"badsig/checks"
)

var updateSchema = flag.Bool("update-schema", false, "write report_schema.txt from the comments of the types")

// documentTypes are the structs that the JSON document is made of.
func documentTypes() []reflect.Type {
	var all []reflect.Type
	var add func(reflect.Type)
	add = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			add(t.Elem())
		case reflect.Struct:
			if slices.Contains(all, t) {
				return
			}
			all = append(all, t)
			for f := range t.Fields() {
				if f.IsExported() && f.Tag.Get("json") != "-" {
					add(f.Type)
				}
			}
		}
	}
	add(reflect.TypeFor[checks.Report]())
	return all
}

// commentsOf reads what the comments of a type's source say about it and its fields.
func commentsOf(t *testing.T, typ reflect.Type) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", strings.TrimPrefix(typ.PkgPath(), "badsig/"), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]string{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				ts, ok := spec.(*ast.TypeSpec)
				if !ok || ts.Name.Name != typ.Name() {
					continue
				}
				docs[typ.Name()] = sentence(typ.Name(), oneLine(g.Doc))
				for _, f := range ts.Type.(*ast.StructType).Fields.List {
					if f.Tag == nil {
						continue
					}
					tag, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
					if text := sentence(f.Names[0].Name, oneLine(f.Doc, f.Comment)); tag != "" && tag != "-" && text != "" {
						docs[typ.Name()+"."+tag] = text
					}
				}
			}
		}
	}
	return docs
}

// sentence is a comment without the name that Go wants it to begin with.
func sentence(name, text string) string {
	for _, begin := range []string{name + " is ", name + " "} {
		if rest, ok := strings.CutPrefix(text, begin); ok {
			text = rest
			break
		}
	}
	if text == "" || strings.HasPrefix(text, "badsig ") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func oneLine(groups ...*ast.CommentGroup) string {
	var words []string
	for _, g := range groups {
		if g != nil {
			words = append(words, strings.Fields(string((&comment.Printer{TextWidth: -1}).Text(new(comment.Parser).Parse(g.Text()))))...)
		}
	}
	return strings.Join(words, " ")
}

// What the schema says about the document's parts is what the comments of the types say, and every part
// that may be absent is explained.
func TestSchemaSaysWhatTheCommentsSay(t *testing.T) {
	var lines []string
	for _, typ := range documentTypes() {
		docs := commentsOf(t, typ)
		for name, text := range docs {
			lines = append(lines, name+": "+text+"\n")
		}
		for f := range typ.Fields() {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if strings.Contains(options, "omitempty") && docs[typ.Name()+"."+name] == "" {
				t.Errorf("%s.%s may be absent, and has no comment that says what it is", typ, f.Name)
			}
		}
	}
	slices.Sort(lines)
	want := strings.Join(lines, "")
	if *updateSchema {
		if err := os.WriteFile("report_schema.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("report_schema.txt"); err != nil || string(got) != want {
		t.Errorf("report_schema.txt isn't what the comments say (%v); run: go test ./checks -run Schema -update-schema", err)
	}
}

// The schema names every part of the types, and the parts that are always there.
func TestSchemaHasEveryPart(t *testing.T) {
	var b bytes.Buffer
	if err := checks.WriteSchema(&b, false); err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]struct {
			Enum        []string
			Description string
		}
		Required []string
	}
	var s struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(b.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	for _, typ := range documentTypes() {
		o := s.Defs[typ.Name()]
		if typ.Name() == "Report" {
			o = s.object
		}
		encoded, err := json.Marshal(reflect.New(typ).Interface())
		if err != nil {
			t.Fatal(err)
		}
		var always map[string]any
		if err := json.Unmarshal(encoded, &always); err != nil {
			t.Fatal(err)
		}
		for name := range always { // what an empty value writes is what is always there
			if _, ok := o.Properties[name]; !ok || !slices.Contains(o.Required, name) {
				t.Errorf("%s.%s is always there, and the schema doesn't say so", typ.Name(), name)
			}
		}
		if len(o.Required) != len(always) {
			t.Errorf("%s: the schema requires %v", typ.Name(), o.Required)
		}
	}
	if e := s.Properties["verdict"].Enum; !slices.Equal(e, []string{"accepted", "rejected", "unproven"}) {
		t.Errorf("verdict is one of %v", e)
	}
	if !strings.Contains(s.Properties["stream"].Description, "Absent if") {
		t.Errorf("of stream it says %q", s.Properties["stream"].Description)
	}
}
