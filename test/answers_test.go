package test

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// No client ever gets another one's answer.
func TestAnswersAreNeverSwapped(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		s.Judge(s.Load(driver.Plain(64, driver.Scaled(200_000))).Wait())
		s.Settled()
	})
}
