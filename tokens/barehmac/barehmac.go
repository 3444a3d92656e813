// Package barehmac is what the search for a signer is measured against: HMACs
// with nothing around them. Only benchmarks and the figures use it.
package barehmac

import (
	"crypto/hmac"
	"crypto/sha256"
	"runtime"
	"sync"
	"time"
)

// Take is how long n HMAC-SHA256 of one message take with crypto/hmac on all
// cores, each with a new key of a secret's length.
func Take(message string, n int) time.Duration {
	msg, workers := []byte(message), runtime.GOMAXPROCS(0)
	begin := time.Now()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			key := make([]byte, 64)
			var sum [sha256.Size]byte
			for i := range n / workers {
				key[0], key[1], key[2] = byte(i), byte(i>>8), byte(i>>16)
				h := hmac.New(sha256.New, key)
				h.Write(msg)
				h.Sum(sum[:0])
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}
