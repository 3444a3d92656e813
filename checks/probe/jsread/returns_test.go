package jsread

import "testing"

func TestReturns(t *testing.T) {
	m := Read("a.ts", []byte(`
export const nextConfig = {
  async rewrites() {
    // return [{ source: '/old', destination: 'http://localhost:1' }]
    return [{ source: '/api/:p*', destination: 'http://localhost:4000/:p*' }];
  },
};
const ask = (path: string) => request("/chat" + path);
function outer() { list.map((x) => { return "/inner"; }); }
`))
	var got []string
	for _, r := range m.Returns {
		got = append(got, r.Func+" "+map[ExprKind]string{Array: "array", CallExpr: "call", Literal: "literal"}[r.Expr.Kind])
	}
	want := []string{"rewrites array", "ask call", " literal"}
	if len(got) != len(want) {
		t.Fatalf("returns %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("return %d is %q, want %q", i, got[i], want[i])
		}
	}
	found := false
	for _, f := range m.Funcs {
		found = found || f.Name == "rewrites" && f.First == 3 && f.Last == 6
	}
	if !found {
		t.Errorf("rewrites is not on lines 3 to 6: %+v", m.Funcs)
	}
	if len(m.Calls) != 1 || m.Calls[0].Callee != "request" {
		t.Errorf("calls %+v, want request alone", m.Calls)
	}
}
