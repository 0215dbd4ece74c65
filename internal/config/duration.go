package config

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// duration reads an option that is a time above zero.
func duration(field func(*Config) *time.Duration) kind {
	return of("DURATION", "a duration with its unit: 500ms, 30s, 2m, 1h30m", func(c *Config, text string) error {
		d, err := parseDuration(text)
		if err == nil && d == 0 {
			err = errors.New("not more than zero")
		}
		*field(c) = d
		return err
	})
}

// durationOrNone reads an option for which 0 means without end.
func durationOrNone(field func(*Config) *time.Duration) kind {
	return of("DURATION", "a duration with its unit: 500ms, 30s, 2m, 1h30m, or 0 for no end", func(c *Config, text string) (err error) {
		*field(c), err = parseDuration(text)
		return err
	})
}

// durationOrOff reads an option that off turns off.
func durationOrOff(field func(*Config) *time.Duration) kind {
	k := of("DURATION|off", "a duration with its unit: 500ms, 30s, 2m, 1h30m, or off", func(c *Config, text string) (err error) {
		if text == "off" {
			text = "0"
		}
		*field(c), err = parseDuration(text)
		return err
	})
	k.words = []string{"off"}
	return k
}

func parseDuration(text string) (time.Duration, error) {
	if strings.Trim(text, "0123456789.") == "" && strings.Trim(text, "0.") != "" {
		return 0, &mistake{"the unit is missing", fmt.Sprintf("write %ss for seconds, %sms for milliseconds", text, text)}
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil || text[0] == '+':
		return 0, errors.New("not a duration")
	case d < 0:
		return 0, errors.New("less than zero")
	}
	return d, nil
}
