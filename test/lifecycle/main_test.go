// Package lifecycle runs the whole program: how workers die, hang, are replaced
// and leave, in all languages.
package lifecycle

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
