package rules

import (
	"slices"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
)

// variant adds a response to the request in another form, with a good token.
func variant(f *facts.Facts, method, form string) {
	f.Tokens = append(f.Tokens, factstest.Read(factstest.Jws(factstest.Hs256, factstest.Fresh("test123")), "backend", "token"))
	f.Backend.Variants = append(f.Backend.Variants, facts.Answer{Method: method, Form: form, URL: facts.DefaultURL, Status: 200, JSON: true, Tokens: []int{len(f.Tokens) - 1}})
}

// judged is one case of a rule's table.
type judged struct {
	name   string
	change func(*facts.Facts)
	want   finding.Status
	causes []causes.ID
	likely bool   // of the first cause; proven otherwise
	at     string // its location, file:line
	says   string // part of the result's summary, of the first cause's or of its steps
	warns  bool   // the first cause is a warning although its page says error
}

func judgeAll(t *testing.T, rule Rule, cases []judged) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := factstest.Sound()
			if c.change != nil {
				c.change(f)
			}
			r := Honest(f, rule(f))
			var ids []causes.ID
			for _, x := range r.Causes {
				ids = append(ids, x.ID)
				if _, ok := causes.PageOf(x.ID); !ok {
					t.Errorf("no page for %q", x.ID)
				}
				if x.Summary == "" || len(x.Evidence) == 0 || len(x.Fix) == 0 {
					t.Errorf("a finding without summary, evidence or fix: %+v", x)
				}
			}
			if r.Status != c.want || !slices.Equal(ids, c.causes) {
				t.Fatalf("got %s %v, want %s %v\n%s\n%+v", r.Status, ids, c.want, c.causes, r.Summary, r.Evidence)
			}
			if r.Summary == "" {
				t.Error("no summary")
			}
			text := r.Summary
			if len(r.Causes) > 0 {
				first := r.Causes[0]
				if r.Cause != first.ID {
					t.Errorf("the result names %q, its first cause is %q", r.Cause, first.ID)
				}
				if (first.Certainty == finding.Likely) != c.likely {
					t.Errorf("certainty %s", first.Certainty)
				}
				if p, _ := causes.PageOf(first.ID); (first.Severity != p.Severity) != c.warns {
					t.Errorf("severity %s, the page says %s", first.Severity, p.Severity)
				}
				if c.at != "" && first.Location.String() != c.at {
					t.Errorf("location %q, want %q", first.Location.String(), c.at)
				}
				text += "\n" + first.Summary
				for _, s := range first.Fix {
					text += "\n" + s.Text + "\n" + s.Command
				}
			}
			if c.says != "" && !strings.Contains(text, c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, text)
			}
			for _, odd := range []string{"%!", "  ", "..", ",,"} {
				if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "../", ""), "…", ""), odd) {
					t.Errorf("%q in the words:\n%s", odd, text)
				}
			}
		})
	}
}

func ids(list ...causes.ID) []causes.ID { return list }

func TestRulesWithoutFactsAreUnknown(t *testing.T) {
	for name, rule := range map[string]Rule{
		"server-listens": ServerListens, "server-is-ours": ServerIsOurs, "endpoint-answers": EndpointAnswers,
		"endpoint-json": EndpointJSON, "endpoint-cors": EndpointCORS, "endpoint-cache": EndpointCache,
		"token-formed": TokenFormed, "token-user": TokenUser, "token-times": signature.TokenTimes,
	} {
		f := &facts.Facts{At: factstest.Noon, Target: facts.TargetFacts{URL: facts.DefaultURL}, Errors: map[facts.Name]string{facts.NameBackend: "offline forbids it"}}
		r := rule(f)
		if r.Status != finding.Unknown || len(r.Causes) > 0 {
			t.Errorf("%s: %s %v", name, r.Status, r.Causes)
		}
		if !strings.Contains(r.Summary, "offline forbids it") {
			t.Errorf("%s does not say why: %q", name, r.Summary)
		}
		if r := rule(&facts.Facts{Backend: &facts.Backend{}}); r.Status != finding.Unknown {
			t.Errorf("%s of an empty backend: %s", name, r.Status)
		}
	}
}
