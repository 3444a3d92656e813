package files

import (
	"path"
	"strings"

	"badsig/checks/facts"
)

// kindOf tells by its name why a file is worth a look.
func kindOf(dir, name string) fileKind {
	switch name {
	case "package.json":
		return KindPackage
	case "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "bun.lock":
		return KindLock
	case "launch.json":
		if path.Base(dir) == ".vscode" {
			return KindJSON
		}
		return kindNone
	case "nodemon.json", "tsconfig.json", "jsconfig.json", "deno.json", "deno.jsonc", "import_map.json", "ecosystem.json", "ecosystem.config.json", "pm2.json", "app.json", "process.json":
		return KindJSON
	case "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", "docker-compose.override.yml", "docker-compose.dev.yml",
		"creds.yaml", "creds.yml", "pm2.yml", "ecosystem.config.yml":
		return KindYAML
	case "config.yml", "config.yaml":
		if base := path.Base(dir); base == "stream-cli" || base == ".stream" {
			return KindYAML
		}
		return KindConf // viper's, and others'
	case "Procfile", "Makefile", "start.sh", "run.sh", "dev.sh":
		return KindProcfile
	case "requirements.txt", "Pipfile", "go.mod", "composer.json", "Gemfile", "config.ru", "pom.xml", "mix.exs", "Cargo.toml", "artisan", "mvnw", "gradlew":
		return KindMark
	case "pubspec.yaml", "Package.swift", "build.gradle", "build.gradle.kts", "AndroidManifest.xml":
		return KindApp
	}
	if stem, ext, _ := strings.Cut(name, "."); stem == "Dockerfile" || stem == "Containerfile" || ext == "Dockerfile" || ext == "dockerfile" {
		return KindImage
	}
	if IsEnvName(name) {
		return KindEnv
	}
	if isConfName(dir, name) {
		return KindConf
	}
	if isKubeName(dir, name) {
		return KindYAML
	}
	if name == "wrangler.jsonc" || name == "wrangler.json" {
		return KindJSON
	}
	if name == "www" && path.Base(dir) == "bin" { // Express's generator
		return KindJS
	}
	switch path.Ext(name) {
	case ".json":
		return kindData
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro", ".html":
		if strings.HasSuffix(name, ".d.ts") {
			return kindNone
		}
		return KindJS
	case ".py", ".go", ".rb", ".php", ".java", ".kt", ".cs", ".dart", ".swift":
		return KindCode
	case ".csproj", ".ex", ".exs", ".rs", ".scala": // a project's, or source that isn't read: the name is enough
		return KindMark
	case ".plist": // an app's settings: the name is enough
		if strings.HasSuffix(name, "Info.plist") {
			return KindMark
		}
	case ".xcconfig":
		return KindMark
	case ".xml":
		if path.Base(dir) == "values" {
			return KindMark
		}
	case ".asset":
		if strings.HasPrefix(dir, "Assets/") || strings.Contains(dir, "/Assets/") {
			return KindMark
		}
	case ".ini", ".toml", ".properties":
		return KindINI
	}
	return kindNone
}

// isConfName tells the configuration files of Spring, Ktor, ASP.NET and Rails.
func isConfName(dir, name string) bool {
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	switch ext {
	case ".json":
		return strings.HasPrefix(stem, "appsettings") || name == "launchSettings.json"
	case ".yml", ".yaml":
		return strings.HasPrefix(stem, "application") || path.Base(dir) == "config" && (stem == "settings" || stem == "services") || path.Base(dir) == "settings" && path.Base(path.Dir(dir)) == "config"
	case ".properties":
		return strings.HasPrefix(stem, "application")
	case ".conf":
		return stem == "application"
	}
	return false
}

// isKubeName tells the manifests of Kubernetes, by their folder or their name.
func isKubeName(dir, name string) bool {
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	if ext != ".yml" && ext != ".yaml" {
		return false
	}
	for part := range strings.SplitSeq(dir, "/") {
		switch part {
		case "k8s", "kubernetes", "kube", "manifests", "kustomize":
			return true
		}
	}
	for part := range strings.FieldsFuncSeq(strings.ToLower(stem), func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch part {
		case "deployment", "configmap", "k8s", "kubernetes", "statefulset":
			return true
		}
	}
	return stem == "secret" || stem == "secrets" || strings.HasSuffix(stem, "-secret") || strings.HasSuffix(stem, "-secrets")
}

// IsEnvName tells the names that .env files have, and those they get by
// mistake (env, .env.txt).
func IsEnvName(name string) bool {
	switch name {
	case ".env", "env", "env.txt", ".dev.vars", ".secret.local", ".envrc", ".flaskenv", "env.local", "env.development", "env.development.local", "env.dev":
		return true
	}
	if strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".d.ts") {
		return false
	}
	if rest, ok := strings.CutPrefix(name, ".env"); ok {
		return rest[0] == '.' || rest[0] == '-' || rest[0] == '_'
	}
	return strings.HasSuffix(name, ".env")
}

// RoleOfPath tells what a file is for by where it is and what it is called;
// RoleUnknown where that does not decide.
func RoleOfPath(rel string) facts.Role {
	dir, name := path.Split(rel)
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		switch strings.ToLower(part) {
		case "test", "tests", "__tests__", "spec", "specs", "e2e", "cypress", "playwright", "__mocks__", "mocks", "fixtures", "__fixtures__", "testdata":
			return facts.RoleTest
		case "example", "examples", "sample", "samples", "demo-data", ".storybook", "stories":
			return facts.RoleExample
		case "templates": // of projects to come; pages in them are what Flask, Django and others hand out
			if !strings.HasSuffix(name, ".html") {
				return facts.RoleExample
			}
		case "docs", "doc", "documentation":
			return facts.RoleDocs
		}
	}
	low := strings.ToLower(name)
	for _, mark := range []string{".test.", ".spec.", ".e2e.", "_test.", ".cy."} {
		if strings.Contains(low, mark) {
			return facts.RoleTest
		}
	}
	if strings.HasPrefix(low, "test_") || low == "setuptests.js" || low == "setuptests.ts" || low == "conftest.py" {
		return facts.RoleTest
	}
	if strings.Contains(low, ".stories.") {
		return facts.RoleExample
	}
	for _, mark := range []string{".prod.", ".production.", ".staging.", "-prod.", "-production.", "-staging."} { // environment.prod.ts
		if strings.Contains(low, mark) && !strings.Contains(low, "env") || strings.Contains(low, "environment"+mark) {
			return facts.RoleOther
		}
	}
	if IsEnvName(name) {
		for part := range strings.SplitSeq(strings.Trim(low, "."), ".") {
			switch part {
			case "example", "sample", "template", "dist", "defaults-example", "tpl", "schema", "skel":
				return facts.RoleExample
			case "test", "testing", "ci", "e2e":
				return facts.RoleTest
			case "production", "prod", "staging", "stage", "preview", "qa", "uat", "release", "backup", "bak", "old", "orig", "save", "copy", "vault", "keys":
				return facts.RoleOther
			}
		}
		for _, mark := range []string{"example", "sample", "template"} {
			if strings.Contains(low, mark) {
				return facts.RoleExample
			}
		}
	}
	return facts.RoleUnknown
}
