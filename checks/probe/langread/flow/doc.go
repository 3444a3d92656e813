package flow

import "badsig/checks/probe/langread/syntax"

var Languages = map[string]*syntax.Language{
	".py":   {Name: syntax.Python, Family: syntax.FamPython, Newlines: true},
	".go":   {Name: syntax.Go, Family: syntax.FamC, Newlines: true, Chars: true, Raw: '`'},
	".php":  {Name: syntax.PHP, Family: syntax.FamPHP},
	".rb":   {Name: syntax.Ruby, Family: syntax.FamRuby, Newlines: true},
	".ru":   {Name: syntax.Ruby, Family: syntax.FamRuby, Newlines: true},
	".java": {Name: syntax.Java, Family: syntax.FamC, Chars: true, Typed: true},
	".kt":   {Name: syntax.Kotlin, Family: syntax.FamC, Newlines: true, Nested: true, Chars: true, Trailing: true},
	".kts":  {Name: syntax.Kotlin, Family: syntax.FamC, Newlines: true, Nested: true, Chars: true, Trailing: true},
	".cs":   {Name: syntax.CSharp, Family: syntax.FamC, Chars: true, Typed: true},
}
