// Package exec runs programs that adopt a listening socket.
package exec

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
