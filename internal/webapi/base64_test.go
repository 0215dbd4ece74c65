package webapi

import (
	"bytes"
	"testing"
)

func TestEveryByteSurvivesBase64(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	if got := latin1Bytes(latin1String(all)); !bytes.Equal(got, all) {
		t.Errorf("got % x", got)
	}
}

func TestForgivingBase64(t *testing.T) {
	for in, want := range map[string]string{"": "", "YQ": "a", "Y Q\t=\n=": "a", "YWI=": "ab", "YWJj": "abc", "YR==": "a"} {
		if got, ok := forgivingBase64(in); !ok || string(got) != want {
			t.Errorf("%q: %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"Y", "YQ=", "=", "====", "YWJj=", "YWJj====", "Y\vQ", "Y-Q_"} {
		if got, ok := forgivingBase64(in); ok {
			t.Errorf("%q: %q, want a refusal", in, got)
		}
	}
}
