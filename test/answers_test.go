package test

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// No client ever gets another one's answer.
func TestAnswersAreNeverSwapped(t *testing.T) {
	bothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{Socket: socket})
		s.Judge(s.Load(driver.Plain(64, driver.Scaled(200_000))).Wait())
		s.Settled()
	})
}
