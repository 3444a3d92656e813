package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"badsig/checks"
	"badsig/checks/e2e/records"
)

// What every scenario's report looks like in each of its forms.
func TestEveryReportInEveryForm(t *testing.T) {
	forms := []func(*checks.Report) string{followsSchema(t), readByVSCode(t), inSight}
	replay(t, func(rec records.Record, _ Scenario) string {
		r, err := judgedAgain(rec)
		if err != nil {
			return err.Error()
		}
		for _, form := range forms {
			if wrong := form(r); wrong != "" {
				return wrong
			}
		}
		return ""
	})
}

// followsSchema: the document is what check --schema describes; no part is missing, and none is undescribed.
func followsSchema(t *testing.T) func(*checks.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := checks.WriteSchema(&b, true); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("check.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("check.json") // which checks it against JSON Schema's own schema, too
	if err != nil {
		t.Fatal(err)
	}
	wrong, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": 2}`))
	if schema.Validate(wrong) == nil {
		t.Fatal("the schema accepts any document")
	}
	return func(r *checks.Report) string {
		var b bytes.Buffer
		if err := r.WriteJSON(&b); err != nil {
			return err.Error()
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			return err.Error()
		}
		if err := schema.Validate(v); err != nil {
			return err.Error()
		}
		return ""
	}
}

// matcher is what VS Code reads of a problem matcher's pattern.
type matcher struct {
	Regexp                              string
	File, Line, Severity, Message, Code int
}

// readByVSCode: the problem matcher finds each cause that has a place in the plain text, with its file and line.
func readByVSCode(t *testing.T) func(*checks.Report) string {
	t.Helper()
	raw, err := os.ReadFile("../../../.github/examples/vscode-tasks.json")
	if err != nil {
		t.Fatal(err)
	}
	var tasks struct {
		Tasks []struct {
			ProblemMatcher struct{ Pattern json.RawMessage }
		}
	}
	var patterns []matcher
	if err := json.Unmarshal(raw, &tasks); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(tasks.Tasks[0].ProblemMatcher.Pattern, &patterns); err != nil {
		t.Fatal(err)
	}
	var res []*regexp.Regexp
	for _, p := range patterns {
		res = append(res, regexp.MustCompile(p.Regexp))
	}
	return func(r *checks.Report) string {
		var b bytes.Buffer
		if err := r.WriteText(&b); err != nil {
			return err.Error()
		}
		var want []string
		for _, c := range r.Causes {
			if c.Location != nil {
				line := strconv.Itoa(c.Location.Line)
				if c.Location.Line == 0 {
					line = ""
				}
				want = append(want, fmt.Sprint(c.Location.File, "|", line, "|", c.Severity, "|", c.Title, "|", c.ID))
			}
		}
		if got := problems(patterns, res, b.String()); !slices.Equal(got, want) {
			return fmt.Sprintf("VS Code finds\n%q\nwant\n%q in\n%s", got, want, b.String())
		}
		return ""
	}
}

// problems are what VS Code finds: patterns match lines that follow each other.
func problems(patterns []matcher, res []*regexp.Regexp, text string) []string {
	lines := strings.Split(text, "\n")
	var out []string
next:
	for i := range lines {
		if i+len(res) > len(lines) {
			break
		}
		var file, line, severity, message, code string
		for j, re := range res {
			m := re.FindStringSubmatch(lines[i+j])
			if m == nil {
				continue next
			}
			for _, part := range []struct {
				to    *string
				group int
			}{{&file, patterns[j].File}, {&line, patterns[j].Line}, {&severity, patterns[j].Severity}, {&message, patterns[j].Message}, {&code, patterns[j].Code}} {
				if part.group > 0 {
					*part.to = m[part.group]
				}
			}
		}
		out = append(out, strings.Join([]string{file, line, severity, message, code}, "|"))
	}
	return out
}

// inSight: verdict, place and first fix can be read on a screen of 80×24 when the report has scrolled by.
func inSight(r *checks.Report) string {
	lines := r.Lines(checks.Screen{Width: 80, Height: 24})
	seen := strings.Join(strings.Fields(strings.Join(lines[max(0, len(lines)-23):], " ")), " ")
	want := []string{r.Headline()}
	if root := r.Root(); root != nil {
		if root.Location != nil {
			want = append(want, root.Location.String())
		}
		if len(root.Fix) > 0 {
			want = append(want, root.Fix[0].Text)
		}
	}
	for _, w := range want {
		if !strings.Contains(seen, strings.Join(strings.Fields(w), " ")) {
			return fmt.Sprintf("%q isn't in sight:\n%s", w, strings.Join(lines, "\n"))
		}
	}
	return ""
}
