package bundle

import (
	"fmt"
	"regexp"
	"strconv"
)

// place is a place in a stack trace: file:line:column.
var place = regexp.MustCompile(`([^\s()]+):(\d+):(\d+)`)

// Rewrite replaces places in the script of that name by those in the sources.
// What has no source stays as it is.
func (p *Positions) Rewrite(stack, script string) string {
	return place.ReplaceAllStringFunc(stack, func(text string) string {
		parts := place.FindStringSubmatch(text)
		line, _ := strconv.Atoi(parts[2])
		column, _ := strconv.Atoi(parts[3])
		file, l, c, ok := p.At(line, column)
		if parts[1] != script || !ok {
			return text
		}
		return fmt.Sprintf("%s:%d:%d", file, l, c)
	})
}
