package config

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// kind is how an option's value is read.
type kind struct {
	form    string   // what stands for the value in help, "" = none is needed: on or off
	allowed string   // which values there are, to follow "use"
	words   []string // the words among them, for a misspelt one
	table   bool     // it takes a table of rip.toml
	set     func(*Config, value) error
}

// of makes a kind of one that takes a single value.
func of(form, allowed string, set func(c *Config, text string) error) kind {
	return kind{form: form, allowed: allowed, set: func(c *Config, v value) error {
		text, err := v.single()
		if err != nil {
			return err
		}
		return set(c, text)
	}}
}

func oneOf(field func(*Config) *string, words ...string) kind {
	last := len(words) - 1
	allowed := strings.Join(words[:last], ", ") + " or " + words[last]
	k := of(strings.Join(words, "|"), allowed, func(c *Config, text string) error {
		for _, w := range words {
			if text == w {
				*field(c) = w
				return nil
			}
		}
		return errors.New("there is no such choice")
	})
	k.words = words
	return k
}

func onOff(field func(*Config) *bool) kind {
	k := of("", "true or false", func(c *Config, text string) error {
		on, err := parseBool(text)
		*field(c) = on
		return err
	})
	k.words = []string{"true", "false"}
	return k
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, errors.New("neither true nor false")
}

// negate is for no-NAME. What is neither true nor false is left for the option
// to refuse.
func negate(text string) string {
	on, err := parseBool(text)
	if err != nil {
		return text
	}
	return strconv.FormatBool(!on)
}

func integer(least, most int, field func(*Config) *int) kind {
	return of("N", fmt.Sprintf("a number from %d to %d", least, most), func(c *Config, text string) (err error) {
		*field(c), err = parseInt(text, least, most)
		return err
	})
}

// parseInt takes digits alone: "+4", "4_0" and "0x4" are not what anybody
// means here.
func parseInt(text string, least, most int) (int, error) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, errNumber
	}
	n, err := strconv.Atoi(text)
	switch {
	case n < least:
		return 0, fmt.Errorf("less than %d", least)
	case err != nil || n > most:
		return 0, fmt.Errorf("more than %d", most)
	}
	return n, nil
}

const maxWorkers = 256

func workers() kind {
	k := of("N|auto", fmt.Sprintf("a number from 1 to %d, or auto", maxWorkers), func(c *Config, text string) (err error) {
		if text == "auto" {
			// Not NumCPU: this one knows of a container's share of the CPUs.
			c.Workers = min(runtime.GOMAXPROCS(0), maxWorkers)
			return nil
		}
		c.Workers, err = parseInt(text, 1, maxWorkers)
		return err
	})
	k.words = []string{"auto"}
	return k
}

func socket() kind {
	k := oneOf(func(c *Config) *string { return &c.Socket }, Seqpacket, Stream)
	choose := k.set
	k.set = func(c *Config, v value) error {
		if v.text == Seqpacket && runtime.GOOS != "linux" {
			return &mistake{"this needs Linux", "use stream"}
		}
		return choose(c, v)
	}
	return k
}

func defaultSocket() string {
	if runtime.GOOS == "linux" {
		return Seqpacket
	}
	return Stream
}
