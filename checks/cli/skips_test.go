package cli

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// skips are the places at which a test may leave something out, and why. go test says nothing of it without -v, so a
// place that isn't listed here fails, and so does one whose condition isn't the one that its reason names:
//   - tool: a program that isn't installed; the condition looks for it. Where CI=true, TestCIHasTheTools fails instead
//   - windows, linux: what another system doesn't have or allow (links, modes, signals, /dev/full)
//   - terminal: there is no /dev/ptmx
//   - ipv6: the machine has no address ::1
//   - root: only root can do it
//   - room: the disk is full
//   - short: left out with -short, which only the race detector's run sets
//   - race: the detector itself is in the way
//   - kernel: the build with -tags gopsutil, whose table of sockets names one owner
//   - long: the live suites, which BADSIG_E2E=1 runs; every run judges the facts again that they recorded
//   - packages: Node's packages can't be installed; where CI=true this fails
//   - fuzz, bench: inputs that are too long to be a case; a folder that the caller names
var skips = map[string]string{
	"checks/backend_hostile_test.go":            "short",
	"checks/cli/cli_test.go":                    "tool",
	"checks/cli/fix_test.go":                    "windows",
	"checks/cli/hook_test.go":                   "tool tool",
	"checks/cli/imports_test.go":                "short",
	"checks/cli/outfile_test.go":                "windows",
	"checks/cli/screen_test.go":                 "terminal",
	"checks/cli/signal_other_test.go":           "windows",
	"checks/cli/watch_test.go":                  "tool tool",
	"checks/demo/faults_test.go":                "short tool",
	"checks/e2e/leaks/console_test.go":          "tool",
	"checks/e2e/leaks/interrupt_test.go":        "terminal tool",
	"checks/e2e/leaks/output_test.go":           "linux short",
	"checks/e2e/leaks/secrets_test.go":          "linux windows",
	"checks/e2e/leaks/silent_test.go":           "short",
	"checks/e2e/perf/bulk_test.go":              "tool",
	"checks/e2e/perf/console_test.go":           "terminal",
	"checks/e2e/perf/diagnosis_test.go":         "tool",
	"checks/e2e/perf/figures_test.go":           "short",
	"checks/e2e/recording/recording_test.go":    "short",
	"checks/e2e/recording/terminal_test.go":     "terminal",
	"checks/e2e/recording/walk_test.go":         "short short",
	"checks/e2e/scenarios/fix_test.go":          "tool",
	"checks/e2e/scenarios/replay_test.go":       "long",
	"checks/e2e/scenarios/scenarios_test.go":    "tool",
	"checks/fix/fix_test.go":                    "windows",
	"checks/fix/writing_test.go":                "windows windows",
	"checks/inspect/inspect_test.go":            "short",
	"checks/internal/eventually/port.go":        "ipv6",
	"checks/internal/nodetest/packages.go":      "packages",
	"checks/nofifo_hostile_test.go":             "windows",
	"checks/outfile/folder_test.go":             "windows",
	"checks/outfile/outfile_test.go":            "windows",
	"checks/outfile/rewrite_linux_test.go":      "root root",
	"checks/outfile/rewrite_test.go":            "windows",
	"checks/probe/backend/cors_browser_test.go": "tool",
	"checks/probe/files/walk_test.go":           "windows",
	"checks/probe/jsread/hostile_test.go":       "fuzz short",
	"checks/probe/listener/listener_test.go":    "kernel tool windows windows",
	"checks/probe/project/bench_walk_test.go":   "bench",
	"checks/probe/project/odd_names_test.go":    "windows",
	"checks/probe/project/real_test.go":         "short",
	"checks/probe/project/secrets_test.go":      "tool",
	"checks/project_hostile_test.go":            "room short windows windows windows windows",
	"checks/shell/quote_test.go":                "tool tool",
	"tokens/signer_test.go":                     "race",
	"ui/neighbors_unix_test.go":                 "tool",
	"ui/terminal_test.go":                       "terminal tool",
}

// conditions are what each reason is told by: the condition that encloses the skip, with the assignment before it.
var conditions = []struct {
	reason string
	means  *regexp.Regexp
}{
	{"tool", regexp.MustCompile(`^\w+, \w+ :?= exec\.LookPath\((.+)\); \w+ != nil( &&.*)?$`)},
	{"tool", regexp.MustCompile(`^(browser|strace\.Find\(\)) == ""$`)},
	{"windows", regexp.MustCompile(`^runtime\.GOOS == "windows"$`)},
	{"windows", regexp.MustCompile(`^//go:build !unix$`)},
	{"linux", regexp.MustCompile(`^runtime\.GOOS != "linux"$`)},
	{"terminal", regexp.MustCompile(`^_, absent := os\.Stat\("/dev/ptmx"\); absent != nil$`)},
	{"ipv6", regexp.MustCompile(`^l, err := net\.Listen\("tcp", "\[::1\]:0"\); err != nil$`)},
	{"root", regexp.MustCompile(`^os\.Geteuid\(\) != 0$`)},
	{"room", regexp.MustCompile(`^full\.Load\(\)$`)},
	{"short", regexp.MustCompile(`^(.* && )?testing\.Short\(\)( && .*)?$`)},
	{"race", regexp.MustCompile(`^raced$`)},
	{"kernel", regexp.MustCompile(`^!kernelTells$`)},
	{"long", regexp.MustCompile(`^os\.Getenv\("BADSIG_E2E"\) == ""$`)},
	{"packages", regexp.MustCompile(`^func Absent$`)},
	{"fuzz", regexp.MustCompile(`^len\(src\) > 1<<16$`)},
	{"bench", regexp.MustCompile(`^dir := os\.Getenv\("BADSIG_BENCH_DIR"\); dir == ""$`)},
}

// skipsOf lists the conditions of a file's skips: "err := f(); err != nil".
func skipsOf(t *testing.T, file string) (conds []string) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(src, []byte(".Skip")) {
		return nil
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	shown := func(n ast.Node) string {
		var b strings.Builder
		_ = printer.Fprint(&b, set, n)
		return b.String()
	}
	var around []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		around = append(around, n)
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains([]string{"t.Skip", "t.Skipf", "t.SkipNow", "tb.Skip", "b.Skip", "f.Skip", "tb.Skipf", "b.Skipf"}, calleeOf(call.Fun)) {
			return true
		}
		cond := "none"
		for i := len(around) - 1; i >= 0 && cond == "none"; i-- {
			switch x := around[i].(type) {
			case *ast.IfStmt:
				cond = shown(x.Cond)
				before := x.Init
				if block, ok := around[i-1].(*ast.BlockStmt); ok && before == nil && !strings.Contains(cond, "(") {
					if at := slices.Index(block.List, ast.Stmt(x)); at > 0 {
						if set, ok := block.List[at-1].(*ast.AssignStmt); ok && mentions(x.Cond, set.Lhs) {
							before = set
						}
					}
				}
				if before != nil {
					cond = shown(before) + "; " + cond
				}
			case *ast.FuncDecl:
				cond = "func " + x.Name.Name
				for _, c := range f.Comments {
					if strings.HasPrefix(c.List[0].Text, "//go:build ") && c.Pos() < f.Package {
						cond = c.List[0].Text
					}
				}
			}
		}
		conds = append(conds, cond)
		return true
	})
	return conds
}

// mentions reports whether an expression names one of the variables.
func mentions(e ast.Expr, variables []ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && slices.ContainsFunc(variables, func(v ast.Expr) bool { x, ok := v.(*ast.Ident); return ok && x.Name == id.Name })
		return true
	})
	return found
}

// goSources lists every Go file of the repository but this one.
func goSources(t *testing.T) (names []string) {
	t.Helper()
	readsSources(t)
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "/skips_test.go") {
			names = append(names, path)
		}
		return err
	})
	if err != nil || len(names) < 500 {
		t.Fatal(len(names), err)
	}
	return names
}

func TestEverySkipHasItsReason(t *testing.T) {
	t.Parallel()
	for _, path := range goSources(t) {
		name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
		var reasons []string
		for _, cond := range skipsOf(t, path) {
			reason := "none"
			for _, c := range conditions {
				if c.means.MatchString(cond) {
					reason = c.reason
				}
			}
			if reason == "none" {
				t.Errorf("%s skips on a condition that is no reason of the list: %s", name, cond)
			}
			reasons = append(reasons, reason)
		}
		slices.Sort(reasons)
		if got := strings.Join(reasons, " "); got != skips[name] {
			t.Errorf("%s skips for %q, listed is %q", name, got, skips[name])
		}
	}
	for name := range skips {
		if _, err := os.Stat("../../" + name); err != nil {
			t.Errorf("%s is listed, and not there", name)
		}
	}
}

// Where CI=true, what .ci/run installs, or needs itself, has to be there: none of its tests may be left out.
func TestCIHasTheTools(t *testing.T) {
	if os.Getenv("CI") != "true" {
		return
	}
	for _, tool := range []string{"sh", "bash", "git", "head", "curl", "node", "npm", "rg", "strace"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Errorf("%s isn't installed, and the tests that need it are skipped", tool)
		}
	}
}

// What a quick run leaves out .ci/run runs: each file that looks whether the run is a long one has a test there.
func TestTheLongRunRunsAllThatIsLeftOut(t *testing.T) {
	readsSources(t)
	script, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	var long []string
	for _, line := range strings.Split(string(script), "\n") {
		if strings.HasPrefix(line, "BADSIG_E2E=1 go test ") {
			line, _, _ = strings.Cut(line, " #")
			long = append(long, line+" ")
		}
	}
	tests, files := regexp.MustCompile(`(?m)^func (Test\w+)\(`), 0
	err = filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../../checks/e2e/") || strings.HasSuffix(path, "/skips_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(src), `Getenv("BADSIG_E2E")`) {
			return err
		}
		files++
		room := "./" + strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../../")
		for _, line := range long {
			_, names, _ := strings.Cut(line, " -run '")
			names, rooms, _ := strings.Cut(names, "'")
			for _, m := range tests.FindAllStringSubmatch(string(src), -1) {
				if slices.Contains(strings.Split(names, "|"), m[1]) && strings.Contains(rooms, " "+room+" ") {
					return nil
				}
			}
		}
		t.Errorf("%s leaves something out, and .ci/run's long suites run none of its tests", path)
		return nil
	})
	if err != nil || files == 0 {
		t.Fatal(files, err)
	}
}
