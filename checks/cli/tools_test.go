package cli

import (
	"go/ast"
	"slices"
	"strconv"
	"testing"

	"badsig/checks/tools"
)

// A list of tools is in their table alone: elsewhere one is named where its own rules are read.
func TestToolsAreListedInTheirTable(t *testing.T) {
	t.Parallel()
	var known []string
	for _, x := range tools.All {
		if x.Kind != tools.Library && x.Kind != tools.UI && x.Lang == "" {
			known = append(known, x.Name)
		}
	}
	for path, files := range goFiles(t) {
		if !within(path, "checks/probe", "checks/rules", "checks/facts") {
			continue
		}
		for name, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				var list []ast.Expr
				switch n := n.(type) {
				case *ast.CaseClause:
					list = n.List
				case *ast.CompositeLit:
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							e = kv.Key
						}
						list = append(list, e)
					}
				}
				var named []string
				for _, e := range list {
					if lit, ok := e.(*ast.BasicLit); ok {
						if s, err := strconv.Unquote(lit.Value); err == nil && slices.Contains(known, s) {
							named = append(named, s)
						}
					}
				}
				if len(named) > 3 {
					t.Errorf("%s lists %v: that belongs into the table of tools", name, named)
				}
				return true
			})
		}
	}
}
