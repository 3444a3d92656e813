package eventually

import (
	"bytes"
	"sync"
)

// Output keeps what a program writes, and is read while it still writes. Of
// what never ends the last 8 MiB at least are kept.
type Output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds the next bytes; it never fails.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.b.Len() > 16<<20 {
		o.b.Next(8 << 20)
	}
	return o.b.Write(p)
}

// String is what was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
