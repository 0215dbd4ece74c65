package config

import (
	"strings"
	"testing"
)

func TestNameOf(t *testing.T) {
	dir := app(t, "")
	write(t, "shop.v2/main.bin", "")
	write(t, "Böse Äpfel/x", "")
	write(t, "---/x", "")
	for path, want := range map[string]string{
		"shop.v2":               "shop.v2",
		"shop.v2/":              "shop.v2",
		"shop.v2/main.bin":      "main",
		"missing/Shop":          "Shop",
		"Böse Äpfel":            "B-se--pfel",
		"---":                   "app",
		"/":                     "app",
		strings.Repeat("n", 99): strings.Repeat("n", 64),
	} {
		if got := NameOf(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
	t.Chdir("shop.v2")
	for _, path := range []string{".", "../shop.v2", dir + "/shop.v2"} {
		if got := NameOf(path); got != "shop.v2" {
			t.Errorf("%q: %q", path, got)
		}
	}
}
