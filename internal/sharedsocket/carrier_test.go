package sharedsocket

import "testing"

func TestFourNumbers(t *testing.T) {
	for text, want := range map[string][4]uint64{
		"1 2 3 4":                     {1, 2, 3, 4},
		"0 0 0 0":                     {},
		"12 1234567890123456789 3 45": {12, 1234567890123456789, 3, 45},
		"007 0000000000000000001 2 1": {7, 1, 2, 1},
		"1 2 3 9999999999999999999":   {1, 2, 3, 9999999999999999999},
	} {
		if n, ok := fourNumbers([]byte(text)); !ok || n != want {
			t.Errorf("%q: got %v, %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "1", "1 2 3", "1 2 3 ", "1 2 3 4 ", "1 2 3 4 5", " 1 2 3 4", "1  2 3 4", "1 2 3 x", "1 2 -3 4", "1 2 3 12345678901234567890"} {
		if n, ok := fourNumbers([]byte(text)); ok {
			t.Errorf("%q: got %v", text, n)
		}
	}
}
