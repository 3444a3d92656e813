package ui

import (
	"io"
	"os/exec"
)

// foreground runs a program with the terminal as its own.
type foreground struct {
	cmd *exec.Cmd
	in  *keyboard
	out *canvas
}

func (f foreground) Run() error {
	f.cmd.Stdin, f.cmd.Stdout, f.cmd.Stderr = f.in.File, f.out.File, f.out.File
	return f.cmd.Run()
}

func (foreground) SetStdin(io.Reader)  {}
func (foreground) SetStdout(io.Writer) {}
func (foreground) SetStderr(io.Writer) {}
