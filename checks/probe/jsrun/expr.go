package jsrun

import (
	"strconv"

	"badsig/checks/probe/jsread"
)

//go:noinline
func truth(v Value) bool {
	return v.Kind != Undefined && v.Text != "" && (v.Kind != Bool && v.Kind != Number || v.Text != "false" && v.Text != "0") || v.Kind == pattern
}

//go:noinline
func flag(b bool) Value { return Value{strconv.FormatBool(b), Bool} }

// expr reads a ? b : c and what binds more tightly.
func (m *machine) expr() Value {
	c := m.or()
	if !m.eat("?") {
		return c
	}
	var a, b Value
	m.when(truth(c), func() { a = m.expr() })
	m.need(":")
	m.when(!truth(c), func() { b = m.expr() })
	if truth(c) {
		return a
	}
	return b
}

func (m *machine) or() Value {
	a := m.and()
	for {
		done := truth(a)
		switch {
		case m.eat("||"):
		case m.eat("??"):
			done = a.Kind != Undefined
		default:
			return a
		}
		m.when(!done, func() {
			if b := m.and(); !done {
				a = b
			}
		})
	}
}

func (m *machine) and() Value {
	a := m.compared()
	for m.eat("&&") {
		m.when(truth(a), func() {
			if b := m.compared(); truth(a) {
				a = b
			}
		})
	}
	return a
}

func (m *machine) compared() Value {
	a := m.sum()
	for {
		op := ""
		for _, x := range []string{"===", "!==", "==", "!=", ">", "<", ">=", "<="} {
			if m.eat(x) {
				op = x
				break
			}
		}
		if op == "" {
			return a
		}
		b := m.sum()
		x, _ := strconv.Atoi(a.Text)
		y, _ := strconv.Atoi(b.Text)
		switch op[0] {
		case '=':
			a = flag(a == b)
		case '!':
			a = flag(a != b)
		default:
			if m.off == 0 && (a.Kind != Number || b.Kind != Number) {
				stop()
			}
			a = flag(x == y && len(op) == 2 || x < y && op[0] == '<' || x > y && op[0] == '>')
		}
	}
}

func (m *machine) sum() Value {
	a := m.unary()
	for {
		switch {
		case m.eat("+"):
			a = add(a, m.unary())
		case m.is("-") && a.Kind == Number:
			m.at++
			x, _ := strconv.Atoi(a.Text)
			y, _ := strconv.Atoi(m.unary().Text)
			a.Text = strconv.Itoa(x - y)
		default:
			return a
		}
	}
}

//go:noinline
func add(a, b Value) Value { return Value{a.text() + b.text(), Text} }

func (v Value) text() string {
	if v.Kind == Undefined {
		return "undefined"
	}
	return v.Text
}

func (m *machine) unary() Value {
	switch {
	case m.eat("!"):
		return flag(!truth(m.unary()))
	case m.eat("-"):
		return Value{"-" + m.unary().Text, Number}
	case m.eat("typeof"):
		v := m.unary()
		return Value{[]string{"undefined", "string", "boolean", "number", "object", "object", "object"}[v.Kind], Text}
	}
	v := m.primary()
	for {
		switch {
		case m.is("!") && !(m.at+1 < len(m.ws) && m.ws[m.at+1].Text == "="), m.is("."), m.is("?."), m.is("["), m.is("as"):
			v = m.further(v)
		default:
			return v
		}
	}
}

// begins reports a word that begins an expression, and ends none.
//
//go:noinline
func begins(w jsread.Word) bool {
	c := w.Text[0]
	return !w.String && (c == '(' || c == '_' || c == '$' || c|0x20 >= 'a' && c|0x20 <= 'z') && w.Text != "as" && w.Text != "in"
}

func (m *machine) primary() Value {
	if m.at > 0 && m.ws[m.at-1].Pattern != "" {
		return Value{m.ws[m.at-1].Pattern, pattern}
	}
	w := m.word()
	m.at++
	switch {
	case w.String:
		out := w.Text
		for m.at < len(m.ws) && m.ws[m.at].Line == w.Line && begins(m.ws[m.at]) { // a template
			out += m.expr().text()
			end := m.word()
			if !end.String {
				stop()
			}
			out += end.Text
			m.at++
		}
		return Value{out, Text}
	case w.Text == "(":
		v := m.expr()
		m.need(")")
		return v
	case w.Text[0] >= '0' && w.Text[0] <= '9':
		return Value{w.Text, Number}
	case w.Text == "undefined" || w.Text == "null":
		return Value{}
	case w.Text == "true" || w.Text == "false":
		return Value{w.Text, Bool}
	case w.Text == "new" && m.eat("URL") && m.is("("):
		return m.resolved(m.args())
	case w.Text == "new" && m.off > 0:
		return m.primary()
	case !begins(*w):
		stop()
	}
	if m.is("(") {
		return m.called(w.Text, m.args())
	}
	if v, ok := m.vars[w.Text]; ok {
		return v
	}
	path := w.Text
	for (m.is(".") || m.is("?.")) && m.at+2 < len(m.ws) && m.ws[m.at+2].Text != "(" {
		path += "." + m.ws[m.at+1].Text
		m.at += 2
	}
	if m.off > 0 {
		return Value{}
	}
	v, ok := m.names(path)
	if !ok {
		stop()
	}
	return v
}

func (m *machine) args() (out []Value) {
	m.need("(")
	for !m.eat(")") {
		out = append(out, m.expr())
		m.eat(",")
	}
	return out
}

func (m *machine) called(name string, args []Value) Value {
	if m.off > 0 {
		return Value{}
	}
	switch {
	case name == "String" && len(args) == 1:
		return Value{args[0].text(), Text}
	case name == "Boolean" && len(args) == 1:
		return flag(truth(args[0]))
	case name == "encodeURI" && len(args) == 1:
		return args[0]
	}
	v, ok := m.calls(name, args)
	if !ok {
		stop()
	}
	return v
}

// further reads a member, a method's call, or what a type says after a value.
func (m *machine) further(v Value) Value {
	switch {
	case m.eat("!"):
		return v
	case m.eat("as"):
		m.at++
		return v
	case m.eat("["):
		i := m.expr()
		m.need("]")
		return m.item(v, i)
	}
	m.at++
	name := m.word().Text
	m.at++
	if !m.is("(") {
		return m.member(v, name)
	}
	args := m.args()
	if m.off > 0 {
		return Value{}
	}
	return method(v, name, args)
}
