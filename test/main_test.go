// Package test runs the whole program: the behaviour that every runtime must
// show, in all languages.
package test

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) { driver.Main(m) }
