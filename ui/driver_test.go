package ui

import (
	"cmp"
	"context"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks"
	"badsig/checks/probe/vault"
	"badsig/checks/watching"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// driver plays the part of Bubble Tea, one message at a time, inside a
// synctest bubble: waiting costs nothing and every run is the same.
type driver struct {
	t    *testing.T
	a    *app
	msgs chan tea.Msg
	quit bool
	off  time.Duration // between the bubble's clock and noon
}

// drive opens a console on scenes; Init's watching is left out.
func drive(t *testing.T, opt Options, w, h int, scenes ...*scene) *driver {
	t.Helper()
	d := &driver{t: t, msgs: make(chan tea.Msg, 4096)}
	d.off = time.Until(noon)
	opt.Target.Dir = "."
	if len(scenes) > 0 {
		opt.Target = scenes[0].target
		if opt.Run == nil {
			opt.Run = runner(scenes...)
		}
	}
	if opt.Offer == nil {
		opt.Offer = func(context.Context, *checks.Report, *vault.World) {}
	}
	opt.ConfigDir = cmp.Or(opt.ConfigDir, "-")
	if opt.StateDir == "" {
		opt.StateDir = "-"
	}
	opt.Now = func() time.Time { return time.Now().Add(d.off) }
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); time.Sleep(time.Minute) }) // pending ticks end
	d.a = newApp(ctx, opt, false)
	d.a.watcher = watching.New(watching.Looks{})
	d.a.s.watch = "watching"
	d.send(tea.WindowSizeMsg{Width: w, Height: h})
	d.exec(d.a.start())
	d.settle()
	return d
}

func (d *driver) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { d.msgs <- cmd() }()
}

func (d *driver) send(msg tea.Msg) {
	if msg == nil {
		return
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() {
			d.exec(v.Index(i).Interface().(tea.Cmd))
		}
		return
	}
	if _, ok := msg.(tea.QuitMsg); ok {
		d.quit = true
		return
	}
	_, cmd := d.a.Update(msg)
	_ = d.a.frame() // as the canvas does after every message
	d.exec(cmd)
}

// settle handles messages until none is under way that needs no waiting.
func (d *driver) settle() {
	for {
		synctest.Wait()
		select {
		case m := <-d.msgs:
			d.send(m)
		default:
			return
		}
	}
}

// pass lets time go by.
func (d *driver) pass(dt time.Duration) {
	for end := time.Now().Add(dt); time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
		d.settle()
	}
}

var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"ctrl+r": tea.KeyCtrlR, "ctrl+y": tea.KeyCtrlY, "ctrl+g": tea.KeyCtrlG, "ctrl+p": tea.KeyCtrlP, "ctrl+l": tea.KeyCtrlL, "ctrl+s": tea.KeyCtrlS,
	"ctrl+k": tea.KeyCtrlK, "ctrl+c": tea.KeyCtrlC, "ctrl+u": tea.KeyCtrlU, "f1": tea.KeyF1, "space": tea.KeySpace,
}

// keys presses keys by name; anything else is typed.
func (d *driver) keys(names ...string) *driver {
	d.t.Helper()
	for _, n := range names {
		if k, ok := named[n]; ok {
			d.send(tea.KeyMsg{Type: k})
		} else {
			for _, r := range n {
				d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
			}
		}
		d.settle()
	}
	return d
}

func (d *driver) paste(text string) *driver {
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
	d.settle()
	return d
}

// screen is the frame without its colors.
func (d *driver) screen() string { return ansi.Strip(d.a.View()) }

func (d *driver) sees(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, text := range texts {
		if !strings.Contains(s, text) {
			d.t.Fatalf("the screen does not show %q:\n%s", text, s)
		}
	}
}

func (d *driver) misses(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, text := range texts {
		if strings.Contains(s, text) {
			d.t.Fatalf("the screen shows %q:\n%s", text, s)
		}
	}
}

// bubble runs a test inside a synctest bubble.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}
