package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/fronts"
)

// Rules of this file, about RxJS, in which Angular's HttpClient gives its responses:
//   - an observable of a response gives its document to what subscribes, and each operator to the next one
//   - an operator that isn't known ends the way

// passesValue are the operators that give on what they get.
var passesValue = names.Words("tap", "take", "first", "last", "filter", "catchError", "retry", "timeout", "finalize", "shareReplay", "share", "takeUntil", "distinctUntilChanged", "debounceTime", "delay", "startWith")

// plainRequest reports a request of Angular's HttpClient that gives its response's document, where nothing of the page changes responses.
func plainRequest(w *passage, v modules.View, object, name string) bool {
	if !fronts.InjectsHTTP(v.M, object) {
		return false
	}
	plain := true
	if i := map[bool]int{true: 1, false: 2}[name == "get" || name == "delete"]; i < len(v.E.Parts) {
		o := v.E.Parts[i]
		plain = o.Kind == jsread.Object
		for _, k := range o.Keys() {
			plain = plain && !facts.OneOf([]string{"", "observe", "responseType"}, k)
		}
	}
	w.pages(func(m *modules.Module) { plain = plain && !m.Mentions("HttpResponse") })
	return plain
}

// stream is what observables are, and what functions make promises of them; nil for other calls.
func stream(w *passage, v modules.View, name string) []carried {
	e := v.E
	switch {
	case name == "pipe":
		return piped(w, streamOf(w, v), v, e.Parts)
	case name == "toPromise" && len(e.Parts) == 0:
		return promised(streamOf(w, v), v)
	case (name == "firstValueFrom" || name == "lastValueFrom") && len(e.Parts) > 0 && modules.ImportsFrom(v.M, name, "rxjs"):
		return promised(w.eval(v.Of(&e.Parts[0])), v)
	}
	return nil
}

// streamOf is the observable that a method is called on; nil for other values.
func streamOf(w *passage, v modules.View) []carried {
	all := w.eval(receiverOf(v.M, v.At, v.E.Text, v.E.On(), v.E.Line))
	for i := range all {
		if all[i].kind != carriedStream {
			return nil
		}
	}
	return all
}

// promised are the values of observables, as promises.
func promised(all []carried, v modules.View) (out []carried) {
	for _, x := range all {
		if x.kind == carriedStream {
			x = *x.inner
			x.prom, x.at = true, v
		}
		out = append(out, x)
	}
	return out
}

// piped is what operators make of observables.
func piped(w *passage, all []carried, v modules.View, ops []jsread.Expr) (out []carried) {
	if all == nil {
		return nil
	}
	for _, x := range all {
		out = append(out, *x.inner)
	}
	for _, op := range ops {
		name := facts.LastName(op.Text)
		switch {
		case op.Kind != jsread.CallExpr:
			return []carried{{}}
		case passesValue[name]:
		case name == "pluck" && len(op.Parts) == 1:
			out = w.members(out, op.Parts[0].Text, v)
		case (name == "map" || affix.HasSuffix(name, "Map")) && len(op.Parts) > 0 && op.Parts[0].Kind == jsread.Func:
			out = w.returns(v.Of(&op.Parts[0]), nil)
			for i := range out {
				if x := &out[i]; x.kind == carriedStream && name != "map" {
					*x = *x.inner
				} else if x.prom {
					*x = carried{}
				}
			}
		default:
			return []carried{{}}
		}
	}
	for i := range out {
		inner := out[i]
		out[i] = carried{kind: carriedStream, inner: &inner, from: inner.from}
	}
	return out
}

// streamed is what a function without a name gets that subscribes to an observable, or is an operator's; nil for others.
func streamed(w *passage, m *modules.Module, fn *jsread.Function) (out []carried) {
	modules.VisitCalls(m, func(c *jsread.Call) {
		v := modules.View{M: m, At: c.Scope, E: c.Expr()}
		is := func(a *jsread.Expr) bool { return a.Kind == jsread.Func && a.Fn == fn.Own }
		switch facts.LastName(c.Callee) {
		case "subscribe":
			for i := range c.Args {
				a := &c.Args[i]
				if i == 0 && (is(a) || a.Kind == jsread.Object && len(a.Parts) > 0 && a.Keys()[0] == "next" && is(&a.Parts[0])) {
					for _, x := range streamOf(w, v) {
						out = append(out, *x.inner)
					}
				}
			}
		case "pipe":
			for i := range c.Args {
				if a := &c.Args[i]; len(a.Parts) > 0 && a.Kind == jsread.CallExpr && is(&a.Parts[0]) && facts.LastName(a.Text) != "catchError" {
					for _, x := range piped(w, streamOf(w, v), v, c.Args[:i]) {
						if x.inner != nil {
							x = *x.inner
						}
						out = append(out, x)
					}
				}
			}
		}
	})
	return out
}
