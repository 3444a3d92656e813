// Package jsrun computes what a small function that builds a text gives.
package jsrun

import (
	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
)

// Rules of this package:
//   - only texts, undefined and true or false are computed, with the operators and methods that helpers for URLs use
//   - anything else ends it, and nothing is said of the result

// Value is a text, a condition, or undefined.
type Value struct {
	Text string
	Kind Kind
}

// Kind is what a Value is.
type Kind byte

// The kinds of values: the zero one is undefined.
const (
	Undefined Kind = iota
	Text
	Bool
	Number
	list
	address
	pattern
)

// Names gives what a name from outside of the function holds; ok is false where that isn't known.
type Names func(path string) (v Value, ok bool)

// Calls gives what a call of another function gives.
type Calls func(name string, args []Value) (v Value, ok bool)

// maxSteps bounds what one call computes.
const maxSteps = 4000

type unknown struct{}

type machine struct {
	ws    []jsread.Word
	at    int
	vars  map[string]Value
	names Names
	calls Calls
	steps int
	off   int // more than 0: what is read isn't computed
	done  bool
	out   Value
}

// Run computes the call of a function whose words begin at its parameters.
func Run(ws []jsread.Word, args []Value, names Names, calls Calls) (v Value, ok bool) {
	m := &machine{ws: ws, vars: map[string]Value{}, names: names, calls: calls}
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(unknown); !is {
				panic(r)
			}
			v, ok = Value{}, false
		}
	}()
	m.params(args)
	if m.is("{") {
		m.block()
	} else {
		m.out = m.expr()
	}
	return m.out, true
}

//go:noinline
func stop() { panic(unknown{}) }

//go:noinline
func (m *machine) word() *jsread.Word {
	m.steps++
	if m.at >= len(m.ws) || m.steps > maxSteps {
		stop()
	}
	return &m.ws[m.at]
}

//go:noinline
func (m *machine) is(text string) bool {
	return m.at < len(m.ws) && !m.ws[m.at].String && m.ws[m.at].Text == text
}

//go:noinline
func (m *machine) eat(text string) bool {
	if m.is(text) {
		m.at++
		return true
	}
	return false
}

//go:noinline
func (m *machine) need(text string) {
	if !m.eat(text) {
		stop()
	}
}

// params reads (a, b = 'x'): string, or one name, and what is between them and the body.
func (m *machine) params(args []Value) {
	bracket := m.eat("(")
	for i := 0; ; i++ {
		if bracket && m.eat(")") {
			break
		}
		name := m.word().Text
		if m.ws[m.at].String || affix.ContainsAny(name, "{[.") {
			stop()
		}
		m.at++
		m.eat("?")
		m.skipType(",", ")", "=", "=>")
		v := Value{}
		if i < len(args) {
			v = args[i]
		}
		if m.eat("=") {
			if d := m.expr(); v.Kind == Undefined {
				v = d
			}
		}
		m.vars[name] = v
		if !bracket {
			break
		}
		m.eat(",")
	}
	m.skipType("{", "=>")
	m.eat("=>")
}

// skipType passes over : string, to one of the words that end it.
func (m *machine) skipType(ends ...string) {
	if !m.eat(":") {
		return
	}
	for depth := 0; ; m.at++ {
		w := m.word()
		for _, e := range ends {
			if depth == 0 && !w.String && w.Text == e {
				return
			}
		}
		switch w.Text {
		case "<", "(", "[":
			depth++
		case ">", ")", "]":
			depth--
		case "{", ";":
			stop()
		}
	}
}

func (m *machine) block() {
	m.need("{")
	for !m.eat("}") {
		m.statement()
	}
}

func (m *machine) statement() {
	if m.done {
		m.off++
		m.done = false
		defer func() { m.off--; m.done = true }()
	}
	switch w := m.word(); {
	case m.is("{"):
		m.block()
	case m.eat(";"):
	case m.eat("return"):
		v := Value{}
		if !m.is(";") && !m.is("}") {
			v = m.expr()
		}
		m.eat(";")
		if m.off == 0 {
			m.out, m.done = v, true
		}
	case m.eat("if"):
		m.need("(")
		c := truth(m.expr())
		m.need(")")
		m.when(c, m.statement)
		if m.eat("else") {
			m.when(!c, m.statement)
		}
	case m.eat("while"):
		m.loop()
	case m.eat("try"):
		m.block()
		if m.eat("catch") {
			if m.eat("(") {
				m.word()
				m.at++
				m.need(")")
			}
			m.when(false, m.statement)
		}
	case m.eat("throw"):
		if m.off == 0 {
			stop()
		}
		m.expr()
		m.eat(";")
	case m.eat("const"), m.eat("let"), m.eat("var"):
		for {
			name := m.word().Text
			m.at++
			m.skipType("=", ";")
			v := Value{}
			if m.eat("=") {
				v = m.expr()
			}
			m.set(name, v)
			if !m.eat(",") {
				break
			}
		}
		m.eat(";")
	case !w.String && m.at+1 < len(m.ws) && (m.ws[m.at+1].Text == "=" || m.ws[m.at+1].Text == "+=") && !m.ws[m.at+1].String:
		m.at += 2
		sum := m.ws[m.at-1].Text == "+="
		v := m.expr()
		old, own := m.vars[w.Text]
		if !own {
			stop()
		} else if sum && m.off == 0 {
			v = add(old, v)
		}
		m.set(w.Text, v)
		m.eat(";")
	default:
		stop()
	}
}

// when does something, or only reads it.
func (m *machine) when(c bool, do func()) {
	if c {
		do()
		return
	}
	m.off++
	do()
	m.off--
}

func (m *machine) loop() {
	m.need("(")
	start := m.at
	for n := 0; ; n++ {
		m.at = start
		c := m.off == 0 && truth(m.expr())
		if m.off > 0 {
			m.expr()
		}
		m.need(")")
		m.when(c, m.statement)
		if !c || m.done {
			return
		}
		if n > 100 {
			stop()
		}
	}
}

//go:noinline
func (m *machine) set(name string, v Value) {
	if m.off == 0 {
		m.vars[name] = v
	}
}
