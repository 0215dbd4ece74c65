package webapi

import "testing"

func TestHeadersScript(t *testing.T)     { runScript(t, "headers.js", nil) }
func TestRequestScript(t *testing.T)     { runScript(t, "request.js", nil) }
func TestResponseScript(t *testing.T)    { runScript(t, "response.js", nil) }
func TestFormsScript(t *testing.T)       { runScript(t, "forms.js", nil) }
func TestStreamsScript(t *testing.T)     { runScript(t, "streams.js", nil) }
func TestEventsScript(t *testing.T)      { runScript(t, "events.js", nil) }
func TestEncodingScript(t *testing.T)    { runScript(t, "encoding.js", nil) }
func TestCompressionScript(t *testing.T) { runScript(t, "compression.js", nil) }
