package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
)

const mapComment = "//# sourceMappingURL=data:application/json;base64,"

// Split cuts the source map from the end of a script, so that an engine need not
// read it. It is nil when there is none.
func Split(script []byte) (code, sourceMap []byte) {
	at := bytes.LastIndex(script, []byte("\n"+mapComment))
	if at < 0 {
		return script, nil
	}
	return script[:at+1], script[at+1+len(mapComment):]
}

// Positions tells where in the sources something in a script comes from.
type Positions struct {
	sources []string
	lines   [][]segment // of the script
}

// segment says that the text from a column on comes from a place in a source.
// All numbers are from 0.
type segment struct {
	column                     int
	source, line, sourceColumn int // source is -1 for what comes from no source
}

// Read reads the source map that Split has cut off (ECMA-426).
func Read(sourceMap []byte) (*Positions, error) {
	text, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(sourceMap)))
	if err != nil {
		return nil, fmt.Errorf("decode a source map: %w", err)
	}
	var m struct {
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read a source map: %w", err)
	}
	p := &Positions{sources: m.Sources}
	var last segment
	for line := range strings.SplitSeq(m.Mappings, ";") {
		segments, err := readLine(line, &last, len(m.Sources))
		if err != nil {
			return nil, fmt.Errorf("read a source map: %w", err)
		}
		p.lines = append(p.lines, segments)
	}
	return p, nil
}

// readLine reads the segments of one line. Their numbers are differences to
// those of the last segment, which goes on over lines but for the column.
func readLine(text string, last *segment, sources int) ([]segment, error) {
	last.column = 0
	var line []segment
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		numbers, err := readNumbers(part)
		if err != nil {
			return nil, err
		}
		last.column += numbers[0]
		if len(numbers) < 4 {
			line = append(line, segment{column: last.column, source: -1})
			continue
		}
		last.source += numbers[1]
		last.line += numbers[2]
		last.sourceColumn += numbers[3]
		if last.source < 0 || last.source >= sources {
			return nil, fmt.Errorf("there is no source %d", last.source)
		}
		line = append(line, *last)
	}
	return line, nil
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// readNumbers reads base 64 VLQ numbers, of which there is one at least.
func readNumbers(text string) ([]int, error) {
	var numbers []int
	n, shift := 0, 0
	for i := range len(text) {
		digit := strings.IndexByte(base64Digits, text[i])
		if digit < 0 || shift > 30 {
			return nil, fmt.Errorf("%q is no number", text)
		}
		n |= (digit & 31) << shift
		if digit&32 != 0 {
			shift += 5
			continue
		}
		if n&1 != 0 {
			n = -n
		}
		numbers = append(numbers, n/2)
		n, shift = 0, 0
	}
	if shift > 0 {
		return nil, errors.New("a number has no end")
	}
	return numbers, nil
}

// At returns the source, as seen from the app's folder, the line and the column
// of a place in the script. Lines and columns are from 1. ok is false for what
// comes from no source.
func (p *Positions) At(line, column int) (file string, sourceLine, sourceColumn int, ok bool) {
	if line < 1 || line > len(p.lines) {
		return "", 0, 0, false
	}
	segments := p.lines[line-1]
	i := sort.Search(len(segments), func(i int) bool { return segments[i].column > column-1 }) - 1
	if i < 0 || segments[i].source < 0 {
		return "", 0, 0, false
	}
	s := segments[i]
	return p.sources[s.source], s.line + 1, s.sourceColumn + 1, true
}
