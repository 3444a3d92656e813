package modules

import (
	"bytes"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/pattern"
)

// renamedLoads finds the calls of import { config as load } from 'dotenv',
// which have a name of the project's own.
func renamedLoads(m *Module) []Load {
	var out []Load
	for _, i := range m.Imports {
		kind := loaderPackages[i.From]
		if kind == "" || kind == "dotenv-expand" {
			continue
		}
		for local, exported := range i.Names {
			if exported != "config" && exported != "configDotenv" || local == "config" || local == "configDotenv" {
				continue
			}
			for at := 0; ; {
				n := bytes.Index(m.Src[at:], []byte(local+"("))
				if n < 0 {
					break
				}
				at += n + len(local) + 1
				if n > 0 && isWordByte(m.Src[at-len(local)-2]) {
					continue
				}
				plain := at < len(m.Src) && m.Src[at] == ')'
				out = append(out, Load{Kind: kind, Dialect: DotenvOf(m.Pkg), Unknown: !plain || kind == "dotenv-other", At: Place{m, 1 + bytes.Count(m.Src[:at], []byte{'\n'})}})
			}
		}
	}
	return out
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

var (
	nestOptions = pattern.New(`ConfigModule\.forRoot\(\s*(?:\{([^}]*)\})?`)
	nestPath    = pattern.New(`envFilePath\s*:\s*(\[[^\]]*\]|[^,\n]+)`)
	plainText   = pattern.New(`^\s*['"` + "`" + `]([^'"` + "`" + `$]+)['"` + "`" + `]\s*$`)
)

// nestLoad reads ConfigModule.forRoot, which stands in a decorator.
func nestLoad(m *Module) (Load, bool) {
	if !m.ImportsFrom("ConfigModule", "@nestjs/config") {
		return Load{}, false
	}
	g := nestOptions.FindSubmatchIndex(m.Src)
	if g == nil {
		return Load{}, false
	}
	l := Load{Kind: "nest", Dialect: envfile.Dotenv, At: Place{m, 1 + bytes.Count(m.Src[:g[0]], []byte{'\n'})}}
	if g[2] < 0 {
		return l, true
	}
	options := string(m.Src[g[2]:g[3]])
	l.Unknown = strings.Contains(options, "ignoreEnvFile") || strings.Contains(options, "...")
	if strings.Contains(options, "expandVariables") {
		l.Dialect = envfile.DotenvExpand
	}
	if x := nestPath.FindStringSubmatch(options); x != nil {
		for part := range strings.SplitSeq(strings.Trim(x[1], "[] \n\t"), ",") {
			t := plainText.FindStringSubmatch(part)
			switch {
			case t != nil:
				l.Paths = append(l.Paths, LoadPath{Rel: t[1], CWD: true, Optional: true})
			case strings.TrimSpace(part) != "":
				l.Unknown = true
			}
		}
	}
	return l, true
}
