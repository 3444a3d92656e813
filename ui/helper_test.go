package ui

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/checks/watching"
)

// helperEnv makes the test program play the part of badsig on a terminal.
const helperEnv = "BADSIG_UI_TEST"

var scenesByName = map[string]func(testing.TB) *scene{"rejected": rejected, "accepted": accepted, "down": down, "unproven": unproven}

// helper is the other program of the tests on real terminals.
func helper(mode string) int {
	switch mode {
	case "print": // what a headless command costs that imports this package
		fmt.Println("printed")
		return 0
	case "console":
		return console()
	}
	return 2
}

// panicSays is what a panic says: something of what was being worked on.
const panicSays = "ywmy3u4dx6cqnbm7p2fkz5h8g9j"

// console opens the console on the scene that a file names at each run.
func console() int {
	sceneFile := os.Getenv("SCENE")
	opt := Options{Offer: func(context.Context, *checks.Report, *vault.World) {}, StateDir: "-", ConfigDir: cmp.Or(os.Getenv("CONFIG"), "-")}
	opt.Target.Dir = os.Getenv("DIR")
	opt.Run = func(ctx context.Context, tg facts.Target, o checks.Options) <-chan checks.Event {
		b, err := os.ReadFile(sceneFile)
		if err != nil {
			panic(err)
		}
		sc := scenesByName[strings.TrimSpace(string(b))](nil)
		sc.facts.Target.Dir = tg.Dir
		return runner(sc)(ctx, tg, o)
	}
	opt.Owners = func(int) string {
		if os.Getenv("PANIC") == "in a command" {
			panic(panicSays)
		}
		b, _ := os.ReadFile(os.Getenv("OWNERS"))
		return strings.TrimSpace(string(b))
	}
	opt.Log, opt.Mouse, opt.Restart = os.Getenv("LOG"), os.Getenv("MOUSE") != "", os.Getenv("RESTART") != ""
	looks := 0
	opt.Neighbors = func(dir string) []watching.Neighbor {
		out := watching.Neighbors(dir)
		if looks++; looks == 2 { // the first one has been handled
			_ = os.WriteFile(filepath.Join(opt.Target.Dir, "looked"), nil, 0o600)
		}
		return out
	}
	if os.Getenv("PANIC") == "in an update" {
		times := 0
		opt.Now = func() time.Time {
			if times++; times > 5 { // the first ones are before there is a screen
				panic(panicSays)
			}
			return time.Now()
		}
	}
	if c := os.Getenv("CHILD"); c != "" {
		if err := json.Unmarshal([]byte(c), &opt.Child); err != nil {
			panic(err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	exit, err := Run(ctx, opt)
	if err != nil {
		fmt.Fprintln(os.Stderr, "badsig:", err)
	}
	return exit
}
