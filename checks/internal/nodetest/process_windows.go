package nodetest

import (
	"os/exec"
	"strconv"
)

func group(*exec.Cmd) {}

// kill ends the process and its tree; Windows has no process groups to signal.
func kill(cmd *exec.Cmd) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
}
