package webapi

import "testing"

func TestURLScript(t *testing.T)    { runScript(t, "url.js", nil) }
func TestTimersScript(t *testing.T) { runScript(t, "timers.js", nil) }
func TestSmallScript(t *testing.T)  { runScript(t, "small.js", nil) }
func TestCloneScript(t *testing.T)  { runScript(t, "clone.js", nil) }
func TestCryptoScript(t *testing.T) { runScript(t, "crypto.js", nil) }
