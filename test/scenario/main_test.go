// Package scenario holds faults and deploys under load: nothing is lost, nothing
// runs twice, nothing is left.
package scenario

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
