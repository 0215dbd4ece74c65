package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// units in small letters. Letters alone are powers of 1024, as everywhere in
// configuration files of servers.
var units = map[string]uint64{
	"": 1, "b": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

// size reads an option that is a number of bytes.
func size[T int | int64](least, most T, field func(*Config) *T) kind {
	allowed := fmt.Sprintf("a size from %s to %s, in bytes or with a unit: 64K, 64KiB, 100MiB (64KB is 64000 bytes)",
		showSize(uint64(least)), showSize(uint64(most)))
	return of("SIZE", allowed, func(c *Config, text string) error {
		n, err := parseSize(text)
		switch {
		case err != nil:
			return err
		case n < uint64(least):
			return errors.New("less than " + showSize(uint64(least)))
		case n > uint64(most):
			return errors.New("more than " + showSize(uint64(most)))
		}
		*field(c) = T(n)
		return nil
	})
}

// parseSize takes 65536, 64k, 64KiB, "64 KiB". What does not fit is as large as
// can be, which every option refuses.
func parseSize(text string) (uint64, error) {
	digits := strings.TrimRight(text, "KMGTIBkmgtib")
	unit, known := units[strings.ToLower(text[len(digits):])]
	if digits != text {
		digits = strings.TrimSuffix(digits, " ")
	}
	if digits == "" || !known || strings.Trim(digits, "0123456789") != "" {
		return 0, errors.New("not a size")
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > math.MaxUint64/unit {
		return math.MaxUint64, nil
	}
	return n * unit, nil
}

func showSize(n uint64) string {
	for _, unit := range []string{"TiB", "GiB", "MiB", "KiB"} {
		if size := units[strings.ToLower(unit)]; n >= size && n%size == 0 {
			return strconv.FormatUint(n/size, 10) + unit
		}
	}
	return strconv.FormatUint(n, 10)
}
