// Package language runs what only apps in one language have: their interfaces,
// and real apps, used as a person does.
package language

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
