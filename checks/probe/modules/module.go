package modules

import (
	"path"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/tools"
)

func (m *Module) Kind(fallback bool) facts.Kind {
	switch {
	case fallback:
		return facts.KindFallback
	case m.Tool():
		return facts.KindConfig
	}
	return facts.KindLiteral
}

// Module is one JS or TS file as far as it was read.
type Module struct {
	jsread.Module
	Rel      string
	Pkg      *Package
	Role     facts.Role
	Modified time.Time
	Via      bool // read only because another module imports it

	src    []byte // for words.go alone
	Unused bool   // nothing that runs imports it

	says  moduleText
	loads Once[[]Load]
}

func (m *Module) usesMeta() bool {
	for _, r := range m.Reads {
		if r.Meta {
			return true
		}
	}
	return false
}

// Directive tells a module that begins with one ("use client").
func (m *Module) Directive(text string) bool { return facts.OneOf(m.Directives, text) }

func IsDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (m *Module) Nest() bool {
	return affix.Any(m.Imports, func(i jsread.Import) bool { return i.From == "@nestjs/common" })
}

//go:noinline
func Receiver(callee string) (object, name string) {
	if i := strings.LastIndexByte(callee, '.'); i >= 0 {
		return callee[:i], callee[i+1:]
	}
	return "", callee
}

// OnServerToo tells a module that its framework may run on the server.
func (m *Module) OnServerToo() bool {
	return tools.Of(m.Pkg.Framework).OnServer && !m.Directive("use client")
}

// HasMarkup tells a module of components.
func (m *Module) HasMarkup() bool {
	switch path.Ext(m.Rel) {
	case ".tsx", ".jsx", ".vue", ".svelte", ".astro", ".html":
		return true
	}
	return false
}
