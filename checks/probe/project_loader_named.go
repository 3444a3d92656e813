package probe

import (
	"bytes"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/pattern"
)

// renamedLoads finds the calls of import { config as load } from 'dotenv',
// which have a name of the project's own.
func renamedLoads(m *module) []load {
	var out []load
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
				n := bytes.Index(m.src[at:], []byte(local+"("))
				if n < 0 {
					break
				}
				at += n + len(local) + 1
				if n > 0 && isWordByte(m.src[at-len(local)-2]) {
					continue
				}
				plain := at < len(m.src) && m.src[at] == ')'
				out = append(out, load{kind: kind, dialect: envfile.Dotenv, unknown: !plain || kind == "dotenv-other", at: place{m, 1 + bytes.Count(m.src[:at], []byte{'\n'})}})
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
func nestLoad(m *module) (load, bool) {
	if !m.importsFrom("ConfigModule", "@nestjs/config") {
		return load{}, false
	}
	g := nestOptions.FindSubmatchIndex(m.src)
	if g == nil {
		return load{}, false
	}
	l := load{kind: "nest", dialect: envfile.Dotenv, at: place{m, 1 + bytes.Count(m.src[:g[0]], []byte{'\n'})}}
	if g[2] < 0 {
		return l, true
	}
	options := string(m.src[g[2]:g[3]])
	l.unknown = strings.Contains(options, "ignoreEnvFile") || strings.Contains(options, "...")
	if strings.Contains(options, "expandVariables") {
		l.dialect = envfile.DotenvExpand
	}
	if x := nestPath.FindStringSubmatch(options); x != nil {
		for part := range strings.SplitSeq(strings.Trim(x[1], "[] \n\t"), ",") {
			t := plainText.FindStringSubmatch(part)
			switch {
			case t != nil:
				l.paths = append(l.paths, loadPath{rel: t[1], cwd: true, optional: true})
			case strings.TrimSpace(part) != "":
				l.unknown = true
			}
		}
	}
	return l, true
}
