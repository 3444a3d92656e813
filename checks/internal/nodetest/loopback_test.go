package nodetest

import (
	"os"
	"testing"

	"badsig/checks/internal/eventually"
)

func TestMain(m *testing.M) {
	eventually.Loopback()
	os.Exit(m.Run())
}
