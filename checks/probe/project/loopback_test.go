package project

import (
	"os"
	"testing"

	"badsig/checks/internal/eventually"
)

func TestMain(m *testing.M) {
	eventually.Loopback()
	eventually.InMemory()
	os.Exit(m.Run())
}
