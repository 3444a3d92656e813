package cli

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// skips are the places at which a test may leave something out, and why. go test says nothing of it without -v, so a
// place that isn't listed here fails:
//   - system: what the system doesn't have or allow (links on Windows, a FIFO, a pseudo-terminal, IPv6)
//   - tool: a program that isn't installed; with CI=true nodetest's fail, and .ci/run installs the others
//   - short: left out with -short, which only the race detector's run sets
//   - race: the detector itself is in the way
//   - long: the live suites, which BADSIG_E2E=1 runs; every run judges the facts again that they recorded
//   - fuzz, bench: inputs that are no case; a folder that a person names
var skips = map[string]string{
	"checks/backend_hostile_test.go":              "short",
	"checks/cli/cli_test.go":                      "tool",
	"checks/cli/fix_test.go":                      "system",
	"checks/cli/hook_test.go":                     "tool 2",
	"checks/cli/imports_test.go":                  "short",
	"checks/cli/outfile_test.go":                  "system",
	"checks/cli/screen_test.go":                   "system",
	"checks/cli/signal_other_test.go":             "system",
	"checks/cli/watch_test.go":                    "tool 2",
	"checks/demo/faults_test.go":                  "short, system",
	"checks/e2e/leaks/console_test.go":            "tool",
	"checks/e2e/leaks/interrupt_test.go":          "tool, system",
	"checks/e2e/leaks/output_test.go":             "short, system",
	"checks/e2e/leaks/secrets_test.go":            "system 2",
	"checks/e2e/leaks/silent_test.go":             "short",
	"checks/e2e/perf/bulk_test.go":                "tool",
	"checks/e2e/perf/console_test.go":             "system",
	"checks/e2e/perf/diagnosis_test.go":           "tool",
	"checks/e2e/perf/figures_test.go":             "short",
	"checks/e2e/recording/recording_test.go":      "short",
	"checks/e2e/recording/terminal_test.go":       "system",
	"checks/e2e/recording/walk_test.go":           "short 2",
	"checks/e2e/scenarios/fix_test.go":            "tool",
	"checks/e2e/scenarios/replay_test.go":         "long",
	"checks/e2e/scenarios/scenarios_test.go":      "tool",
	"checks/fifo_hostile_test.go":                 "system",
	"checks/fix/fix_test.go":                      "system 2",
	"checks/fix/writing_test.go":                  "system 2",
	"checks/inspect/inspect_test.go":              "short",
	"checks/internal/nodetest/nodetest_test.go":   "tool",
	"checks/internal/nodetest/packages.go":        "tool",
	"checks/nofifo_hostile_test.go":               "system",
	"checks/outfile/folder_test.go":               "system",
	"checks/outfile/outfile_test.go":              "system",
	"checks/outfile/rewrite_linux_test.go":        "system 4",
	"checks/outfile/rewrite_test.go":              "system",
	"checks/probe/backend/backend_test.go":        "system",
	"checks/probe/backend/cors_browser_test.go":   "tool 2",
	"checks/probe/backend/dial_test.go":           "system",
	"checks/probe/files/walk_test.go":             "system",
	"checks/probe/files/walk_unix_test.go":        "system",
	"checks/probe/jsread/hostile_test.go":         "short, fuzz",
	"checks/probe/listener/listener_test.go":      "tool, system 4",
	"checks/probe/listener/sockets_linux_test.go": "system",
	"checks/probe/project/bench_walk_test.go":     "bench",
	"checks/probe/project/odd_names_test.go":      "system",
	"checks/probe/project/real_test.go":           "short",
	"checks/probe/project/secrets_test.go":        "tool",
	"checks/project_hostile_test.go":              "short, system 7",
	"checks/shell/quote_test.go":                  "tool",
	"tokens/signer_test.go":                       "race",
	"ui/neighbors_unix_test.go":                   "tool",
	"ui/terminal_test.go":                         "tool, system",
}

var skipCall = regexp.MustCompile(`\b(?:t|b|tb)\.Skip(?:f|Now)?\(`)

func TestEverySkipIsListed(t *testing.T) {
	readsSources(t)
	cmd := exec.Command("go", "list", "-f", "{{range .TestGoFiles}}{{$.Dir}}/{{.}}\n{{end}}{{range .XTestGoFiles}}{{$.Dir}}/{{.}}\n{{end}}{{range .GoFiles}}{{$.Dir}}/{{.}}\n{{end}}{{range .IgnoredGoFiles}}{{$.Dir}}/{{.}}\n{{end}}", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root = strings.TrimSuffix(root, "checks/cli")
	seen := map[string]int{}
	for s := bufio.NewScanner(strings.NewReader(string(out))); s.Scan(); {
		if s.Text() == "" || strings.HasSuffix(s.Text(), "/skips_test.go") {
			continue
		}
		src, err := os.ReadFile(s.Text())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(skipCall.FindAll(src, -1)); n > 0 {
			seen[strings.TrimPrefix(s.Text(), root)] = n
		}
	}
	for name, n := range seen {
		if want := skipsIn(skips[name]); n != want {
			t.Errorf("%s skips at %d places, listed are %d: list the new one and why", name, n, want)
		}
	}
	for name := range skips {
		if seen[name] == 0 {
			t.Errorf("%s skips nothing any more", name)
		}
	}
}

// skipsIn counts the places of a row: "tool, system 2" are three.
func skipsIn(row string) (n int) {
	for _, kind := range strings.Split(row, ", ") {
		switch _, count, several := strings.Cut(kind, " "); {
		case several:
			n += int(count[0] - '0')
		case kind != "":
			n++
		}
	}
	return n
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
