package manager

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	tests := []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"lines", "a\nb\n", []string{"a", "b"}},
		{"empty lines", "\n\na\n", []string{"", "", "a"}},
		{"no end", "a\nb", []string{"a", "b"}},
		{"carriage return", "a\r\nb\r\n", []string{"a", "b"}},
		{"as long as can be", long + "\na\n", []string{long, "a"}},
		{"too long", long + "yyy\na\n", []string{long + " [3 bytes cut]", "a"}},
		{"too long without end", long + "yy", []string{long + " [2 bytes cut]"}},
		{"megabytes", strings.Repeat("x", 3<<20) + "\na\n", []string{fmt.Sprintf("%s [%d bytes cut]", long, 3<<20-maxLine), "a"}},
	}
	for _, test := range tests {
		for _, size := range []int{1, 7, 8 << 10, 4 << 20} {
			if size == 1 && len(test.in) > 1<<20 {
				continue
			}
			var got []string
			l := lines{emit: func(line []byte) { got = append(got, string(line)) }}
			for in := []byte(test.in); len(in) > 0; {
				n := min(size, len(in))
				l.write(in[:n])
				in = in[n:]
			}
			l.end()
			if !slices.Equal(got, test.want) {
				t.Errorf("%s, %d bytes at a time: got %d lines %.80q, want %d lines %.80q", test.name, size, len(got), got, len(test.want), test.want)
			}
		}
	}
}
