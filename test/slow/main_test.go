// Package slow holds clients that take their time, vanish or come in crowds, and
// what runs out meanwhile.
package slow

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
