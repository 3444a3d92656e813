// Package starts finds what scripts, Procfiles and process managers start.
package starts

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/shell"
)

// expandManager follows npm run x, npm --prefix dir start, yarn workspace x y …
func expandManager(p *picture.Reader, k *modules.Package, args []string, dir string, depth int) []picture.Starter {
	var plain []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		name, value, has := affix.Cut(a, "=")
		switch name {
		case "--prefix", "--cwd", "-C", "--dir":
			if !has && i+1 < len(args) {
				i++
				value = args[i]
			}
			if t := p.Pkgs[path.Join(dir, value)]; t != nil {
				k = t
			}
		case "--workspace", "-w", "--filter", "-F", "workspace":
			if !has && i+1 < len(args) {
				i++
				value = args[i]
			}
			for _, t := range p.Pkgs {
				if t.Name == value || t.Dir == value || affix.Base(t.Dir) == affix.TrimPrefix(value, "./") {
					k = t
				}
			}
		default:
			if a == "--" {
				i = len(args)
			} else if !affix.HasPrefix(a, "-") {
				plain = append(plain, a)
			}
		}
	}
	if len(plain) > 0 && (plain[0] == "run" || plain[0] == "run-script" || plain[0] == "exec") {
		plain = plain[1:]
	}
	if len(plain) == 0 {
		return nil
	}
	if s, more := k.Script(plain[0]), args[slices.Index(args, plain[0])+1:]; len(more) > 0 && wraps(s) {
		return expandScript(p, k, s+" "+shell.PosixWords(more), k.Dir, depth+1)
	}
	return expandNamed(p, k, plain[0], depth)
}

// wraps reports a script that starts what follows its name: "with-env": "dotenv -e ../../.env --" of pnpm with-env next dev.
func wraps(s string) bool {
	w := strings.Fields(s)
	return len(w) > 0 && (w[len(w)-1] == "--" || w[0] == "dotenv" || w[0] == "env-cmd") && !affix.Contains(s, "&&")
}

func expandNamed(p *picture.Reader, k *modules.Package, name string, depth int) []picture.Starter {
	if affix.HasSuffix(name, "*") {
		var out []picture.Starter
		for _, s := range k.Scripts {
			if affix.HasPrefix(s.Name, affix.TrimSuffix(name, "*")) {
				out = append(out, expandScript(p, k, s.Command, k.Dir, depth+1)...)
			}
		}
		return out
	}
	if s := k.Script(name); s != "" {
		return expandScript(p, k, s, k.Dir, depth+1)
	}
	return nil
}

// expandWrapper reads dotenv-cli (dotenv -e FILE -- COMMAND) and env-cmd.
func expandWrapper(p *picture.Reader, k *modules.Package, st *picture.Starter, dir string, depth int) []picture.Starter {
	var files, rest []string
	args := st.Args
	for i := 0; i < len(args) && rest == nil; i++ {
		a := args[i]
		switch {
		case (a == "-e" || a == "-f" || a == "--file") && i+1 < len(args):
			i++
			files = append(files, args[i])
		case affix.HasPrefix(a, "-"):
		default:
			rest = args[i:]
		}
	}
	if len(files) == 0 {
		files = []string{".env"}
	}
	subs := expandScript(p, k, shell.PosixWords(rest), dir, depth+1)
	for i := range subs {
		subs[i].EnvFiles, subs[i].Wrapper = append(slices.Clone(files), subs[i].EnvFiles...), true
	}
	return subs
}

// Words are the words of a command line, without quotes.
func Words(s string) []string { return slices.Concat(splitCommands(s)...) }

// splitCommands cuts a command line into commands, and those into words.
func splitCommands(s string) [][]string {
	var all [][]string
	var words []string
	var cur strings.Builder
	in, has := byte(0), false
	word := func() {
		if has {
			words = append(words, cur.String())
			cur.Reset()
			has = false
		}
	}
	command := func() {
		word()
		if len(words) > 0 {
			all = append(all, words)
			words = nil
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case in != 0 && c == '\\' && in == '"' && i+1 < len(s):
			i++
			cur.WriteByte(s[i])
		case in != 0 && c == in:
			in = 0
		case in != 0:
			cur.WriteByte(c)
		case c == '\'' || c == '"':
			in, has = c, true
		case c == ' ' || c == '\t':
			word()
		case c == '&' || c == '|' || c == ';' || c == '\n' || c == '(' || c == ')':
			command()
		case c == '\\' && i+1 < len(s):
			i++
			cur.WriteByte(s[i])
			has = true
		default:
			cur.WriteByte(c)
			has = true
		}
	}
	command()
	return all
}
