// Package reload runs hot reload in its three modes, for Go and in the worker.
package reload

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
