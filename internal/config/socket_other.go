//go:build !linux

package config

const defaultSocket = "stream"
