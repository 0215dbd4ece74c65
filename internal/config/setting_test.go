package config

import (
	"strings"
	"testing"
)

const (
	wantCount    = "use a number from 0 to 1000000000"
	wantAddress  = "use a port from 0 to 65535, or address:port: 5002, 127.0.0.1:5002, [::1]:5002, *:5002"
	wantDuration = "use a duration with its unit: 500ms, 30s, 2m, 1h30m"
	wantNetworks = "use addresses or networks with commas between, or off: 127.0.0.1,10.0.0.0/8,fd00::/8"
)

// Every value that is refused, as the command line has it; what it says; what
// it hints at.
func TestMalformedValues(t *testing.T) {
	dir := app(t, "")
	write(t, "file", "")
	sizes := func(least, most string) string {
		return "use a size from " + least + " to " + most + ", in bytes or with a unit: 64K, 64KiB, 100MiB (64KB is 64000 bytes)"
	}
	tests := []struct{ arg, what, hint string }{
		{"w:", "the value is empty", "use a number from 1 to 256, or auto"},
		{"w:0", "less than 1", "use a number from 1 to 256, or auto"},
		{"w:257", "more than 256", "use a number from 1 to 256, or auto"},
		{"w:-1", "less than 1", "use a number from 1 to 256, or auto"},
		{"w:+1", "not a whole number", "use a number from 1 to 256, or auto"},
		{"w:1.5", "not a whole number", "use a number from 1 to 256, or auto"},
		{"w:0x4", "not a whole number", "use a number from 1 to 256, or auto"},
		{"w:many", "not a whole number", "use a number from 1 to 256, or auto"},
		{"w:99999999999999999999", "more than 256", "use a number from 1 to 256, or auto"},
		{"w:atuo", "not a whole number", "did you mean auto?"},
		{"w:Auto", "not a whole number", "did you mean auto?"},
		{"r:-5", "less than 0", wantCount},
		{"r:1k", "not a whole number", wantCount},
		{"--max-reloads=", "the value is empty", wantCount},
		{"--max-queue=0", "less than 1", "use a number from 1 to 1048576"},
		{"--max-queue=1048577", "more than 1048576", "use a number from 1 to 1048576"},
		{"--max-fields=0", "less than 1", "use a number from 1 to 10000"},

		{"http:", "the value is empty", wantAddress},
		{"http:65536", "port 65536 is more than 65535", wantAddress},
		{"http:-1", "port -1 is less than 0", wantAddress},
		{"http:web", "port web is not a whole number", wantAddress},
		{"http::5002", "the address is missing", "write *:5002 for all interfaces, 5002 for the default ones"},
		{"http:127.0.0.1:", "the port is missing", wantAddress},
		{"http:127.0.0.1", "the port is missing", "write 127.0.0.1:5002"},
		{"http:localhost", "the port is missing", "write localhost:5002"},
		{"http:[::1]", "the port is missing", "write [::1]:5002"},
		{"http:::1", "an IPv6 address needs brackets", "write [address]:port: [::1]:5002"},
		{"http:300.1.1.1:80", "300.1.1.1 is not an IP address", wantAddress},
		{"http:a..b:80", "a..b is not an IP address", wantAddress},
		{"http:web:80", "web is not an IP address", wantAddress},
		{"http:::1:5002", "an IPv6 address needs brackets", "write [address]:port: [::1]:5002"},
		{"http:[127.0.0.1]:80", "only an IPv6 address has brackets", "write 127.0.0.1:80"},
		{"http:[::1:80", "[::1 is not an IP address", wantAddress},
		{"http:fe80::1:65000", "an IPv6 address needs brackets", "write [address]:port: [::1]:5002"},
		{"http:fe80::1%eth0:65000", "an IPv6 address needs brackets", "write [address]:port: [::1]:5002"},
		{"http://localhost:5002", "//localhost is not an IP address", wantAddress},

		{"--env=prod", "there is no such choice", "use development or production"},
		{"--env=Production", "there is no such choice", "did you mean production?"},
		{"--env=", "the value is empty", "use development or production"},
		{"--hot-reload=modul", "there is no such choice", "did you mean module?"},
		{"--hot-reload=yes", "there is no such choice", "use none, process or module"},
		{"--socket=tcp", "there is no such choice", "use seqpacket or stream"},
		{"--json=maybe", "neither true nor false", "use true or false"},
		{"--no-json=ture", "neither true nor false", "did you mean true?"},
		{"--access-log=", "the value is empty", "use true or false"},

		{"--drain-timeout=0", "not more than zero", wantDuration},
		{"--drain-timeout=-1s", "less than zero", wantDuration},
		{"--queue-timeout=-1s", "less than zero", wantDuration + ", or 0 for no end"},
		{"--queue-timeout=soon", "not a duration", wantDuration + ", or 0 for no end"},
		{"--queue-timeout=5", "the unit is missing", "write 5s for seconds, 5ms for milliseconds"},
		{"--queue-timeout=+5s", "not a duration", wantDuration + ", or 0 for no end"},
		{"--queue-timeout=99999999h", "not a duration", wantDuration + ", or 0 for no end"},
		{"--idle-timeout=1d", "not a duration", wantDuration},
		{"--head-timeout=1.5", "the unit is missing", "write 1.5s for seconds, 1.5ms for milliseconds"},
		{"--quarantine=of", "not a duration", "did you mean off?"},

		{"--max-body=0", "less than 1", sizes("1", "1024TiB")},
		{"--max-body=64X", "not a size", sizes("1", "1024TiB")},
		{"--max-body=-1", "not a size", sizes("1", "1024TiB")},
		{"--max-body=1.5MB", "not a size", sizes("1", "1024TiB")},
		{"--max-body=MB", "not a size", sizes("1", "1024TiB")},
		{"--max-body=99999999999999999999", "more than 1024TiB", sizes("1", "1024TiB")},
		{"--max-body=99999999999T", "more than 1024TiB", sizes("1", "1024TiB")},
		{"--max-head=255", "less than 256", sizes("256", "48KiB")},
		{"--max-head=49K", "more than 48KiB", sizes("256", "48KiB")},
		{"--max-target=1m", "more than 48KiB", sizes("64", "48KiB")},
		{"--send-buffer=2G", "more than 1GiB", sizes("0", "1GiB")},
		{"--max-spool=0", "less than 1", sizes("1", "1024TiB")},

		{"--status-path=status", "a path begins with /", "use a path that begins with /, or off"},
		{"--status-path=of", "a path begins with /", "did you mean off?"},
		{"--status-path=", "the value is empty", "use a path that begins with /, or off"},
		{"--server-path=/a?b", "a path has no spaces, quotes, ? or #, and nothing beyond ASCII", "use a path that begins with /, or off"},

		{"--name=", "the value is empty", "use letters, digits, dots, dashes and underscores, and begin with a letter or digit"},
		{"--name=-", "not a name", "use letters, digits, dots, dashes and underscores, and begin with a letter or digit"},
		{"--name=my/app", "not a name", "did you mean my-app?"},
		{"--name=.hidden", "not a name", "did you mean hidden?"},
		{"--name=" + strings.Repeat("a", 65), "longer than 64 characters", "use letters, digits, dots, dashes and underscores, and begin with a letter or digit"},

		{"--trusted-proxies=", "the value is empty", wantNetworks},
		{"--trusted-proxies=::1,", "an item is empty", wantNetworks},
		{"--trusted-proxies=10.0.0.0/33", "10.0.0.0/33 is neither an address nor a network", wantNetworks},
		{"--trusted-proxies=proxy", "proxy is neither an address nor a network", wantNetworks},
		{"--trusted-proxies=fe80::1%eth0", "fe80::1%eth0 is neither an address nor a network", wantNetworks},
		{"--trusted-proxies=::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104 is neither an address nor a network", wantNetworks},
		{"--trusted-proxies=::1,10.1.2.3/8", "10.1.2.3/8 has bits beyond its /8", "write 10.0.0.0/8, or 10.1.2.3 for the one address"},
		{"--sendfile-roots=missing", "missing is not a folder", "looked for " + dir + "/missing"},
		{"--sendfile-roots=app,file", "file is not a folder", "looked for " + dir + "/file"},
		{"--sendfile-roots=a:b", dir + "/a:b has a colon in its path, which separates folders for workers", "give a symbolic link to it whose path has none"},
		{"--spool-dir=", "the value is empty", "use a folder"},
		{"--config=", "the value is empty", "use the path of a file like rip.toml"},
		{"--capsules=", "the value is empty", "use a folder, on or off"},
	}
	for _, test := range tests {
		refused(t, []string{"app", test.arg}, nil, 2, test.arg+": "+test.what, test.hint)
	}
	refused(t, []string{"app", "--name=a b"}, nil, 2, `"--name=a b": not a name`, "did you mean a-b?")
	refused(t, []string{"app", "w:4\n5"}, nil, 2, `"w:4\n5": not a whole number`, "use a number from 1 to 256, or auto")
	refused(t, []string{"app", "http::5\n"}, nil, 2, `"http::5\n": the address is missing`, `write "*:5\n" for all interfaces, "5\n" for the default ones`)
}

// The same words with the other sources in front.
func TestMalformedValuesElsewhere(t *testing.T) {
	app(t, "")
	refused(t, []string{"app"}, []string{"RIP_WORKERS=0"}, 2, "RIP_WORKERS=0: less than 1", "use a number from 1 to 256, or auto")
	refused(t, []string{"app"}, []string{"RIP_NO_ACCESS_LOG=x y"}, 2, `"RIP_NO_ACCESS_LOG=x y": neither true nor false`, "use true or false")
	refused(t, []string{"app", "--max-queue", "w:4"}, nil, 2, "--max-queue w:4: not a whole number", "use a number from 1 to 1048576")
	refused(t, []string{"app", "--max-queue", "-1"}, nil, 2, "--max-queue -1: less than 1", "use a number from 1 to 1048576")
}
