package config

import "strings"

// Nearest returns the one of words that word was probably meant to be, "" when
// none is near. Case, and "_" for "-", count as no mistake.
func Nearest(word string, words []string) string {
	word = fold(word)
	best, least := "", max(1, len(word)/3)+1
	for _, w := range words {
		if len(w)-len(word) >= least || len(word)-len(w) >= least {
			continue // the distance is no less, and long to count in a long word
		}
		// What shares no letter is not near, however short it is.
		if d := distance(word, fold(w)); d < least && d < max(len(word), len(w)) {
			best, least = w, d
		}
	}
	return best
}

func fold(word string) string { return strings.ReplaceAll(strings.ToLower(word), "_", "-") }

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that make b of a (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
