package config

import "testing"

func TestSizes(t *testing.T) {
	tests := map[string]uint64{
		"0": 0, "64": 64, "64b": 64, "64B": 64,
		"64k": 65536, "64K": 65536, "64KiB": 65536, "64kib": 65536, "64KIB": 65536, "64 KiB": 65536, "64kb": 64000, "64KB": 64000,
		"64m": 64 << 20, "64MB": 64e6, "64mb": 64e6, "64MiB": 64 << 20, "2g": 2 << 30, "2GB": 2e9, "2GiB": 2 << 30, "1T": 1 << 40, "1tb": 1e12,
	}
	for text, want := range tests {
		if got, err := parseSize(text); got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "K", " ", "64 ", "6 4", "64KK", "64Ki", "64iB", "+1", "1e3", "0x10", "64  K"} {
		if n, err := parseSize(text); err == nil {
			t.Errorf("%q: %d", text, n)
		}
	}
}

// What a shown size means is what it shows.
func TestShowSize(t *testing.T) {
	for _, n := range []uint64{0, 1, 1023, 1024, 1025, 64000, 65536, 1 << 20, 3 << 29, 1 << 50} {
		if got, err := parseSize(showSize(n)); got != n || err != nil {
			t.Errorf("%d is shown as %s", n, showSize(n))
		}
	}
}
