package probe

import "context"

// This file is a scaffold: each function moves to the room that is its own.

func probeProject(context.Context, *World) error  { panic("scaffold: project.go") }
func probeListener(context.Context, *World) error { panic("scaffold: listener.go") }
func probeServer(context.Context, *World) error   { panic("scaffold: server.go") }

// describe fills what AddValue promises from the raw bytes.
func describe(v *Value, raw []byte) { panic("scaffold: value.go") }

// Visible makes control characters, bidi controls and invalid bytes of an outside text visible.
func Visible(s string) string { panic("scaffold: visible.go") }
