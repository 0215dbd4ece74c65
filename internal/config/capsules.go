package config

import "path/filepath"

// The values of the option capsules that are no folder.
const (
	capsulesOn  = "on"
	capsulesOff = "off"
)

// capsules reads an option that is a folder, on or off.
func capsules(field func(*Config) *string) kind {
	k := kind{form: "FOLDER|on|off", allowed: "a folder, on or off", words: []string{capsulesOn, capsulesOff}}
	k.set = func(c *Config, v value) error {
		text, err := v.single()
		switch text {
		case capsulesOn:
			*field(c) = capsulesOn
		case capsulesOff, "":
			*field(c) = ""
		default:
			*field(c) = absolute(v.dir, text)
		}
		return err
	}
	return k
}

// findCapsules says which folder "on" is, once the name of the app and the
// cache folder are known.
func (c *Config) findCapsules() {
	if c.Capsules == capsulesOn {
		c.Capsules = capsuleDir(c.CacheDir, c.Name)
	}
}

// CapsuleDir returns the folder in which an app of that name has its capsules
// unless it was told another one. It need not exist.
func CapsuleDir(environ []string, name string) (string, error) {
	run, err := RunDir(environ)
	if err != nil {
		return "", err
	}
	cache, err := makeVariables(environ).cacheFolder(run)
	return capsuleDir(cache, name), err
}

func capsuleDir(cache, name string) string { return filepath.Join(cache, "capsules", name) }
